// What went each way over one connection, and when.

import { byteLength } from './payload.js';

const now = () => performance.now() / 1000;

/** All times are seconds; an age or a silence that has ended stays as it was at the end. */
export class Traffic {
  #openedAt = null;
  #closedAt = null;
  #lastAt = null;
  #lastSentAt = null;
  #sent = { messages: 0, bytes: 0 };
  #received = { messages: 0, bytes: 0 };

  opened() {
    this.#openedAt = this.#lastAt = this.#lastSentAt = now();
    this.#closedAt = null;
    this.#sent = { messages: 0, bytes: 0 };
    this.#received = { messages: 0, bytes: 0 };
  }

  /** Also called where a further attempt to connect has failed; that changes nothing. */
  closed() {
    this.#closedAt ??= now();
  }

  sent(data) {
    this.#lastAt = this.#lastSentAt = now();
    add(this.#sent, data);
  }

  received(data) {
    this.#lastAt = now();
    add(this.#received, data);
  }

  /** Nothing is known before the first connection. */
  get known() {
    return this.#openedAt !== null;
  }

  get totals() {
    return { sent: { ...this.#sent }, received: { ...this.#received } };
  }

  get age() {
    return this.#end - this.#openedAt;
  }

  /** Since the last message in either direction. */
  get quiet() {
    return this.#end - this.#lastAt;
  }

  /**
   * Since something went over the wire at all. The server pings every `interval` seconds from the start on, and the browser
   * answers; no script sees either.
   */
  quietOnWire(interval) {
    return interval > 0 ? Math.min(this.quiet, this.age % interval) : this.quiet;
  }

  /** How long the server, for which a pong is a sign of life too, has heard nothing; where its pings get through. */
  unheard(interval) {
    return interval > 0 ? Math.min(this.#end - this.#lastSentAt, this.age % interval) : this.#end - this.#lastSentAt;
  }

  get #end() {
    return this.#closedAt ?? now();
  }
}

function add(total, data) {
  total.messages++;
  total.bytes += byteLength(data);
}
