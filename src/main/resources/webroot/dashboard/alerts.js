// The problems of an instance: the alerts that Resound ships for Prometheus, on the numbers of the feed. Prometheus waits until an
// alert has held for some time; the dashboard shows it at once. DashboardScriptsIT compares these numbers with the alerts.

import { format } from './numbers.js';
import { numberAt } from './measures.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const percent = (share) => `${Math.round(100 * share)}\u00a0%`;

/** Seconds over which the recorded rates are averages. */
const RATE = 5 * MINUTE;

const REFUSALS = ['not-websocket', 'version', 'key', 'method', 'origin', 'capacity', 'error'];

/** Connections that have ended for these causes within so many seconds, and as a share of all that did not end in a drain. */
function ended({ increase }, window, causes) {
  const some = causes.reduce((sum, cause) => sum + increase(`closed.${cause}`, window), 0);
  const all = increase('closed', window) - increase('closed.drain', window);
  return { some, share: all > 0 ? some / all : 0 };
}

/** The share of causes of ends, as an alert has it that wants a rate too. */
function endedAt(view, { above, rate, window }, causes) {
  const { some, share } = ended(view, window, causes);
  return share > above && some / window > rate ? share : null;
}

function utilization({ newest }) {
  const limit = numberAt(newest, 'connectionsLimit');
  return newest.draining || !limit ? 0 : numberAt(newest, 'connections') / limit;
}

/**
 * Each with the name and severity of its alert, its numbers, and `text(view, numbers)`: what is wrong, or null. A view has
 * - `newest`, the newest sample
 * - `increase(path, seconds)`: how much a total has grown within the last seconds
 * - `most(path, seconds)`: the largest value within the last seconds
 * - `share(path, seconds)`: for which part of the last seconds it was true
 * - `drainingFor`: seconds since the drain began
 * - `now`: Unix time
 */
