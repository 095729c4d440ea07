// The round trips of continuous mode, second by second, in a fixed amount of memory. All times of the clock are seconds.

import { RoundTrips } from './round-trips.js';

/** So many seconds are kept. */
export const SPAN = 120;

export class Latency {
  #current = new RoundTrips();
  #second = 0;
  #lost = 0;

  /** The newest seconds, the oldest first: {p50, p99, max, lost}; the times are milliseconds, null if no message came back. */
  slots = [];

  /** A new run begins at `now`. */
  start(now) {
    this.slots = [];
    this.#current.clear();
    this.#second = now;
    this.#lost = 0;
  }

  add(millis, now) {
    this.#advanceTo(now);
    this.#current.add(millis);
  }

  /** Takes the number of messages lost so far; returns whether there is a new slot to show. */
  advance(now, lost) {
    const before = this.#second;
    this.#advanceTo(now);
    this.#count(lost);
    return this.#second > before;
  }

  /** The run is over; the last second may be a part of one. */
  end(lost) {
    if (this.#current.count > 0) {
      this.#close();
    }
    this.#count(lost);
  }

  #advanceTo(now) {
    const unseen = Math.floor(now - this.#second) - SPAN;
    if (unseen > 0) {
      this.#current.clear();
      this.#second += unseen;
    }
    while (now - this.#second >= 1) {
      this.#close();
    }
  }

  #close() {
    const some = this.#current.count > 0;
    this.slots.push({
      p50: some ? this.#current.percentile(0.5) : null,
      p99: some ? this.#current.percentile(0.99) : null,
      max: some ? this.#current.max : null,
      lost: 0,
    });
    this.slots.splice(0, this.slots.length - SPAN);
    this.#current.clear();
    this.#second++;
  }

  /** Losses are noticed in the second in which a later message comes. */
  #count(lost) {
    if (this.slots.length > 0) {
      this.slots.at(-1).lost += lost - this.#lost;
      this.#lost = lost;
    }
  }
}
