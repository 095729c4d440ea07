// The message box: what it sends, its keys, and what it says about its content.

import { byId } from './dom.js';
import { History } from './history.js';
import { formattedJson } from './log-detail.js';
import { parseBase64, parseHex, utf8 } from './payload.js';
import { SavedMessages } from './saved-messages.js';
import { size } from '../amounts.js';
import { clipped } from '../untrusted.js';

/** By how a message is sent: reads what was typed as `{data}` or `{problem}`. */
const READERS = {
  text: (text) => ({ data: text }),
  binary: (text) => ({ data: utf8(text) }),
  hex: (text) => dataOf(parseHex(text)),
  base64: (text) => dataOf(parseBase64(text)),
};
const EXAMPLES = { text: '', binary: '', hex: '48 65 6c 6c 6f', base64: 'SGVsbG8=' };
/** Longer texts are not checked on each key. */
const MOST_CHECKED = 200_000;

export class Composer {
  #box = byId('sendMessage');
  #types = byId('sendForm').elements.type;
  #history = new History();
  #send;

  /** @param send sends data; returns whether it did */
  constructor(send) {
    this.#send = send;
    const saved = new SavedMessages((message) => this.#recall(message));
    byId('sendForm').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#box.addEventListener('keydown', (event) => this.#pressed(event));
    this.#box.addEventListener('input', () => this.show());
    for (const radio of this.#types) {
      radio.addEventListener('input', () => this.show());
    }
    byId('formatJson').addEventListener('click', () => {
      this.#fill(formattedJson(this.#box.value) ?? this.#box.value);
    });
    byId('saveMessage').addEventListener('click', () => {
      this.#hint(saved.add({ type: this.#types.value, text: this.#box.value }) || 'Saved in this browser.', '');
    });
  }

  /** Shows what the box holds: its size, and whether it is what it seems to be. */
  show() {
    const text = this.#box.value;
    const type = this.#types.value;
    this.#box.placeholder = EXAMPLES[type];
    this.#box.classList.toggle('code', type === 'hex' || type === 'base64');
    const { data, problem } = READERS[type](text);
    this.#box.setAttribute('aria-invalid', Boolean(problem));
    byId('formatJson').hidden = true;
    if (problem) {
      this.#hint(problem, 'bad');
    } else if (text === '') {
      this.#hint('', '');
    } else {
      this.#describe(text, data, type === 'text');
    }
  }

  #describe(text, data, isText) {
    const bytes = size(isText ? utf8(text).length : data.length);
    if (!isText || text.length > MOST_CHECKED || !/^\s*[[{]/.test(text)) {
      this.#hint(bytes, '');
      return;
    }
    try {
      JSON.parse(text);
      byId('formatJson').hidden = false;
      this.#hint(`${bytes}, valid JSON`, 'good');
    } catch (error) {
      this.#hint(`${bytes}, not valid JSON: ${clipped(error.message, 120)}`, 'wait');
    }
  }

  #hint(text, kind) {
    byId('messageHint').textContent = text;
    byId('messageHint').dataset.kind = kind;
  }

  #submit() {
    const text = this.#box.value;
    const { data, problem } = READERS[this.#types.value](text);
    if (problem) {
      this.show();
      this.#box.focus();
    } else if (this.#send(data)) {
      this.#history.add(text);
      this.#fill('');
    }
  }

  #pressed(event) {
    const { key, shiftKey, altKey, isComposing } = event;
    if (key === 'Enter' && !shiftKey && !altKey && !isComposing) {
      event.preventDefault();
      byId('sendForm').requestSubmit();
      return;
    }
    const { selectionStart: from, selectionEnd: to, value } = this.#box;
    const recalled =
      key === 'ArrowUp' && from === 0 && to === 0 ? this.#history.back(value)
      : key === 'ArrowDown' && from === value.length ? this.#history.forward()
      : null;
    if (recalled !== null && !shiftKey && !altKey) {
      event.preventDefault();
      this.#fill(recalled);
      // At the start after going back, so that the same key goes on.
      const caret = key === 'ArrowUp' ? 0 : recalled.length;
      this.#box.setSelectionRange(caret, caret);
    }
  }

  #recall({ type, text }) {
    this.#types.value = type;
    this.#fill(text);
  }

  #fill(text) {
    this.#box.value = text;
    this.#box.focus();
    // The page's link follows the controls.
    this.#box.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

function dataOf({ bytes, problem }) {
  return problem ? { problem } : { data: bytes };
}
