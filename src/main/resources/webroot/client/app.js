// The page: what its controls do, and what they show.

import { controlClosing } from './closing.js';
import { controlCompare } from './compare.js';
import { Composer } from './composer.js';
import { Continuous } from './continuous.js';
import { Details } from './details.js';
import { diagnose, diagnoseForeign } from './diagnosis.js';
import { byId, showProblem } from './dom.js';
import { Echoes } from './echoes.js';
import { fetchExplain, tryAgain } from './explain-request.js';
import { controlExplain } from './explain.js';
import { controlFaults } from './faults.js';
import { controlFile } from './file.js';
import { httpVersionOf } from './http-version.js';
import { Link } from './link.js';
import { controlLog, logNote } from './log-controls.js';
import { Log } from './log.js';
import { PageLife } from './page-life.js';
import { PingControls } from './ping-controls.js';
import { controlProbeWhenOpened } from './probe-loader.js';
import { greetingIn, ProtocolChoice } from './protocols.js';
import { Reconnecting } from './reconnecting.js';
import { showRoundTrips } from './round-trips-view.js';
import { RoundTrips } from './round-trips.js';
import { canConnect, refocus, showState } from './state-view.js';
import { Traffic } from './traffic.js';
import { isExpected, meaningOf, suspectsOf } from '../close-codes.js';
import { Connection, isOwn, urlProblem } from '../connection.js';

const connectionUrl = byId('connectionUrl');

const log = new Log(byId('commsLog'), (rows) => {
  byId('logNote').textContent = logNote(rows);
});
const echoes = new Echoes();
const traffic = new Traffic();
const roundTrips = new RoundTrips();
const protocolChoice = new ProtocolChoice();
const pageLife = new PageLife();

/** What is known of this connection beyond the socket: Resound's greeting, its answer by HTTP, our offer, who closed, how it ended. */
let facts = { url: '', offered: [] };
/** The instance that answered last, to compare with the one that answers after a reconnect. */
let lastInstance = '';

const connection = new Connection({ changed: show, opened, received, closed });
const reconnecting = new Reconnecting({ connect, changed: () => show(connection.state), log: (text) => log.note(text) });
const pings = new PingControls((ping) => {
  transmit(ping);
  echoes.sent(ping, { isPing: true });
});
const continuous = new Continuous({
  send: transmit,
  buffered: () => connection.bufferedAmount,
  roundTrip: (time) => roundTrips.add(time),
  log: (text) => log.summary(text),
});
const details = new Details(() => ({ ...facts, connection, traffic, roundTrips, keepAlive: keepAlive() }));

function keepAlive() {
  return facts.greeting?.keepAlive ?? facts.http?.keepAlive;
}

function show(state) {
  showState(state, { isWaiting: reconnecting.isWaiting, isBad: facts.isBad });
  protocolChoice.disabled = !canConnect(state);
  continuous.enabled = state === 'open';
  details.show();
}

// The connection's life.

function connect() {
  if (!canConnect(connection.state)) {
    return;
  }
  const url = connectionUrl.value.trim();
  const protocols = protocolChoice.read();
  let problem = urlProblem(url);
  if (!problem && protocols) {
    try {
      facts = { url, offered: protocols };
      byId('failure').textContent = '';
      pageLife.begin();
      connection.open(url, protocols);
    } catch (error) {
      problem = `The browser refuses this URL: ${error.message}`;
    }
  }
  showProblem(connectionUrl, problem, byId('urlProblem'));
}

function opened() {
  facts.down = reconnecting.opened();
  traffic.opened();
  roundTrips.clear();
  showRoundTrips(roundTrips);
  log.event('Connection opened', { about: aboutConnection() });
  if (facts.down !== null && !connection.protocol.startsWith('resound.')) {
    log.note(downtime(facts.down));
  }
  pings.opened();
  refocus(byId('sendMessage'));
  askByHttp();
}

function aboutConnection() {
  return [httpVersionOf(facts.url, facts.greeting), connection.protocol || 'no subprotocol', facts.url].join(' \u00b7 ');
}

function downtime(seconds, instance) {
  const which = instance && (instance === lastInstance ? `, still on instance ${instance}` : `, now on instance ${instance}`);
  return `Connected again: down for ${seconds.toFixed(1)}\u00a0s${which ?? ''}.`;
}

function received(data) {
  const isFirst = traffic.totals.received.messages === 0;
  traffic.received(data);
  const greeting = isFirst && greetingIn(data, connection.protocol);
  if (greeting) {
    greeted(greeting);
    if (connection.protocol === 'resound.echo.v1') {
      return;
    }
  }
  const echo = echoes.received(data);
  if (!echo && continuous.received(data)) {
    return;
  }
  if (echo) {
    roundTrips.add(echo.millis);
  }
  if (echo?.isPing) {
    pings.answered(echo.millis);
  } else {
    log.message('Server', 'Client', data, echo?.millis, echo?.row);
  }
}

/** The server has named itself in its first message. */
function greeted(greeting) {
  const { instance, version, http } = greeting;
  facts.greeting = greeting;
  details.show();
  if (connection.protocol === 'resound.echo.v1') {
    log.note(`Answered by ${instance}, version ${version}${http ? `, over HTTP/${http}` : ''}: the greeting of resound.echo.v1.`);
  }
  if (facts.down !== null) {
    log.note(downtime(facts.down, instance));
  }
  lastInstance = instance;
}

