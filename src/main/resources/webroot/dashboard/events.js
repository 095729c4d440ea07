// The newest connections that opened and closed, the newest first.

import { format } from './numbers.js';

const MOST = 50;

export class Events {
  #list;
  #note;

  constructor(element) {
    this.#list = element.querySelector('ol');
    this.#note = element.querySelector('.note');
  }

  /** One message of the feed, `opened` or `closed`. */
  add({ type, time, protocol, http, cause, duration, messages }) {
    const version = http === null ? [] : [`over HTTP/${http}`];
    if (type === 'opened') {
      this.#prepend(time, 'opened', `${protocol} opened`, version.join());
    } else {
      const counts = `${format('count', messages?.received)} received, ${format('count', messages?.sent)} sent`;
      this.#prepend(time, 'closed', `${protocol} closed: ${cause}`, [...version, `after ${format('duration', duration)}`, counts].join(', '));
    }
  }

  /** How many the server has left out, as it tells at most 20 a second. */
  suppressed(count) {
    this.#note.textContent = count ? `${format('count', count)} omitted by the server` : '';
  }

  #prepend(time, className, what, more = '') {
    const item = document.createElement('li');
    item.className = className;
    const when = document.createElement('time');
    when.textContent = format('clock', time);
    const text = document.createElement('span');
    text.textContent = what;
    item.append(when, text);
    if (more) {
      const rest = document.createElement('small');
      rest.textContent = more;
      item.append(rest);
    }
    this.#list.prepend(item);
    if (this.#list.children.length > MOST) {
      this.#list.lastElementChild.remove();
    }
  }
}
