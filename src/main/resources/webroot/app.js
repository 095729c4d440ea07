// The page: what its controls do, and what they show.

import { meaningOf } from './close-codes.js';
import { Connection, STATE_TEXTS, urlProblem } from './connection.js';
import { Echoes } from './echoes.js';
import { Log } from './log.js';
import { Pinger } from './pinger.js';

const byId = (id) => document.getElementById(id);
const stateLabel = byId('stateLabel');
const connectionUrl = byId('connectionUrl');
const connectButton = byId('connectButton');
const closeButton = byId('closeButton');
const sendMessage = byId('sendMessage');
const sendButton = byId('sendButton');
const pingSwitch = byId('pingSwitch');
const pingSeconds = byId('pingSeconds');

const log = new Log(byId('commsLog'), (dropped) => {
  byId('logNote').textContent = dropped ? `${dropped} older rows dropped` : '';
});
const echoes = new Echoes();
const pinger = new Pinger((ping) => {
  connection.send(ping);
  echoes.sent(ping, true);
  showPings();
});

const connection = new Connection({
  changed: show,
  opened() {
    log.event('Connection opened');
    pinger.reset();
    schedulePings();
    refocus(sendMessage);
  },
  received,
  closed(end) {
    schedulePings();
    echoes.clear();
    log.event(`Connection closed. Code: ${end.code}. Reason: ${end.reason}`);
    const meaning = meaningOf(end);
    if (meaning) {
      log.note(meaning);
    }
    refocus(connectButton);
  },
});

function show(state) {
  stateLabel.textContent = STATE_TEXTS[state];
  stateLabel.dataset.state = state;
  const canConnect = state === 'ready' || state === 'closed';
  connectionUrl.disabled = connectButton.disabled = !canConnect;
  sendMessage.disabled = sendButton.disabled = closeButton.disabled = state !== 'open';
}

/** Where the focused control was disabled, the keyboard would start again at the top of the page. */
function refocus(control) {
  if (document.activeElement === document.body || document.activeElement?.disabled) {
    control.focus();
  }
}

function received(data) {
  const echo = echoes.received(data);
  if (echo?.isPing) {
    pinger.answered();
    showPings(echo.millis);
  } else {
    log.message('Server', 'Client', data, echo && `${echo.millis.toFixed(1)}\u00a0ms`);
  }
}

function connect(event) {
  event.preventDefault();
  const url = connectionUrl.value.trim();
  let problem = urlProblem(url);
  if (!problem) {
    try {
      connection.open(url);
    } catch (error) {
      problem = `The browser does not connect to this URL: ${error.message}`;
    }
  }
  byId('urlProblem').textContent = problem;
  connectionUrl.setAttribute('aria-invalid', problem !== '');
}

function send(event) {
  event.preventDefault();
  if (!connection.isOpen) {
    return;
  }
  const text = sendMessage.value;
  const isBinary = byId('sendForm').elements.type.value === 'binary';
  const data = isBinary ? new TextEncoder().encode(text) : text;
  connection.send(data);
  echoes.sent(data);
  log.message('Client', 'Server', data);
  sendMessage.value = '';
  sendMessage.focus();
}

function schedulePings() {
  const valid = pingSeconds.checkValidity();
  pingSeconds.setAttribute('aria-invalid', !valid);
  if (pingSwitch.checked && valid && connection.isOpen) {
    pinger.start(pingSeconds.valueAsNumber);
  } else {
    pinger.stop();
  }
  showPings();
}

function showPings(millis) {
  const last = millis === undefined ? '' : `, the last in ${millis.toFixed(1)}\u00a0ms`;
  byId('pingCount').textContent = pingSeconds.validity.valid ? pinger.summary + last : 'Choose 1 to 3600 whole seconds.';
}

connectionUrl.value = new URL(document.body.dataset.webSocket, location.href.replace(/^http/, 'ws')).href;
byId('connectForm').addEventListener('submit', connect);
byId('sendForm').addEventListener('submit', send);
closeButton.addEventListener('click', () => connection.close(1000, 'Closing from client'));
byId('clearButton').addEventListener('click', () => log.clear());
pingSwitch.addEventListener('change', schedulePings);
pingSeconds.addEventListener('input', schedulePings);
show(connection.state);
