// A log in a table: the newest row last, the oldest ones dropped. All data goes in as text nodes, never as HTML.

const MOST_ROWS = 1000;
const MOST_CHARACTERS = 2000;
const MOST_BYTES = 256;

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

export class Log {
  #body;
  #dropped = 0;
  #onDropped;

  /** Writes to a tbody; says through `onDropped(count)` how many rows are no longer shown. */
  constructor(body, onDropped) {
    this.#body = body;
    this.#onDropped = onDropped;
  }

  /** A row for what happened to the connection. */
  event(text) {
    this.#append([cell('commslog-event', text, 3)], '');
  }

  /** A row that explains the one above it. */
  note(text) {
    this.#append([cell('commslog-note', text, 3)], '');
  }

  /** A row for a message. `remark` stands before the time. */
  message(from, to, data, remark = '') {
    const { text, type } = shown(data);
    this.#append([party(from), party(to), cell(`commslog-data ${type}`, text)], remark);
  }

  clear() {
    this.#body.replaceChildren();
    this.#dropped = 0;
    this.#onDropped(0);
  }

  #append(cells, remark) {
    const row = element('tr', '');
    row.append(...cells, timeCell(remark));
    this.#body.append(row);
    if (this.#body.rows.length > MOST_ROWS) {
      this.#body.rows[0].remove();
      this.#onDropped(++this.#dropped);
    }
  }
}

/** Cut, so that the log stays small whatever comes. */
function shown(data) {
  if (typeof data === 'string') {
    const rest = data.length - MOST_CHARACTERS;
    const text = rest > 0 ? `${data.slice(0, MOST_CHARACTERS)}\u2026 (${data.length} characters in all)` : data;
    return data === '' ? { text: 'empty text message', type: 'empty' } : { text, type: 'text' };
  }
  const bytes = new Uint8Array(data);
  const hex = Array.from(bytes.subarray(0, MOST_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const count = bytes.length === 1 ? '1 byte' : `${bytes.length} bytes`;
  return { text: `binary, ${count}${hex && ': '}${hex}${bytes.length > MOST_BYTES ? ' \u2026' : ''}`, type: 'binary' };
}

function party(name) {
  const td = element('td', '');
  td.append(element('span', `commslog-${name.toLowerCase()}`, name));
  return td;
}

function cell(className, text, span = 1) {
  const td = element('td', className, text);
  td.colSpan = span;
  return td;
}

function timeCell(remark) {
  const now = new Date();
  const time = element('time', '', clock.format(now));
  time.dateTime = now.toISOString();
  const td = element('td', 'commslog-time');
  if (remark) {
    td.append(element('small', '', remark), ' ');
  }
  td.append(time);
  return td;
}

function element(name, className, text = '') {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  if (text) {
    made.textContent = text;
  }
  return made;
}
