// The messages of the feed. What leaves here has the types and the bounds that the dashboard relies on, whatever a server sends.

import { SPAN } from './history.js';
import { check, number, object, parsed, text } from '../untrusted.js';

/** The version of the messages that this page understands. */
export const SCHEMA = 1;

/** Characters of a message. A hello of Resound has some 200,000. */
const LONGEST = 16 * 1024 * 1024;

/** Rows of the history: charts show one point a second. */
const MOST_ROWS = SPAN;
const MOST_COLUMNS = 500;
const MOST_MEMBERS = 100;
const DEEPEST = 4;

/** Seconds since 1970, far in the future; beyond 8.64e12, dates cannot be formatted. */
export const LATEST = 1e11;
/** Seconds: the longest `telemetry.interval`. */
export const LONGEST_INTERVAL = 3600;

/** The members of a sample that the dashboard shows: numbers, or numbers by name. */
const NUMBERS = [
  'connections', 'connectionsByHttp', 'connectionsLimit', 'handshakes', 'closed', 'messages', 'bytes', 'pings',
  'backpressurePauses', 'rates', 'roundTrip', 'feedRoundTrip', 'duration', 'eventLoopLag',
  'heap', 'process', 'gc', 'reloads', 'reloadFailures', 'certificateExpiry', 'logLinesDropped', 'eventsSuppressed',
];

const READERS = new Map([['hello', hello], ['sample', sample], ['opened', opened], ['closed', closed]]);

/**
 * Reads one message. Throws Malformed if it is none of the feed; returns null if its type is unknown, as later versions may
 * have more types. In a hello, `history` is `{step, samples}`, with the newest samples only, the oldest first.
 */
export function readMessage(data) {
  return messageOf(data, READERS);
}

/** The same with a reader for each type. */
export function messageOf(data, readers) {
  const message = parsed(data, LONGEST);
  check(typeof message.type === 'string');
  return readers.get(message.type)?.(message) ?? null;
}

function hello({ schema, instance, build, time, startedAt, interval, keepAlive, history }) {
  if (number(schema) !== SCHEMA) {
    return { type: 'hello', schema };
  }
  return {
    type: 'hello',
    schema,
    instance: text(instance),
    version: build === undefined ? null : text(object(build).version),
    time: number(time, 0, LATEST),
    startedAt: number(startedAt, 0, LATEST),
    interval: number(interval, 0.001, LONGEST_INTERVAL),
    keepAliveInterval: keepAlive === undefined ? 0 : number(object(keepAlive).interval),
    history: historyOf(object(history), sample),
  };
}

/** @param sampleOf reads one row, after it was put back into the shape of a message */
export function historyOf({ step, columns, rows }, sampleOf) {
  check(Array.isArray(columns) && columns.length <= MOST_COLUMNS && Array.isArray(rows));
  const paths = columns.map(pathOf);
  const samples = rows.slice(-MOST_ROWS).map((row) => sampleOf(putBack(paths, row)));
  check(samples.every(({ time }, i) => i === 0 || time > samples[i - 1].time));
  return { step: number(step, 0.001, LONGEST_INTERVAL), samples };
}

function pathOf(column) {
  check(typeof column === 'string' && column.length <= 100);
  const names = column.split('.');
  check(names.length <= DEEPEST);
  return names;
}

/** A row of the history as the sample that it was. */
function putBack(paths, row) {
  check(Array.isArray(row) && row.length === paths.length);
  const message = Object.create(null);
  paths.forEach((names, i) => {
    let branch = message;
    for (const name of names.slice(0, -1)) {
      branch[name] ??= Object.create(null);
      branch = object(branch[name]);
    }
    // An object here could bring a prototype along, which the next path would change.
    check(typeof row[i] !== 'object' || row[i] === null);
    branch[names.at(-1)] = row[i];
  });
  return message;
}

function sample(message) {
  const read = {
    type: 'sample',
    time: number(message.time, 0, LATEST),
    uptime: number(message.uptime, 0, LATEST),
    draining: message.draining === true,
    overloaded: message.overloaded === true ? 1 : 0,
  };
  for (const name of NUMBERS) {
    if (message[name] !== undefined) {
      read[name] = numbers(message[name]);
    }
  }
  return read;
}

/** A number, null where there is none, or such values by name. */
export function numbers(value, depth = DEEPEST) {
  if (value === null || typeof value === 'number') {
    return value === null ? null : number(value);
  }
  const names = Object.keys(object(value));
  check(depth > 0 && names.length <= MOST_MEMBERS);
  const byName = Object.create(null);
  names.forEach((name) => (byName[name] = numbers(value[name], depth - 1)));
  return byName;
}

/** Earlier versions of the service do not send `http`. */
function opened({ type, time, protocol, http }) {
  return { type, time: number(time, 0, LATEST), protocol: text(protocol, 40), http: http === undefined ? null : text(http, 10) };
}

function closed({ cause, duration, messages, ...rest }) {
  const { received, sent } = object(messages);
  return {
    ...opened(rest),
    cause: text(cause, 40),
    duration: number(duration, 0, LATEST),
    messages: { received: number(received), sent: number(sent) },
  };
}
