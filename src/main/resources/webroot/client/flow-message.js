// The messages of continuous mode: each says which run it belongs to and which one it is, and the rest of it is known.

import { utf8 } from './payload.js';

/** As in `~k3f9q 0000000042 `. */
const RUN_DIGITS = 5;
const SEQUENCE_DIGITS = 10;
const HEAD = 1 + RUN_DIGITS + 1 + SEQUENCE_DIGITS + 1;

export const LEAST_SIZE = 20;

/** Neighbouring messages begin at different places of the filling, so that parts of two of them cannot be mistaken for each other. */
const SHIFTS = 61;

/** Makes and checks the messages of one run; all have the same size and type. */
export class FlowMessages {
  #mark;
  #filling;
  #size;
  #isText;

  constructor(size, isText) {
    const run = Math.random().toString(36).slice(2).padEnd(RUN_DIGITS, '0').slice(0, RUN_DIGITS);
    this.#mark = `~${run} `;
    this.#size = size;
    this.#isText = isText;
    const length = size - HEAD + SHIFTS;
    this.#filling = isText
      ? Array.from({ length }, (_, i) => String.fromCharCode(32 + ((i * 7) % 95))).join('')
      : Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) % 256);
  }

  make(sequence) {
    const head = this.#mark + String(sequence).padStart(SEQUENCE_DIGITS, '0') + ' ';
    const shift = sequence % SHIFTS;
    const rest = this.#size - HEAD;
    if (this.#isText) {
      return head + this.#filling.substr(shift, rest);
    }
    const bytes = new Uint8Array(this.#size);
    bytes.set(utf8(head));
    bytes.set(this.#filling.subarray(shift, shift + rest), HEAD);
    return bytes;
  }

  /** `{sequence, damaged}` of a message that came; null where it is none of this run. */
  read(data) {
    const isText = typeof data === 'string';
    const bytes = isText ? null : new Uint8Array(data);
    const head = isText ? data.slice(0, HEAD) : String.fromCharCode(...bytes.subarray(0, HEAD));
    const sequence = head.slice(this.#mark.length, -1);
    if (!head.startsWith(this.#mark) || !/^\d{10}$/.test(sequence)) {
      // A message of the right size that is nothing else is one of this run whose head has suffered.
      return isText === this.#isText && (bytes?.length ?? data.length) === this.#size ? { sequence: null, damaged: true } : null;
    }
    const expected = this.make(Number(sequence));
    return { sequence: Number(sequence), damaged: isText !== this.#isText || !(isText ? data === expected : same(bytes, expected)) };
  }
}

function same(one, other) {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
