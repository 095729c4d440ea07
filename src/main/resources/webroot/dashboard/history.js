// The newest 15 minutes of one instance, as one column of numbers for each series. It knows neither the page nor the clock.

import { numberAt } from './measures.js';

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
  #watched;
  #newest = null;
  #runsSince = 0;
  #step = 0;

  /**
   * @param series each with `value(sample, before)`; where that is a rate of the sample, with `total(sample)` too
   * @param watched paths of numbers to look back on
   */
  constructor(series, watched = []) {
    this.#series = series;
    this.columns = series.map(() => []);
    this.#watched = new Map(watched.map((path) => [path, []]));
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
      this.#push((times.at(-1) + sample.time) / 2, () => null, () => null);
    } else if (times.at(-1) - times.at(-2) < FINEST) {
      this.#removeNewest();
    }
    this.#push(sample.time, (series) => this.#valueOf(series, sample, interval), (path) => numberAt(sample, path));
    this.#forget(sample.time - SPAN);
    if (this.#newest === null) {
      this.#runsSince = sample.time;
    }
    this.#newest = sample;
    this.#step = step;
  }

  /** What comes next belongs to another run of the server, whose totals begin again. */
  interrupt() {
    this.#newest = null;
  }

  clear() {
    this.interrupt();
    this.#all().forEach((column) => (column.length = 0));
  }

  /** How much a watched total has grown within so many seconds, as far as that is known. */
  increase(path, seconds) {
    const values = this.#within(path, seconds).map(({ value }) => value);
    if (values.length === 0) {
      return 0;
    }
    return values.at(-1) - (this.#newest.uptime <= seconds ? 0 : values[0]);
  }

  /** The largest of a watched number within so many seconds; 0 where there is none. */
  most(path, seconds) {
    return this.#within(path, seconds).reduce((most, { value }) => Math.max(most, value), 0);
  }

  /** For which part of so many seconds a watched number was 1. */
  share(path, seconds) {
    const values = this.#within(path, seconds);
    const time = values.reduce((sum, { time, value }, i) => sum + (i === 0 ? 0 : value * (time - values[i - 1].time)), 0);
    return time / seconds;
  }

  /** Of this run of the server. */
  #within(path, seconds) {
    const from = Math.max(this.#runsSince, (this.times.at(-1) ?? 0) - seconds);
    const found = [];
    if (this.#newest !== null) {
      const column = this.#watched.get(path);
      for (let i = this.times.length - 1; i >= 0 && this.times[i] >= from; i--) {
        if (column[i] !== null) {
          found.push({ time: this.times[i], value: column[i] });
        }
      }
    }
    return found.reverse();
  }

  #all() {
    return [this.times, ...this.columns, ...this.#watched.values()];
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
      return series.value(sample, before);
    }
    return Math.max(0, series.total(sample) - series.total(before)) / apart;
  }

  #push(time, valueOf, watchedAt) {
    this.times.push(time);
    this.#series.forEach((series, i) => this.columns[i].push(valueOf(series)));
    this.#watched.forEach((column, path) => column.push(watchedAt(path)));
  }

  #removeNewest() {
    this.#all().forEach((column) => column.pop());
  }

  /** One point beyond the left edge stays, so that the line reaches the edge. */
  #forget(from) {
    while (this.times.length > MOST_POINTS || this.times[1] < from) {
      this.#all().forEach((column) => column.shift());
    }
  }
}
