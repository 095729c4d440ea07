// The results of a probe in sentences.

import { span } from '../amounts.js';
import { timeoutsBetween } from '../idle-timeouts.js';
import { clipped } from '../untrusted.js';

const SHARED =
  'The connections share one TCP connection (HTTP/2), which is never idle. Idle timeouts of TCP connections, as in NAT gateways, firewalls and network load ' +
  'balancers, do not show in this test.';

/** What is known: `{headline, notes}`, a text and a list of texts. */
export function textOf(probe) {
  const { state, problem, verdict } = probe;
  if (state === 'failed') {
    return { headline: problem === 'no-echo' ? NO_ECHO : REFUSED, notes: [] };
  }
  const { idle } = verdict;
  const found = [idle && `${idleText(probe)} ${matches('idle', idle)}`, verdict.age?.count > 1 && `${ageText(verdict.age)} ${matches('life', verdict.age)}`].filter(Boolean);
  return {
    headline: found.length ? found.join(' ') : nothing(probe),
    notes: [
      ...(idle ? [howText(idle), certainty(probe), directions(verdict), remedy(idle)] : []),
      ageNote(probe),
      irregular(verdict),
      shaken(verdict),
      pings(probe),
      probe.greeting?.http === '2' && SHARED,
      probe.trials.some(({ isChatty }) => isChatty) && 'The server sends messages by itself. The idle times count from the last one.',
      pauses(probe),
    ].filter(Boolean),
  };
}

const NO_ECHO = 'The server accepted the connection but did not echo. The test needs a server that sends each message back.';
const REFUSED = 'The connection failed, so nothing could be tested. Connect above: the log then says why.';

// The idle timeout.

function idleText({ verdict, greeting }) {
  const { idle } = verdict;
  return `${who(idle, greeting)} closes idle connections after ${range(idle)}.`;
}

/** Resound itself waits longer on these connections, so it is something else that cuts them. */
function who({ code, reason, to }, greeting) {
  if (/^nothing received for/.test(reason)) {
    return 'The server itself';
  }
  if (code !== null && code !== 1006) {
    return 'The server, or a gateway that answers for it,';
  }
  return greeting?.keepAlive.interval === 0 && greeting.keepAlive.idleTimeout > to ? 'Something between this browser and the server' : 'The server, or something between this browser and it,';
}

function range({ from, to }) {
  return time(from) === time(to) ? time(to) : `${time(from)} to ${time(to)}`;
}

/** As exact as the probe is, and up to 2 minutes in the seconds that people write into settings. */
function time(seconds) {
  const value = seconds < 10 ? seconds : Math.round(seconds);
  return value >= 10 && value <= 120 ? `${value}\u00a0s` : span(value);
}

function matches(of, { from, to }) {
  const fitting = timeoutsBetween(of, from, to).map(({ who: name, what, seconds }) => `${name} (${time(seconds)}; ${what})`);
  return fitting.length ? `These default ${of === 'idle' ? 'timeouts' : 'limits'} match: ${fitting.join('; ')}.` : 'No known default matches: somebody has set this value.';
}

function howText({ how, code, reason }) {
  if (how === 'silent') {
    return 'Neither side is told: the connection looks open, and the next message is never answered.';
  }
  if (how === 'reset') {
    return 'The browser is not told: the connection looks open until the next message, which ends it.';
  }
  return code === 1006
    ? 'The TCP connection ends without a Close frame (code 1006), which is how proxies close idle connections.'
    : `The connection ends with a Close frame: code ${code}${reason && `, reason \u201c${clipped(reason, 123)}\u201d`}.`;
}

function certainty({ verdict, isRunning, isSettled }) {
  const { idle, survived } = verdict;
  const kept = survived ? ` Connections that were idle for ${time(survived)} survived.` : '';
  if (idle.isExact) {
    const seen = idle.count > 1 ? `Seen on ${idle.count} connections.` : 'Seen on one connection only, so it may be an accident.';
    return `${seen}${kept}`;
  }
  return isRunning && !isSettled ? `More connections are narrowing this range down.${kept}` : kept.trim();
}

function directions({ up, down }) {
  const facts = { up: 'messages of the client', down: 'messages of the server' };
  const known = Object.keys(facts).filter((kind) => ({ up, down })[kind] !== null);
  const alive = known.filter((kind) => ({ up, down })[kind]);
  const both = known.length === 2;
  if (both && alive.length === 2) {
    return 'Traffic in either direction keeps the connection open: messages of the client alone, or of the server alone.';
  }
  if (both && alive.length === 0) {
    return 'Traffic in only one direction does not keep the connection open: both sides must send.';
  }
  return known.map((kind) => `${sentence(facts[kind])} alone ${alive.includes(kind) ? '' : 'do not '}keep it open.`).join(' ');
}

