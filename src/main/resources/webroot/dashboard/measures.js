// What the dashboard shows of a sample: its charts, their series, and where in the sample each number stands.

const CAUSES = ['client', 'idle', 'drain', 'slow-consumer', 'protocol-error', 'invalid-payload', 'too-big', 'network', 'error', 'fault'];
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

/** A value that another one must not exceed. */
const limit = (name, path) => ({ ...gauge(name, path), isLimit: true });

/** A total since the start, shown as so many per second. */
const counter = (name, path) => ({
  name,
  total: (sample) => numberAt(sample, path),
  value: (sample) => numberAt(sample, `rates.${path}`),
});

/** A total whose rate the sample does not have. */
const growth = (name, path) => ({
  name,
  total: (sample) => numberAt(sample, path),
  value(sample, before) {
    const apart = before ? sample.uptime - before.uptime : 0;
    const grown = before ? numberAt(sample, path) - numberAt(before, path) : 0;
    return apart > 0 && numberAt(sample, path) !== null ? Math.max(0, grown) / apart : null;
  },
});

/**
 * All charts, in the order in which they are shown. `unit` is a name of numbers.js. `alert` is the alert whose number is a line in the chart;
 * `part` is the path of what that number is a share of. Of `optional` series, only those that have counted something are listed.
 */
export const CHARTS = [
  {
    id: 'connections',
    title: 'Open connections',
    note: 'by protocol',
    unit: 'count',
    alert: 'ResoundNearCapacity',
    part: 'connectionsLimit',
    series: [gauge('echo', 'connections.echo'), gauge('telemetry', 'connections.telemetry')],
  },
  {
    id: 'messages',
    title: 'Messages',
    note: 'per second',
    unit: 'perSecond',
    series: [counter('received', 'messages.received'), counter('sent', 'messages.sent')],
  },
  {
    id: 'roundTrip',
    title: 'Round trip',
    note: 'pings of the last minute',
    unit: 'seconds',
    series: [
      gauge('clients p50', 'roundTrip.p50'),
      gauge('clients p99', 'roundTrip.p99'),
      gauge('dashboards p50', 'feedRoundTrip.p50'),
      gauge('dashboards p99', 'feedRoundTrip.p99'),
    ],
  },
  {
    id: 'lag',
    title: 'Event-loop lag',
    note: 'of the worst loop',
    unit: 'seconds',
    alert: 'ResoundEventLoopLag',
    series: [gauge('newest', 'eventLoopLag.newest'), gauge('worst', 'eventLoopLag.worst')],
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
    id: 'handshakes',
    title: 'Connects and closes',
    note: 'per second',
    unit: 'perSecond',
    series: [counter('accepted', 'handshakes.accepted'), counter('closed', 'closed')],
  },
  {
    id: 'closed',
    title: 'Closes by cause',
    note: 'per second',
    unit: 'perSecond',
    optional: true,
    series: CAUSES.map((cause) => counter(cause, `closed.${cause}`)),
  },
  {
    id: 'refusals',
    title: 'Refused handshakes',
    note: 'per second, by rule',
    unit: 'perSecond',
    optional: true,
    series: REFUSALS.map((outcome) => counter(outcome, `handshakes.${outcome}`)),
  },
  {
    id: 'cpu',
    title: 'CPU',
    note: 'processors in use',
    unit: 'cpus',
    series: [{ ...growth('used', 'process.cpu'), total: undefined }, limit('available', 'process.cpus')],
  },
  {
    id: 'memory',
    title: 'Memory',
    note: 'heap, and resident in total',
    unit: 'bytes',
    series: [gauge('heap', 'heap.used'), gauge('resident', 'process.residentMemory'), limit('heap limit', 'heap.max')],
  },
  {
    id: 'gc',
    title: 'Garbage collection',
    note: 'time paused per second',
    unit: 'secondsPerSecond',
    totalUnit: 'seconds',
    series: [growth('paused', 'gc.paused')],
  },
  {
    id: 'files',
    title: 'Open files',
    note: 'connections included',
    unit: 'count',
    series: [gauge('open', 'process.openFiles'), limit('limit', 'process.maxFiles')],
  },
];

/** Above those of a fleet. */
const INSTANCES = {
  id: 'instances',
  title: 'Instances',
  note: 'by state',
  unit: 'count',
  series: [gauge('live', 'instances.live'), gauge('draining', 'instances.draining'), gauge('stale', 'instances.stale'), gauge('gone', 'instances.gone')],
};

/** Those of a fleet: sums over all instances. */
export const FLEET_CHARTS = [INSTANCES, ...CHARTS.filter(({ id }) => !['cpu', 'gc', 'files'].includes(id))].map((chart) => ({ ...chart, alert: undefined }));

/** Those of one instance of a fleet, of which less is known. The paths are columns of its row. */
export const FLEET_ROW_CHARTS = [
  {
    id: 'connections',
    title: 'Open connections',
    note: 'now',
    unit: 'count',
    alert: 'ResoundNearCapacity',
    part: 'connectionsLimit',
    series: [gauge('open', 'connections')],
  },
  { id: 'messages', title: 'Messages', note: 'per second', unit: 'perSecond', series: [gauge('received', 'receivedRate'), gauge('sent', 'sentRate')] },
  { id: 'roundTrip', title: 'Round trip', note: 'pings of the last minute', unit: 'seconds', series: [gauge('p50', 'roundTripP50'), gauge('p99', 'roundTripP99')] },
  { id: 'lag', title: 'Event-loop lag', note: 'of the worst loop', unit: 'seconds', alert: 'ResoundEventLoopLag', series: [gauge('worst', 'lag')] },
  { id: 'memory', title: 'Memory', note: 'heap', unit: 'bytes', series: [gauge('heap', 'heapUsed'), limit('heap limit', 'heapMax')] },
];

export const ALL_SERIES = CHARTS.flatMap((chart) => chart.series);

/** The total of all refused handshakes. */
export function refused(sample) {
  return REFUSALS.reduce((total, outcome) => total + numberAt(sample, `handshakes.${outcome}`), 0);
}

/** The 99th percentile of round trips: of the clients, or else of the dashboards. */
export function roundTrip(sample) {
  return numberAt(sample, 'roundTrip.p99') ?? numberAt(sample, 'feedRoundTrip.p99');
}
