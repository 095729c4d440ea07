// Round-trip times of one connection: any number of them in a fixed amount of memory.

/** Two neighbouring buckets are 4 % apart, so a percentile is wrong by at most that. */
const GROWTH = 1.04;
const LOWEST_MILLIS = 0.05;
const BUCKETS = 420; // Up to about 12 minutes.

/** The bars of the histogram: 1, 2, 5, 10 ... milliseconds. */
const BOUNDS = [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

export class RoundTrips {
  #buckets = new Uint32Array(BUCKETS);
  #bars = new Uint32Array(BOUNDS.length + 1);
  #count = 0;
  #min = Infinity;
  #max = 0;

  add(millis) {
    const bucket = Math.ceil(Math.log(Math.max(millis, LOWEST_MILLIS) / LOWEST_MILLIS) / Math.log(GROWTH));
    this.#buckets[Math.min(bucket, BUCKETS - 1)]++;
    const bar = BOUNDS.findIndex((bound) => millis < bound);
    this.#bars[bar < 0 ? BOUNDS.length : bar]++;
    this.#count++;
    this.#min = Math.min(this.#min, millis);
    this.#max = Math.max(this.#max, millis);
  }

  clear() {
    this.#buckets.fill(0);
    this.#bars.fill(0);
    this.#count = 0;
    this.#min = Infinity;
    this.#max = 0;
  }

  get count() {
    return this.#count;
  }

  get min() {
    return this.#min;
  }

  get max() {
    return this.#max;
  }

  /** The time within which the part `quantile` of all messages came back. */
  percentile(quantile) {
    let left = Math.ceil(this.#count * quantile);
    const bucket = this.#buckets.findIndex((count) => (left -= count) <= 0);
    return Math.min(Math.max(LOWEST_MILLIS * GROWTH ** bucket, this.#min), this.#max);
  }

  /** `{from, to, count}` of each bar between the first and the last that is not empty; `to` is Infinity for what took longest. */
  get bars() {
    const all = Array.from(this.#bars, (count, i) => ({ from: BOUNDS[i - 1] ?? 0, to: BOUNDS[i] ?? Infinity, count }));
    const first = all.findIndex(({ count }) => count > 0);
    const last = all.findLastIndex(({ count }) => count > 0);
    return first < 0 ? [] : all.slice(first, last + 1);
  }
}
