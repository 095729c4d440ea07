// How much a server may send: so much at once, and so much more with every second.

export class Allowance {
  #most;
  #perSecond;
  #left;
  #at = 0;

  constructor(most, perSecond) {
    this.#most = most;
    this.#perSecond = perSecond;
    this.#left = most;
  }

  /** Takes this amount at a time in milliseconds; says whether that much was left. */
  take(amount, now) {
    const gained = Math.max(0, (now - this.#at) / 1000) * this.#perSecond;
    this.#at = now;
    this.#left = Math.min(this.#most, this.#left + gained) - amount;
    return this.#left >= 0;
  }
}
