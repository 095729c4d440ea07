// The messages that were sent before, to be recalled with the arrow keys as in a shell.

const MOST = 50;
/** Longer messages are not kept, so that the history stays small. */
const MOST_CHARACTERS = 100_000;

export class History {
  #texts = [];
  #at = 0;
  #draft = '';

  /** Remembers a message that was sent. */
  add(text) {
    if (text !== '' && text.length <= MOST_CHARACTERS && text !== this.#texts.at(-1)) {
      this.#texts.push(text);
      if (this.#texts.length > MOST) {
        this.#texts.shift();
      }
    }
    this.#at = this.#texts.length;
  }

  /** The message before, or null at the oldest one; `text` is what the box holds now. */
  back(text) {
    if (this.#at === 0) {
      return null;
    }
    if (this.#at === this.#texts.length) {
      this.#draft = text;
    }
    return this.#texts[--this.#at];
  }

  /** The message after, at last what was being written; null behind that. */
  forward() {
    if (this.#at === this.#texts.length) {
      return null;
    }
    return this.#texts[++this.#at] ?? this.#draft;
  }
}