export const ALERTS = [
  {
    name: 'ResoundAtCapacity',
    severity: 'critical',
    numbers: { above: 0.9, window: RATE },
    text: (view, { above, window }) => {
      const turned = view.increase('handshakes.capacity', window);
      return utilization(view) > above && turned > 0 ? `Full: ${format('count', turned)} handshakes refused within 5 minutes.` : null;
    },
  },
  {
    name: 'ResoundNearCapacity',
    severity: 'warning',
    numbers: { above: 0.8 },
    text: (view, { above }) =>
      utilization(view) > above
        ? `Almost full: ${percent(utilization(view))} of ${format('count', numberAt(view.newest, 'connectionsLimit'))} connections are open.`
        : null,
  },
  {
    name: 'ResoundOverloaded',
    severity: 'warning',
    numbers: { above: 0.2, window: 10 * MINUTE },
    text: (view, { above, window }) => {
      const share = view.share('overloaded', window);
      return share > above ? `Refuses new connections because memory is short: ${percent(share)} of the last 10 minutes.` : null;
    },
  },
  {
    name: 'ResoundErrors',
    severity: 'warning',
    numbers: { window: 15 * MINUTE },
    text: ({ increase }, { window }) => {
      const errors = increase('closed.error', window);
      return errors > 0 ? `Internal errors ended ${format('count', errors)} connections within 15 minutes.` : null;
    },
  },
  {
    name: 'ResoundHandshakesRefused',
    severity: 'warning',
    numbers: { above: 0.2, rate: 0.1, window: RATE },
    text: ({ increase }, { above, rate, window }) => {
      const all = increase('handshakes', window);
      const [count, outcome] = REFUSALS.map((name) => [increase(`handshakes.${name}`, window), name]).reduce((a, b) => (b[0] > a[0] ? b : a));
      return count > above * all && count / window > rate ? `Refuses ${percent(count / all)} of all handshakes; outcome: ${outcome}.` : null;
    },
  },
  {
    name: 'ResoundConnectionsLost',
    severity: 'warning',
    numbers: { above: 0.5, rate: 0.1, window: RATE },
    text: (view, numbers) => {
      const share = endedAt(view, numbers, ['idle', 'network']);
      return share === null ? null : `${percent(share)} of the connections that end are cut or fall silent.`;
    },
  },
  {
    name: 'ResoundSlowConsumers',
    severity: 'warning',
    numbers: { above: 10, share: 0.01, window: 15 * MINUTE },
    text: (view, { above, share, window }) => {
      const slow = ended(view, window, ['slow-consumer']);
      return slow.some > above && slow.share > share ? `${format('count', slow.some)} clients read nothing and were cut within 15 minutes.` : null;
    },
  },
  {
    name: 'ResoundBrokenFrames',
    severity: 'warning',
    numbers: { above: 0.2, rate: 0.1, window: RATE },
    text: (view, numbers) => {
      const share = endedAt(view, numbers, ['protocol-error', 'invalid-payload', 'too-big']);
      return share === null ? null : `${percent(share)} of the connections that end break the protocol or its limits.`;
    },
  },
  {
    name: 'ResoundEventLoopLag',
    severity: 'warning',
    numbers: { above: 0.25 },
    text: ({ most }, { above }) => {
      const lag = most('eventLoopLag.worst', MINUTE);
      return lag > above ? `An event loop ran ${format('seconds', lag)} late within the last minute.` : null;
    },
  },
  {
    name: 'ResoundDrainStuck',
    severity: 'warning',
    numbers: { for: 3 * MINUTE },
    text: ({ drainingFor }, numbers) =>
      drainingFor > numbers.for ? `Has been draining for ${format('duration', drainingFor)}.` : null,
  },
  {
    name: 'ResoundReloadRefused',
    severity: 'warning',
    numbers: { window: HOUR },
    text: ({ increase }, { window }) => (increase('reloadFailures', window) > 0 ? 'Refused a change of its settings or certificate; the old ones stay in use.' : null),
  },
  {
    name: 'ResoundLogLinesDropped',
    severity: 'warning',
    numbers: { window: 15 * MINUTE },
    text: ({ increase }, { window }) => {
      const lines = increase('logLinesDropped', window);
      return lines > 0 ? `Dropped ${format('count', lines)} lines of its log within 15 minutes.` : null;
    },
  },
  {
    name: 'ResoundCertificateExpires',
    severity: 'warning',
    numbers: { within: 7 * DAY },
    text: (view, { within }) => certificate(view, DAY, within),
  },
  {
    name: 'ResoundCertificateExpires',
    severity: 'critical',
    numbers: { within: DAY },
    text: (view, { within }) => certificate(view, -Infinity, within),
  },
];

function certificate({ newest, now }, more, atMost) {
  const expiry = numberAt(newest, 'certificateExpiry');
  const left = expiry === null ? Infinity : expiry - now;
  if (left <= more || left >= atMost) {
    return null;
  }
  return left > 0 ? `Its certificate expires in ${format('duration', left)}.` : 'Its certificate has expired.';
}

/** Paths of totals whose growth the alerts look at, and of other values that they look back on. */
export const WATCHED = [
  'handshakes', ...REFUSALS.map((outcome) => `handshakes.${outcome}`),
  'closed', ...['drain', 'error', 'idle', 'network', 'slow-consumer', 'protocol-error', 'invalid-payload', 'too-big'].map((cause) => `closed.${cause}`),
  'reloadFailures', 'logLinesDropped', 'overloaded', 'eventLoopLag.worst',
];

/** The numbers of one alert, for the lines that charts draw. */
export function numbersOf(name) {
  return ALERTS.find((alert) => alert.name === name).numbers;
}

/** `{name, severity, text}` for each alert that holds. */
export function problemsOf(view) {
  return ALERTS.map(({ name, severity, numbers, text }) => ({ name, severity, text: text(view, numbers) })).filter(({ text }) => text !== null);
}