function close(code, reason) {
  facts.byPage = true;
  connection.close(code, reason);
}

function cancel() {
  connection.cancel();
  reconnecting.cancel();
  refocus(byId('connectButton'));
}

function closed({ code, reason, opened, timedOut, cancelled, seconds }) {
  traffic.closed();
  pings.closed();
  echoes.clear();
  const { byPage, offered, url } = facts;
  const end = { code, reason, opened, byPage, offered: offered.length > 0 };
  const meaning = cancelled ? 'The attempt was cancelled.' : meaningOf(end);
  const isBad = !cancelled && !isExpected(end);
  facts.end = { code, reason, meaning };
  facts.isBad = isBad;
  log.event(`Connection closed. Code: ${code}. Reason: ${reason}`, { bad: isBad, about: opened ? '' : url });
  const isDiagnosed = !cancelled && !byPage && code === 1006;
  const ofBrowser = isDiagnosed ? pageLife.cause() : null;
  // A normal end needs no explanation, and an attempt that failed gets a diagnosis.
  if (code !== 1000 && (opened || cancelled) && !ofBrowser) {
    log.note(meaning);
    const times = { age: traffic.age, quiet: traffic.quiet, onWire: traffic.quietOnWire(keepAlive()?.interval) };
    suspectsOf({ ...end, ...times }).forEach((text) => log.note(text));
  }
  if (ofBrowser) {
    writeDiagnosis(ofBrowser);
  } else if (isDiagnosed && !reconnecting.isRepeated) {
    findOut({ url, protocols: offered, opened, timedOut, seconds, instance: facts.greeting?.instance ?? '' });
  }
  if (!byPage && !cancelled) {
    reconnecting.ended();
  }
  show(connection.state);
  refocus(byId('connectButton'));
}

/** Finds out why a connection failed or was cut. */
async function findOut(end) {
  writeDiagnosis(isOwn(end.url) ? await diagnoseOwn(end) : await diagnoseOther(end));
}

function writeDiagnosis([reason, ...lines]) {
  log.problem(reason, lines);
  byId('failure').textContent = sentence(reason);
}

/** The reason as it stands below the URL, where one looks after pressing Connect. */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function diagnoseOwn(end) {
  return diagnose(end, {
    explain: () => fetchExplain(end.url, end.protocols),
    tryAgain: () => tryAgain(end.url),
  });
}

async function diagnoseOther(end) {
  const { status } = await fetchExplain(ownUrl);
  return diagnoseForeign(end, status !== 0);
}

/** Only where it is shown: a connection needs no further request. */
async function askByHttp() {
  const asked = facts;
  const { protocol } = connection;
  if (!details.isShown || !connection.isOpen || asked.http || protocol.startsWith('resound.') || !isOwn(asked.url)) {
    return;
  }
  asked.http = {};
  asked.http = (await fetchExplain(asked.url)).answer ?? {};
  details.show();
}

// Sending.

function transmit(data) {
  connection.send(data);
  traffic.sent(data);
}

/** Sends a message and logs it; returns false if there is no open connection. */
function sendLogged(data) {
  if (!connection.isOpen) {
    return false;
  }
  transmit(data);
  echoes.sent(data, { row: log.message('Client', 'Server', data) });
  return true;
}

// The start.

const ownUrl = new URL(document.body.dataset.webSocket, location.href.replace(/^http/, 'ws')).href;
connectionUrl.value = ownUrl;
const link = new Link();
const composer = new Composer(sendLogged);
byId('connectForm').addEventListener('submit', (event) => {
  event.preventDefault();
  reconnecting.cancel();
  connect();
});
byId('firstConnect').addEventListener('click', connect);
byId('firstProbe').addEventListener('click', () => {
  byId('probeGroup').open = true;
});
byId('cancelButton').addEventListener('click', cancel);
byId('closeButton').addEventListener('click', () => close(1000, 'Closing from client'));
byId('details').addEventListener('toggle', askByHttp);
byId('roundTrips').addEventListener('toggle', () => showRoundTrips(roundTrips));
setInterval(() => connection.isOpen && showRoundTrips(roundTrips), 500);
controlFile(sendLogged);
controlClosing(close);
controlExplain(explained, () => protocolChoice.read() ?? []);
controlCompare(() => connectionUrl.value);
controlFaults(connectionUrl);
controlProbeWhenOpened(explained, () => protocolChoice.read());
controlLog(log).filter();
protocolChoice.show();
composer.show();
show(connection.state);
showForeignHost(link.foreignHost);
connectionUrl.addEventListener('input', () => showForeignHost(''));
if (link.mayConnect) {
  connect();
}

/** Says to which server a link leads, if it is not the page's own: the box shows only the beginning of a URL. */
function showForeignHost(host) {
  byId('foreignHint').hidden = host === '';
  byId('foreignHint').textContent = `The link points to another server, ${host}. Connect only if you trust it.`;
}

/** The URL in the box; null if it is none, and then the page says so. */
function explained() {
  const problem = urlProblem(connectionUrl.value.trim());
  showProblem(connectionUrl, problem, byId('urlProblem'));
  return problem ? null : connectionUrl.value.trim();
}
