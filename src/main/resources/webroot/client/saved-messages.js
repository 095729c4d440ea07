// Messages that somebody wants to send again, kept in the browser's local storage.

import { byId, element } from './dom.js';
import { check, clipped, object, orNull } from '../untrusted.js';

const KEY = 'resound.messages';
const MOST = 20;
const MOST_CHARACTERS = 16_384;
const MOST_SHOWN = 28;

export class SavedMessages {
  #list = byId('savedMessages');
  #choose;
  #messages = read();

  /** Calls `choose({type, text})` for the message that somebody clicks on. */
  constructor(choose) {
    this.#choose = choose;
    this.#show();
  }

  /** Saves a message, and says in words what prevents that; empty if nothing does. */
  add({ type, text }) {
    if (text === '') {
      return 'Write a message first.';
    }
    if (text.length > MOST_CHARACTERS) {
      return `Only messages of up to ${MOST_CHARACTERS.toLocaleString('en')} characters can be saved.`;
    }
    const others = this.#messages.filter((each) => each.type !== type || each.text !== text);
    this.#messages = [{ type, text }, ...others].slice(0, MOST);
    this.#show();
    return write(this.#messages) ? '' : 'Saved until the page closes: this browser stores nothing for it.';
  }

  #show() {
    this.#list.replaceChildren(...this.#messages.map((message) => this.#item(message)));
  }

  #item(message) {
    const text = clipped(message.text.replace(/\s+/g, ' '), MOST_SHOWN);
    const use = element('button', 'small', text, ...(message.type === 'text' ? [] : [' ', element('small', '', message.type)]));
    use.type = 'button';
    use.title = 'Put this message into the box';
    use.addEventListener('click', () => this.#choose(message));
    const remove = element('button', 'small remove', '\u00d7');
    remove.type = 'button';
    remove.setAttribute('aria-label', `Remove ${text}`);
    remove.addEventListener('click', () => {
      this.#messages = this.#messages.filter((each) => each !== message);
      write(this.#messages);
      this.#show();
      byId('saveMessage').focus();
    });
    return element('li', '', use, remove);
  }
}

/** What is stored, as far as it is valid: another page of this origin, or an older version of this one, may have written it. */
function read() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(stored) ? stored.slice(0, MOST).flatMap((each) => orNull(() => [messageOf(each)]) ?? []) : [];
  } catch {
    // Storage is blocked, or holds no JSON.
    return [];
  }
}

function messageOf(stored) {
  const { type, text } = object(stored);
  check(['text', 'binary', 'hex', 'base64'].includes(type) && typeof text === 'string' && text.length <= MOST_CHARACTERS);
  return { type, text };
}

function write(messages) {
  try {
    localStorage.setItem(KEY, JSON.stringify(messages));
    return true;
  } catch {
    return false;
  }
}
