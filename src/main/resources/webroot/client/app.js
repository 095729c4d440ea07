// The page: what its controls do, and what they show.

import { controlBinary } from './binary.js';
import { meaningOf, suspectsOf } from '../close-codes.js';
import { controlClosing } from './closing.js';
import { Connection, urlProblem } from '../connection.js';
import { Continuous } from './continuous.js';
import { Details } from './details.js';
import { byId, showProblem } from './dom.js';
import { Echoes } from './echoes.js';
import { controlExplain, fetchExplain } from './explain.js';
import { Link } from './link.js';
import { controlLog, logNote } from './log-controls.js';
import { Log } from './log.js';
import { utf8 } from './payload.js';
import { PingControls } from './ping-controls.js';
import { greetingIn, ProtocolChoice } from './protocols.js';
import { showRoundTrips } from './round-trips-view.js';
import { RoundTrips } from './round-trips.js';
import { canConnect, refocus, showState } from './state-view.js';
import { Traffic } from './traffic.js';

const connectionUrl = byId('connectionUrl');
const connectButton = byId('connectButton');
const closeButton = byId('closeButton');
const sendMessage = byId('sendMessage');

const log = new Log(byId('commsLog'), (rows) => {
  byId('logNote').textContent = logNote(rows);
});
const echoes = new Echoes();
const traffic = new Traffic();
const roundTrips = new RoundTrips();
const protocolChoice = new ProtocolChoice();

/** What is known of this connection beyond the socket: Resound's greeting, its answer by HTTP, our offer, who closed, how it ended. */
let facts = { offered: [] };

const connection = new Connection({ changed: show, opened, received, closed });
const pings = new PingControls((ping) => {
  transmit(ping);
  echoes.sent(ping, true);
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
  showState(state);
  protocolChoice.disabled = !canConnect(state);
  continuous.enabled = state === 'open';
  details.show();
}

// The connection's life.

function connect(event) {
  event?.preventDefault();
  const url = connectionUrl.value.trim();
  const protocols = protocolChoice.read();
  let problem = urlProblem(url);
  if (!problem && protocols) {
    try {
      facts = { offered: protocols };
      connection.open(url, protocols);
    } catch (error) {
      problem = `The browser refuses this URL: ${error.message}`;
    }
  }
  showProblem(connectionUrl, problem, byId('urlProblem'));
}

function opened() {
  traffic.opened();
  roundTrips.clear();
  showRoundTrips(roundTrips);
  log.event('Connection opened');
  pings.opened();
  refocus(sendMessage);
  askByHttp();
}

function received(data) {
  const isFirst = traffic.totals.received.messages === 0;
  traffic.received(data);
  const greeting = isFirst && greetingIn(data, connection.protocol);
  if (greeting) {
    facts.greeting = greeting;
    details.show();
  }
  if (greeting && connection.protocol === 'resound.echo.v1') {
    log.note(`Answered by ${greeting.instance}, version ${greeting.version}: the greeting of resound.echo.v1.`);
    return;
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
    log.message('Server', 'Client', data, echo?.millis);
  }
}

function close(code, reason) {
  facts.byPage = true;
  connection.close(code, reason);
}

function closed({ code, reason, opened }) {
  traffic.closed();
  pings.closed();
  echoes.clear();
  const { byPage, offered } = facts;
  const end = { code, reason, opened, byPage, offered: offered.length > 0 };
  const meaning = meaningOf(end);
  facts.end = { code, reason, meaning };
  log.event(`Connection closed. Code: ${code}. Reason: ${reason}`);
  // A normal end needs no explanation.
  if (code !== 1000) {
    log.note(meaning);
  }
  const times = { age: traffic.age, quiet: traffic.quiet, onWire: traffic.quietOnWire(keepAlive()?.interval) };
  suspectsOf({ ...end, ...times }).forEach((text) => log.note(text));
  details.show();
  refocus(connectButton);
}

/** Only where it is to be seen: whoever just sends a message has not asked for a further request. */
async function askByHttp() {
  const asked = facts;
  const { protocol } = connection;
  if (!details.isShown || !connection.isOpen || asked.http || protocol.startsWith('resound.')) {
    return;
  }
  asked.http = {};
  asked.http = (await fetchExplain(connectionUrl.value.trim())).answer ?? {};
  details.show();
}

// Sending.

function transmit(data) {
  connection.send(data);
  traffic.sent(data);
}

function sendLogged(data) {
  if (connection.isOpen) {
    transmit(data);
    echoes.sent(data);
    log.message('Client', 'Server', data);
  }
}

function send(event) {
  event.preventDefault();
  if (!connection.isOpen) {
    return;
  }
  const text = sendMessage.value;
  sendLogged(byId('sendForm').elements.type.value === 'binary' ? utf8(text) : text);
  sendMessage.value = '';
  sendMessage.focus();
}

// The start.

connectionUrl.value = new URL(document.body.dataset.webSocket, location.href.replace(/^http/, 'ws')).href;
const link = new Link();
byId('connectForm').addEventListener('submit', connect);
byId('sendForm').addEventListener('submit', send);
closeButton.addEventListener('click', () => close(1000, 'Closing from client'));
byId('details').addEventListener('toggle', askByHttp);
byId('roundTrips').addEventListener('toggle', () => showRoundTrips(roundTrips));
setInterval(() => connection.isOpen && showRoundTrips(roundTrips), 500);
controlBinary(sendLogged);
controlClosing(close);
controlExplain(explained, () => protocolChoice.read() ?? []);
controlLog(log).filter();
protocolChoice.show();
show(connection.state);
showForeignHost(link.foreignHost);
connectionUrl.addEventListener('input', () => showForeignHost(''));
if (link.mayConnect) {
  connect();
}

/** Says to which server a link leads, where that is not the page's own: the box shows the beginning of a URL only. */
function showForeignHost(host) {
  byId('foreignHint').hidden = host === '';
  byId('foreignHint').textContent = `The link points to another server, ${host}. Connect only if you trust it.`;
}

/** The URL to explain; null where it is none, and then the page says so. */
function explained() {
  const problem = urlProblem(connectionUrl.value.trim());
  showProblem(connectionUrl, problem, byId('urlProblem'));
  return problem ? null : connectionUrl.value.trim();
}
