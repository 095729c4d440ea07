// What became of the messages of a run, by their sequence numbers, in a fixed amount of memory.

/** Round-trip times are known of as many messages as may be on their way at a time. */
const MOST_ON_THE_WAY = 65_536;
/** Gaps that may still be filled by messages that come late. */
const MOST_MISSING = 10_000;

export class FlowLedger {
  #sentAt = new Float64Array(MOST_ON_THE_WAY);
  #next = 0;
  #missing = new Set();
  #passed = 0;

  sent = 0;
  received = 0;
  outOfOrder = 0;
  damaged = 0;

  /** The next message is handed over at `now` (milliseconds). Returns nothing; its number is what `sent` was before. */
  send(now) {
    this.#sentAt[this.sent % MOST_ON_THE_WAY] = now;
    this.sent++;
  }

  /** A message has come: `{sequence, damaged}`. Returns its round-trip time, or null where that is not known. */
  receive({ sequence, damaged }, now) {
    this.received++;
    this.damaged += damaged;
    if (sequence === null || sequence >= this.sent) {
      return null;
    }
    if (sequence < this.#next) {
      return this.#late(sequence);
    }
    for (let gap = this.#next; gap < sequence; gap++) {
      this.#miss(gap);
    }
    this.#next = sequence + 1;
    return this.sent - sequence <= MOST_ON_THE_WAY ? now - this.#sentAt[sequence % MOST_ON_THE_WAY] : null;
  }

  /** Overtaken by a later one, or here for the second time. */
  #late(sequence) {
    this.outOfOrder++;
    this.#missing.delete(sequence);
    return null;
  }

  #miss(sequence) {
    if (this.#missing.size < MOST_MISSING) {
      this.#missing.add(sequence);
    } else {
      this.#passed++;
    }
  }

  /** Those that a later one has overtaken: over one TCP connection they do not come any more. */
  get lost() {
    return this.#missing.size + this.#passed;
  }

  get onTheWay() {
    return this.sent - this.#next;
  }

  /** What is still on its way does not come any more either. */
  giveUp() {
    this.#passed += this.onTheWay;
    this.#next = this.sent;
  }
}
