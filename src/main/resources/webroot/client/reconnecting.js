// Connects again after an end that nobody asked for: after 0.5 s, 1 s, 2 s … 30 s, each shortened by up to half at random.

import { byId } from './dom.js';
import { span } from '../amounts.js';

const FIRST_MILLIS = 500;
const LONGEST_MILLIS = 30_000;

/** The delay before an attempt, counted from 1. The random part keeps many clients from coming back all at once. */
export function delayBefore(attempt, random = Math.random()) {
  const longest = Math.min(FIRST_MILLIS * 2 ** (attempt - 1), LONGEST_MILLIS);
  return longest * (1 - random / 2);
}

export class Reconnecting {
  #switch = byId('reconnectSwitch');
  #ports;
  #attempt = 0;
  #downSince = null;
  #timer = null;
  #clock = null;
  #dueAt = 0;

  /** `ports`: {connect, changed, log}; `changed()` when waiting begins or ends, `log(text)` writes a row. */
  constructor(ports) {
    this.#ports = ports;
    this.#switch.addEventListener('change', () => !this.#switch.checked && this.cancel());
    addEventListener('online', () => this.#timer !== null && this.#try());
  }

  /** Whether an attempt is due. */
  get isWaiting() {
    return this.#timer !== null;
  }

  /** Whether this is not the first failure since there was a connection. */
  get isRepeated() {
    return this.#attempt > 0;
  }

  /** A connection has ended, or an attempt has failed, without this page asking for it. */
  ended() {
    if (!this.#switch.checked) {
      this.#downSince = null;
      return;
    }
    this.#downSince ??= performance.now();
    this.#attempt++;
    const millis = delayBefore(this.#attempt);
    this.#dueAt = performance.now() + millis;
    this.#timer = setTimeout(() => this.#try(), millis);
    this.#clock = setInterval(() => this.#show(), 200);
    this.#ports.log(`Reconnecting in ${span(millis / 1000)}, attempt ${this.#attempt}.`);
    this.#show();
    this.#ports.changed();
  }

  /** A connection is open; returns the seconds without one, or null if none was lost. */
  opened() {
    const down = this.#downSince === null ? null : (performance.now() - this.#downSince) / 1000;
    this.#reset();
    return down;
  }

  /** Somebody connects, cancels or closes: no attempt is due any more. */
  cancel() {
    this.#reset();
    this.#ports.changed();
  }

  #try() {
    this.#stopWaiting();
    this.#ports.connect();
  }

  #stopWaiting() {
    clearTimeout(this.#timer);
    clearInterval(this.#clock);
    this.#timer = null;
    byId('reconnectNote').textContent = '';
  }

  #reset() {
    this.#stopWaiting();
    this.#attempt = 0;
    this.#downSince = null;
  }

  #show() {
    const left = Math.max(0, this.#dueAt - performance.now()) / 1000;
    byId('reconnectNote').textContent = `attempt ${this.#attempt} in ${left.toFixed(1)}\u00a0s`;
  }
}
