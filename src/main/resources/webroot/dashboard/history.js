// The newest 15 minutes of one instance, as one column of numbers for each series. It knows neither the page nor the clock.

/** Seconds that are kept. */
export const SPAN = 900;

/** A second is the finest that a chart of this width can show, so that a shorter interval costs no more memory. */
const FINEST = 0.9;

/** Points and gaps; far more than one gets to, but a bound whatever a server sends. */
const MOST_POINTS = 2 * SPAN;

/** After so many steps without a sample, the line is broken. */
const GAP_STEPS = 2.5;

export class History {
  /** Unix times, ascending, and for each of them a value or null in every column. */
  times = [];
  columns;
  #series;
  #newest = null;
  #step = 0;

  /** @param series each with `value(sample)`; where that is a rate, with `total(sample)` too */
  constructor(series) {
    this.#series = series;
    this.columns = series.map(() => []);
  }

  /** The last sample; null before the first. */
  get newest() {
    return this.#newest;
  }

  /**
   * Takes up a sample.
   *
   * @param step seconds after which it is due
   * @param interval seconds that its own rates are about; less than a step in the history that a server sends
   */
  add(sample, step, interval = step) {
    const { times } = this;
    while (times.at(-1) >= sample.time) {
      this.#removeNewest(); // The server's clock was set back.
    }
    if (this.#isMissing(sample, step)) {
      this.#push((times.at(-1) + sample.time) / 2, () => null);
    } else if (times.at(-1) - times.at(-2) < FINEST) {
      this.#removeNewest();
    }
    this.#push(sample.time, (series) => this.#valueOf(series, sample, interval));
    this.#forget(sample.time - SPAN);
    this.#newest = sample;
    this.#step = step;
  }

  /** What comes next belongs to another run of the server, whose totals begin again. */
  interrupt() {
    this.#newest = null;
  }

  clear() {
    this.interrupt();
    [this.times, ...this.columns].forEach((column) => (column.length = 0));
  }

  /** Whether samples between the last one and this one are. */
  #isMissing(sample, step) {
    const { times } = this;
    const due = GAP_STEPS * Math.max(step, this.#step, FINEST);
    return times.length > 0 && (this.#newest === null || sample.time - times.at(-1) > due);
  }

  /** A rate is the sample's own; where samples in between are not known, the average since the last one. */
  #valueOf(series, sample, interval) {
    const before = this.#newest;
    const apart = before && sample.uptime - before.uptime;
    if (!series.total || !before || apart < 1.5 * interval) {
      return series.value(sample);
    }
    return Math.max(0, series.total(sample) - series.total(before)) / apart;
  }

  #push(time, valueOf) {
    this.times.push(time);
    this.#series.forEach((series, i) => this.columns[i].push(valueOf(series)));
  }

  #removeNewest() {
    [this.times, ...this.columns].forEach((column) => column.pop());
  }

  /** One point beyond the left edge stays, so that the line reaches the edge. */
  #forget(from) {
    while (this.times.length > MOST_POINTS || this.times[1] < from) {
      [this.times, ...this.columns].forEach((column) => column.shift());
    }
  }
}
