// Finds for a message that comes back when it was sent. Echoes come in the order of the messages.

const MOST_REMEMBERED = 1000;

export class Echoes {
  #sent = [];

  /** @param row the log's row of the message, which `received` returns with its echo */
  sent(data, { isPing = false, row = null } = {}) {
    this.#sent.push({ data, isPing, row, at: performance.now() });
    if (this.#sent.length > MOST_REMEMBERED) {
      this.#sent.shift();
    }
  }

  /** `{isPing, row, millis}` of the message that this is the echo of; undefined where it is none. */
  received(data) {
    const index = this.#sent.findIndex((entry) => same(entry.data, data));
    if (index < 0) {
      return undefined;
    }
    const { isPing, row, at } = this.#sent[index];
    this.#sent.splice(0, index + 1);
    return { isPing, row, millis: performance.now() - at };
  }

  clear() {
    this.#sent = [];
  }
}

function same(one, other) {
  if (typeof one === 'string' || typeof other === 'string') {
    return one === other;
  }
  const left = new Uint8Array(one);
  const right = new Uint8Array(other);
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}
