// The messages of the fleet's feed. What leaves here has the types and the bounds that the dashboard relies on, whatever a server sends.

import { historyOf, LATEST, LONGEST_INTERVAL, messageOf, numbers, SCHEMA } from './feed-messages.js';
import { check, number, object, text } from '../untrusted.js';

/** Far more than Resound sends. */
const MOST_ROWS = 5000;
const MOST_COLUMNS = 100;

const STATES = ['live', 'draining', 'stale', 'gone'];

/** The members of a sample that the dashboard shows. */
const NUMBERS = ['instances', 'connections', 'connectionsByHttp', 'connectionsLimit', 'handshakes', 'closed', 'messages', 'bytes', 'rates', 'roundTrip', 'duration', 'eventLoopLag', 'heap'];

/** The columns of a row that are no numbers. */
const TEXTS = ['id', 'name', 'version', 'state'];

/** Reads the messages of one connection: the columns of its rows stand in its hello. */
export function fleetReader() {
  let columns = [];
  const readers = new Map([
    ['hello', (message) => {
      const read = hello(message);
      columns = read.columns;
      return read;
    }],
    ['history', ({ history }) => ({ type: 'history', history: historyOf(object(history), sample) })],
    ['sample', (message) => ({ ...sample(message), rows: rowsOf(columns, message.rows), redis: redisOf(message.redis), limitReached: message.instances?.limitReached === true })],
  ]);
  return (data) => messageOf(data, readers);
}

function hello({ schema, instance, time, interval, fleet, window, columns, history }) {
  if (number(schema) !== SCHEMA) {
    return { type: 'hello', schema, columns: [] };
  }
  check(Array.isArray(columns) && columns.length <= MOST_COLUMNS && TEXTS.every((name) => columns.includes(name)));
  return {
    type: 'hello',
    schema,
    instance: text(instance),
    fleet: text(fleet),
    window: number(window, 0, LATEST),
    time: number(time, 0, LATEST),
    interval: number(interval, 0.001, LONGEST_INTERVAL),
    columns: columns.map((name) => text(name)),
    history: historyOf(object(history), sample),
  };
}

/** Its totals shrink when an instance leaves the window. So it has no uptime, and a chart shows only its own rates. */
function sample(message) {
  const time = number(message.time, 0, LATEST);
  const read = { type: 'sample', time, uptime: time };
  for (const name of NUMBERS) {
    if (message[name] !== undefined) {
      read[name] = numbers(name === 'instances' ? { ...message[name], limitReached: null } : message[name]);
    }
  }
  return read;
}

function rowsOf(columns, rows) {
  check(Array.isArray(rows) && rows.length <= MOST_ROWS);
  return rows.map((values) => {
    check(Array.isArray(values) && values.length === columns.length);
    const row = Object.create(null);
    columns.forEach((name, i) => (row[name] = valueOf(name, values[i])));
    return row;
  });
}

function valueOf(name, value) {
  if (name === 'state') {
    check(STATES.includes(value));
    return value;
  }
  if (TEXTS.includes(name)) {
    return text(value);
  }
  return typeof value === 'boolean' ? Number(value) : value === null ? null : typeof value === 'number' ? number(value) : null;
}

function redisOf(redis) {
  const { connected, age } = object(redis);
  return { connected: connected === true, age: age === null ? null : number(age, 0, LATEST) };
}
