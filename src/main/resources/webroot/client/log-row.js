// One row of the log as elements. All data goes in as text nodes, never as HTML.

import { element } from './dom.js';
import { shown } from './payload.js';
import { millis } from '../amounts.js';

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** The row of an entry. */
export function rowOf(entry) {
  const cells = entry.kind === 'message' ? messageCells(entry) : [cell(`commslog-${entry.kind}`, 3, ...paragraphs(entry))];
  const row = element('tr', `row kind-${entry.kind}${entry.bad ? ' bad' : ''}`, ...cells, timeCell(entry));
  if (entry.kind === 'message') {
    row.classList.add(entry.from === 'Client' ? 'sent' : 'got');
  }
  return row;
}

/** A problem has its reason in the first line, and what supports or mends it in the others. */
function paragraphs({ kind, data }) {
  if (kind !== 'problem') {
    return [data];
  }
  const [reason, ...rest] = data.split('\n');
  return [element('strong', '', reason), ...rest.map((text) => (text.startsWith('    ') ? element('code', '', text.trim()) : element('p', '', text)))];
}

function messageCells(entry) {
  const look = entry.type === 'text' && entry.size === 0 ? 'empty' : entry.type;
  const toggle = element('button', 'toggle');
  toggle.type = 'button';
  toggle.tabIndex = -1;
  toggle.setAttribute('aria-expanded', 'false');
  toggle.setAttribute('aria-label', 'Whole message');
  return [party(entry.from), party(entry.to), cell(`commslog-data ${look}`, 1, toggle, element('span', '', shown(entry)))];
}

function party(name) {
  return element('td', '', element('span', `commslog-${name.toLowerCase()}`, name));
}

function cell(className, span, ...children) {
  const td = element('td', className, ...children);
  td.colSpan = span;
  return td;
}

function timeCell({ time: at, rtt, about }) {
  const time = element('time', '', clock.format(at));
  time.dateTime = at.toISOString();
  const td = element('td', 'commslog-time');
  if (about) {
    const span = element('span', 'commslog-about', about);
    // It is cut where it is long.
    span.title = about;
    td.append(span, ' ');
  }
  if (rtt !== null && rtt !== undefined) {
    td.append(element('small', '', millis(rtt)), ' ');
  }
  td.append(time);
  return td;
}
