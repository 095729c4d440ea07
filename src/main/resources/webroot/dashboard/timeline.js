// The span of time that all charts show: the newest minutes, or a part that somebody has chosen. It knows neither charts nor the page.

import { SPAN } from './history.js';

/** Seconds that are shown at least; until there is more to show, the span grows with it. */
const LEAST_SPAN = 60;

/** Seconds of the shortest part that one can zoom into. */
const SHORTEST = 5;

export class Timeline {
  #span = SPAN;
  #part = null;
  #oldest = 0;
  #newest = 0;
  #changed;

  /** @param changed called after somebody has changed the span, not when time passes */
  constructor(changed) {
    this.#changed = changed;
  }

  /** `[from, to]`, in Unix time. */
  get range() {
    return this.#part ?? [this.#newest - Math.min(this.#span, Math.max(LEAST_SPAN, this.#newest - this.#oldest)), this.#newest];
  }

  /** Whether it follows the time. */
  get isLive() {
    return this.#part === null;
  }

  /** The length of the span that follows the time. */
  get span() {
    return this.#span;
  }

  /** Time has passed: there are values from `oldest` on, and now is `newest`. */
  move(oldest, newest) {
    this.#oldest = oldest;
    this.#newest = newest;
    if (this.#part && this.#part[1] < newest - SPAN) {
      this.live(); // Nothing is left of what it shows.
    }
  }

  /** Shows the newest seconds from now on. */
  live(span = this.#span) {
    this.#span = span;
    this.#part = null;
    this.#changed();
  }

  /** Shows this part, as far as there are values. */
  zoom(from, to) {
    const middle = (from + to) / 2;
    const length = Math.max(to - from, SHORTEST);
    if (length >= SPAN) {
      this.live(SPAN);
      return;
    }
    const start = Math.min(Math.max(middle - length / 2, this.#newest - SPAN), this.#newest - length);
    this.#part = [start, start + length];
    this.#changed();
  }

  /** Halves or doubles the span around a time; around its end while it follows the time. */
  scale(factor, around = this.isLive ? this.#newest : (this.range[0] + this.range[1]) / 2) {
    const [from, to] = this.range;
    this.zoom(around - factor * (around - from), around + factor * (to - around));
  }

  /** Moves by so many spans, to later times or, if negative, to earlier ones. At the end it follows the time again. */
  shift(spans) {
    const [from, to] = this.range;
    const by = spans * (to - from);
    if (to + by >= this.#newest) {
      this.live();
    } else {
      this.zoom(from + by, to + by);
    }
  }
}
