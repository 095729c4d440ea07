// A log in a table: the newest row last, the oldest ones dropped.

import { detailOf } from './log-detail.js';
import { rowOf } from './log-row.js';
import { byteLength, excerpt, shortened, typeOf } from './payload.js';

export const MOST_ROWS = 1000;
/** All payload that the log keeps. Beyond it, the oldest messages keep what their row shows. */
const MOST_KEPT = 8 * 1024 * 1024;
/** The buttons that open a message. An echo on the line of its message is opened with it. */
const OWN_TOGGLES = '.row:not(.echoed:not([hidden]) + .echo) .toggle';

/**
 * Each row stands for an entry: `{time, kind, from, to, type, size, length, data, cut, rtt, bad, about}`, where `kind` is message,
 * event, note, summary or problem. A filter hides rows; it does not drop them. An echo stands on the line of its message.
 */
export class Log {
  #body;
  #changed;
  #rows = [];
  #kept = 0;
  #firstWhole = 0;
  #dropped = 0;
  #hidden = 0;
  #accepts = () => true;

  /** Writes to a tbody; says through `changed({dropped, hidden})` how many rows are gone, and how many the filter hides. */
  constructor(body, changed) {
    this.#body = body;
    this.#changed = changed;
    body.addEventListener('click', (event) => this.#clicked(event));
    body.closest('[role=log]').addEventListener('keydown', (event) => this.#pressed(event));
  }

  /** A row for what happened to the connection. `about` stands at its end; `bad` makes it red. */
  event(text, { about = '', bad = false } = {}) {
    this.#append(entryOf('event', { data: text, about, bad }));
  }

  /** A row that explains the one above it. */
  note(text) {
    this.#append(entryOf('note', { data: text }));
  }

  /** A row that stands for many messages. */
  summary(text) {
    this.#append(entryOf('summary', { data: text }));
  }

  /** A row with the reason of a failure in its first line, and in the others what supports or mends it. */
  problem(reason, lines = []) {
    const { row } = this.#append(entryOf('problem', { data: [reason, ...lines].join('\n'), bad: true }));
    // The reason has to be in sight, not the end of a text that is higher than the log.
    const scroller = this.#body.closest('[role=log]');
    if (row.offsetHeight > scroller.clientHeight && scroller.scrollTop === 0) {
      scroller.scrollBy(0, scroller.clientHeight - row.offsetHeight);
    }
  }

  /**
   * A row for a message.
   *
   * @param rtt the milliseconds that an echo took to come back
   * @param to what `message` returned for the message of which this is the echo
   * @return something to pass for its echo
   */
  message(from, to, data, rtt = null, original = null) {
    const length = typeof data === 'string' ? data.length : data.byteLength;
    const entry = entryOf('message', { from, to, type: typeOf(data), size: byteLength(data), length, ...excerpt(data), rtt });
    return this.#append(entry, original);
  }

  /** Replaces all rows by entries out of a file. */
  replace(entries) {
    this.clear();
    let sent = [];
    for (const facts of entries) {
      const entry = entryOf(facts.kind, facts);
      const original = entry.rtt === null ? -1 : sent.findIndex((each) => each.entry.data === entry.data && each.entry.type === entry.type);
      const added = this.#append(entry, sent[original] ?? null);
      sent = original < 0 ? sent : sent.slice(original + 1);
      if (entry.from === 'Client') {
        sent.push(added);
      }
    }
  }

  clear() {
    this.#body.replaceChildren();
    this.#rows = [];
    this.#dropped = this.#hidden = this.#kept = this.#firstWhole = 0;
    this.#tell();
  }

  /** Shows only the entries for which `accepts(entry)` is true, from now on. */
  filter(accepts) {
    this.#accepts = accepts;
    this.#hidden = 0;
    for (const each of this.#rows) {
      each.row.hidden = !accepts(each.entry);
      this.#hidden += each.row.hidden;
      this.#close(each);
    }
    this.#tell();
  }

  /** The entries that are not hidden, the oldest first. */
  get entries() {
    return this.#rows.filter(({ row }) => !row.hidden).map(({ entry }) => entry);
  }

  #append(entry, original = null) {
    const each = { entry, row: rowOf(entry), detail: null };
    each.row.hidden = !this.#accepts(entry);
    this.#hidden += each.row.hidden;
    this.#rows.push(each);
    if (original?.row.isConnected && !original.row.classList.contains('echoed')) {
      original.row.classList.add('echoed');
      each.row.classList.add('echo');
      original.row.after(each.row);
    } else {
      this.#body.append(each.row);
    }
    this.#bound(each);
    this.#tell();
    return each;
  }

  #bound({ entry }) {
    this.#kept += entry.data.length;
    if (this.#rows.length > MOST_ROWS) {
      const oldest = this.#rows.shift();
      this.#firstWhole = Math.max(0, this.#firstWhole - 1);
      this.#kept -= oldest.entry.data.length;
      this.#hidden -= oldest.row.hidden;
      this.#dropped++;
      this.#close(oldest);
      oldest.row.remove();
    }
    for (; this.#kept > MOST_KEPT; this.#firstWhole++) {
      const oldest = this.#rows[this.#firstWhole].entry;
      if (oldest.kind === 'message') {
        const data = shortened(oldest);
        this.#kept -= oldest.data.length - data.length;
        oldest.cut ||= data.length < oldest.data.length;
        oldest.data = data;
      }
    }
  }

  // Opening a row.

  #clicked(event) {
    const clicked = event.target.closest('tr.kind-message');
    const wanted = clicked?.classList.contains('echo') && clicked.previousElementSibling?.classList.contains('echoed') ? clicked.previousElementSibling : clicked;
    const each = wanted && this.#rows.find(({ row }) => row === wanted);
    // A click that ends a selection of text is not meant to open the row.
    if (each && (event.target.closest('.toggle') || getSelection().isCollapsed)) {
      this.#toggle(each);
    }
  }

  #toggle(each) {
    if (each.detail) {
      this.#close(each);
      return;
    }
    each.detail = detailOf(each.entry);
    const echo = each.row.classList.contains('echoed') ? each.row.nextElementSibling : null;
    (echo?.classList.contains('echo') ? echo : each.row).after(each.detail);
    each.row.querySelector('.toggle').setAttribute('aria-expanded', 'true');
    each.detail.scrollIntoView({ block: 'nearest' });
    each.row.scrollIntoView({ block: 'nearest' });
  }

  #close(each) {
    each.detail?.remove();
    each.detail = null;
    each.row.querySelector('.toggle')?.setAttribute('aria-expanded', 'false');
  }

  /** The arrow keys go from message to message, so that the Tab key need not pass a thousand of them. */
  #pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.closest('pre, .bar')) {
      return;
    }
    const toggles = [...this.#body.querySelectorAll(OWN_TOGGLES)].filter((toggle) => toggle.checkVisibility());
    const at = toggles.indexOf(document.activeElement);
    const next = toggles.at(at < 0 ? -1 : Math.min(Math.max(at + step, 0), toggles.length - 1));
    if (next) {
      event.preventDefault();
      next.focus();
      next.closest('tr').scrollIntoView({ block: 'nearest' });
    }
  }

  #tell() {
    this.#changed({ dropped: this.#dropped, hidden: this.#hidden });
  }
}

function entryOf(kind, facts) {
  return {
    time: new Date(), kind, from: null, to: null, type: null, size: null, length: null, data: '', cut: false, rtt: null, bad: false, about: '', ...facts,
  };
}
