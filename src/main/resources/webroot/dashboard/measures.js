// What the dashboard shows of a sample: its charts, their series, and where in the sample each number stands.

const CAUSES = ['client', 'idle', 'drain', 'slow-consumer', 'protocol-error', 'invalid-payload', 'too-big', 'network', 'error'];
const REFUSALS = ['not-websocket', 'version', 'key', 'method', 'origin', 'capacity', 'draining', 'error'];

/** The number at a path of a sample, or the sum of all numbers below it; null where there is none. */
export function numberAt(sample, path) {
  const found = path.split('.').reduce((value, name) => value?.[name], sample);
  const number = typeof found === 'object' && found !== null ? sum(found) : found;
  return Number.isFinite(number) ? number : null;
}

/** Null stands for a number that is not known. */
function sum(branch) {
  return Object.values(branch ?? {}).reduce((total, value) => total + (typeof value === 'object' ? sum(value) : value), 0);
}

/** A value as it is now. */
const gauge = (name, path) => ({ name, value: (sample) => numberAt(sample, path) });

/** A total since the start, shown as so many per second. */
const counter = (name, path) => ({
  name,
  total: (sample) => numberAt(sample, path),
  value: (sample) => numberAt(sample, `rates.${path}`),
});

/** All charts, in the order in which they are shown. `unit` is a name of numbers.js. */
export const CHARTS = [
  {
    id: 'connections',
    title: 'Open connections',
    note: 'by protocol',
    unit: 'count',
    series: [gauge('echo', 'connections.echo'), gauge('telemetry', 'connections.telemetry')],
  },
  {
    id: 'handshakes',
    title: 'Connects and closes',
    note: 'per second',
    unit: 'perSecond',
    series: [counter('accepted', 'handshakes.accepted'), counter('closed', 'closed')],
  },
  {
    id: 'messages',
    title: 'Messages',
    note: 'per second',
    unit: 'perSecond',
    series: [counter('received', 'messages.received'), counter('sent', 'messages.sent')],
  },
  {
    id: 'bytes',
    title: 'Payload',
    note: 'bytes per second',
    unit: 'bytesPerSecond',
    totalUnit: 'bytes',
    series: [counter('received', 'bytes.received'), counter('sent', 'bytes.sent')],
  },
  {
    id: 'roundTrip',
    title: 'Round trip',
    note: 'pings of the last minute',
    unit: 'seconds',
    series: [gauge('p50', 'roundTrip.p50'), gauge('p90', 'roundTrip.p90'), gauge('p99', 'roundTrip.p99')],
  },
  {
    id: 'lag',
    title: 'Event-loop lag',
    note: 'of the worst loop',
    unit: 'seconds',
    series: [gauge('newest', 'eventLoopLag.newest'), gauge('worst', 'eventLoopLag.worst')],
  },
  {
    id: 'heap',
    title: 'Heap',
    note: 'used and limit',
    unit: 'bytes',
    series: [gauge('used', 'heap.used'), { ...gauge('max', 'heap.max'), isLimit: true }],
  },
  {
    id: 'closed',
    title: 'Closes by cause',
    note: 'per second',
    unit: 'perSecond',
    series: CAUSES.map((cause) => counter(cause, `closed.${cause}`)),
  },
  {
    id: 'refusals',
    title: 'Refused handshakes',
    note: 'per second, by rule',
    unit: 'perSecond',
    series: REFUSALS.map((outcome) => counter(outcome, `handshakes.${outcome}`)),
  },
];

export const ALL_SERIES = CHARTS.flatMap((chart) => chart.series);

/** The total of all refused handshakes. */
export function refused(sample) {
  return REFUSALS.reduce((total, outcome) => total + numberAt(sample, `handshakes.${outcome}`), 0);
}
