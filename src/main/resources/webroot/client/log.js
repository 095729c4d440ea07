// A log in a table: the newest row last, the oldest ones dropped. All data goes in as text nodes, never as HTML.

import { element } from './dom.js';
import { byteLength, excerpt, shown, typeOf } from './payload.js';
import { millis } from '../amounts.js';

const MOST_ROWS = 1000;

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/**
 * Each row stands for an entry: `{time, kind, from, to, type, size, data, cut, rtt}`, where `kind` is message, event, note or
 * summary. A filter hides rows; it does not drop them.
 */
export class Log {
  #body;
  #changed;
  #rows = [];
  #dropped = 0;
  #hidden = 0;
  #accepts = () => true;

  /** Writes to a tbody; says through `changed({dropped, hidden})` how many rows are gone, and how many the filter hides. */
  constructor(body, changed) {
    this.#body = body;
    this.#changed = changed;
  }

  /** A row for what happened to the connection. */
  event(text) {
    this.#append(entryOf('event', { data: text }), [cell('commslog-event', text, 3)]);
  }

  /** A row that explains the one above it. */
  note(text) {
    this.#append(entryOf('note', { data: text }), [cell('commslog-note', text, 3)]);
  }

  /** A row that stands for many messages. */
  summary(text) {
    this.#append(entryOf('summary', { data: text }), [cell('commslog-summary', text, 3)]);
  }

  /** A row for a message; `rtt` are the milliseconds that it took to come back. */
  message(from, to, data, rtt = null) {
    const type = typeOf(data);
    const size = byteLength(data);
    const look = type === 'text' && size === 0 ? 'empty' : type;
    this.#append(entryOf('message', { from, to, type, size, ...excerpt(data), rtt }), [
      party(from),
      party(to),
      cell(`commslog-data ${look}`, shown(data)),
    ]);
  }

  clear() {
    this.#body.replaceChildren();
    this.#rows = [];
    this.#dropped = this.#hidden = 0;
    this.#tell();
  }

  /** Shows only the entries for which `accepts(entry)` is true, from now on. */
  filter(accepts) {
    this.#accepts = accepts;
    this.#hidden = 0;
    for (const { entry, row } of this.#rows) {
      row.hidden = !accepts(entry);
      this.#hidden += row.hidden;
    }
    this.#tell();
  }

  /** The entries that are not hidden, the oldest first. */
  get entries() {
    return this.#rows.filter(({ row }) => !row.hidden).map(({ entry }) => entry);
  }

  #append(entry, cells) {
    const row = element('tr', '', ...cells, timeCell(entry));
    row.hidden = !this.#accepts(entry);
    this.#hidden += row.hidden;
    this.#rows.push({ entry, row });
    this.#body.append(row);
    if (this.#rows.length > MOST_ROWS) {
      const oldest = this.#rows.shift().row;
      this.#hidden -= oldest.hidden;
      this.#dropped++;
      oldest.remove();
    }
    this.#tell();
  }

  #tell() {
    this.#changed({ dropped: this.#dropped, hidden: this.#hidden });
  }
}

function entryOf(kind, facts) {
  return { time: new Date(), kind, from: null, to: null, type: null, size: null, cut: false, rtt: null, ...facts };
}

function party(name) {
  return element('td', '', element('span', `commslog-${name.toLowerCase()}`, name));
}

function cell(className, text, span = 1) {
  const td = element('td', className, text);
  td.colSpan = span;
  return td;
}

function timeCell({ time: at, rtt }) {
  const time = element('time', '', clock.format(at));
  time.dateTime = at.toISOString();
  const td = element('td', 'commslog-time');
  if (rtt !== null) {
    td.append(element('small', '', millis(rtt)), ' ');
  }
  td.append(time);
  return td;
}