function remedy({ from, to }) {
  const often = time(rounded((from || to) / 2));
  return `To keep a connection open, send something at least every ${often}. In Resound, set websocket.keep-alive-interval to ${often} or less. Or raise the timeout.`;
}

/** Down to a number that one would write into a setting. */
function rounded(seconds) {
  const step = seconds >= 60 ? 10 : seconds >= 10 ? 5 : seconds >= 1 ? 1 : 0.1;
  // Half of 59.9 s is 30 s.
  return Math.floor((1.01 * seconds) / step) * step;
}

function nothing({ isRunning, verdict, trials }) {
  const waiting = trials.filter(({ kind, state }) => kind === 'idle' && state === 'idle').length;
  const survived = verdict.survived ? `Connections survive ${time(verdict.survived)} without traffic` : 'No result yet';
  if (isRunning) {
    return waiting ? `${survived}. ${waiting} more are waiting.` : `${survived}.`;
  }
  return verdict.survived ? `Nothing closes connections that are idle for up to ${time(verdict.survived)}.` : 'The test ended before a result was known.';
}

// The maximum age.

function ageText(age) {
  return `Connections end at an age of ${range(age)}, even while messages come and go: there is a maximum age.`;
}

function ageNote({ verdict, isRunning }) {
  const { age, alive, survived, idle } = verdict;
  if (!age) {
    return alive > 0 && `${isRunning ? 'So far no' : 'No'} maximum age: a busy connection has lived for ${span(Math.round(alive))}.`;
  }
  if (age.count === 1) {
    return `A busy connection ended at an age of ${range(age)}. ${isRunning ? 'A second one will show whether this is a maximum age.' : 'This may be a maximum age, or an accident.'}`;
  }
  const untested = idle ? '' : ` Connections that were idle for ${time(survived)} survived; longer idle times cannot be tested.`;
  return `Seen on ${age.count} busy connections, ${ageEnding(age)}. Pings do not help against a maximum age: clients must reconnect.${untested}`;
}

function ageEnding({ how, code, reason }) {
  if (how !== 'closed') {
    return 'which nobody closed: the next message was not answered';
  }
  return code === 1006 ? 'which ended without a Close frame (code 1006)' : `which ended with code ${code}${reason && ` \u201c${clipped(reason, 123)}\u201d`}`;
}

// What limits these results.

function irregular({ irregular: some }) {
  return some.length > 0 && `${counted(some)} earlier than others: after ${some.map(({ quiet }) => time(quiet)).join(', ')}. This is no fixed timeout.`;
}

function shaken({ shaken: some }) {
  return some.length > 0 && `${counted(some)} together with busy ones, or because the server restarts. These do not count: this is no timeout.`;
}

function counted({ length }) {
  return `${length === 1 ? '1 connection' : `${length} connections`} ended`;
}

function pings({ greeting, hasAsked }) {
  if (!greeting) {
    return 'If this server sends pings, its connections are never idle. No page can see pings, so a timeout that is longer than their interval does not show.';
  }
  const { interval } = greeting.keepAlive;
  if (interval === 0) {
    return 'The server sent no pings on these connections.';
  }
  const why = hasAsked ? 'It did not say whether it turned them off for this test' : 'It refused to turn them off for this test (websocket.max-probes)';
  return `The server pings every ${span(interval)}. ${why}. While it pings, a timeout that is longer does not show.`;
}

function pauses({ pauses: some }) {
  const total = some.reduce((sum, seconds) => sum + seconds, 0);
  return some.length > 0 && `This page stood still for ${span(total)}: the computer slept, or the browser stopped the page. Connections that were idle at that time do not count.`;
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// One connection.

/** What a connection is for. */
export function nameOf({ kind, target }) {
  return { busy: 'busy', up: 'only client sends', down: 'only server sends' }[kind] ?? `idle ${time(target)}`;
}

/** What it does, or how it ended. */
export function stateOf({ kind, state, quiet, age, how, code }) {
  const seconds = time(kind === 'idle' ? quiet : age);
  const lost = how === 'closed' ? `closed at ${seconds} (${code})` : `dead at ${seconds}`;
  return {
    opening: 'connecting',
    answering: 'open',
    idle: `idle for ${seconds}`,
    busy: `alive for ${seconds}`,
    up: `open for ${seconds}`,
    down: `open for ${seconds}`,
    checking: 'is it alive?',
    survived: kind === 'idle' ? 'survived' : `survived ${seconds}`,
    lost,
    failed: 'did not connect',
    void: 'does not count',
    stopped: `stopped at ${seconds}`,
  }[state];
}
