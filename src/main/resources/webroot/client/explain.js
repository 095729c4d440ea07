// What the server would answer to a handshake for the WebSocket's URL, as tables.

import { byId, copy, element, flash } from './dom.js';
import { curlFor, fetchExplain } from './explain-request.js';
import { span } from '../amounts.js';
import { isOwn } from '../connection.js';
import { clipped, isObject } from '../untrusted.js';

const ELSEWHERE =
  'The browser lets this page read responses only from its own server (CORS and Content-Security-Policy). ' +
  'Use the curl command below for the other server.';
const MOST_SHOWN = 1000;
const MOST_LINES = 100;

/** Has the page's button explain what `url()` and `protocols()` give. */
export function controlExplain(url, protocols) {
  byId('explainButton').addEventListener('click', async () => {
    const target = url();
    if (target === null) {
      return;
    }
    byId('explainButton').disabled = true;
    const { answer, problem } = isOwn(target) ? await fetchExplain(target, protocols()) : { problem: ELSEWHERE };
    byId('explainButton').disabled = false;
    byId('explainAnswer').replaceChildren(...(answer ? tables(answer) : [element('p', 'problem', problem)]));
    byId('explainCurl').textContent = curlFor(target, protocols());
    byId('explainCurlBlock').hidden = false;
  });
  byId('explainCopy').addEventListener('click', async () => {
    flash(byId('explainCopy'), (await copy(byId('explainCurl').textContent)) ? 'Copied' : 'Not copied');
  });
}

function tables(answer) {
  const { verdict } = answer;
  const accepted = verdict.status === 101 || verdict.status === 200;
  const sentence = element('p', accepted ? 'verdict good' : 'verdict bad', element('strong', '', `${text(verdict.status)} ${text(verdict.outcome)}`), verdict.detail ? `: ${text(verdict.detail)}` : '');
  return [sentence, rulesTable(answer.rules), factsTable(answer)];
}

/** A rule that holds because the server assumes a header which no script can send was not put to the test. */
function result({ passed, assumed }) {
  if (passed && assumed === true) {
    return element('span', 'unsent', '\u2013 assumed');
  }
  return passed ? element('span', 'passed', '\u2713 passed') : element('span', 'failed', '\u2717 failed');
}

function rulesTable(rules) {
  return table(
    'Handshake rules',
    ['Rule', 'Result', 'Found', 'Detail'],
    rules.map((rule) => [
      text(rule.header).toLowerCase() === rule.rule || !rule.header ? text(rule.rule) : `${text(rule.rule)} (${text(rule.header)})`,
      result(rule),
      element('code', '', text(rule.found)),
      text(rule.detail),
    ]),
  );
}

function factsTable(answer) {
  const [request, handshake, origin, forwarded, protocol, extensions, capacity] =
    ['request', 'handshake', 'origin', 'forwarded', 'protocol', 'extensions', 'capacity'].map((name) => (isObject(answer[name]) ? answer[name] : {}));
  const { keepAlive } = answer;
  const rows = [
    ['Instance', `${answer.instance}, version ${text(answer.version)}${answer.draining ? ', draining' : ''}`],
    ['Request', `${text(request.method)} ${text(request.version)}${request.tls ? ', TLS' : ', no TLS'}, host ${text(request.host)}`],
    ['Handshake', handshake.form ? `over HTTP/${text(handshake.http)}: ${text(handshake.form)}` : 'none'],
    ['Came from', `${text(request.peer)}${request.client && request.client !== request.peer ? `, for ${text(request.client)}` : ''}`],
    ['Headers', pairs(request.headers)],
    ['Origin', `${text(origin.checked ?? origin.sent)}: ${origin.allowed ? 'allowed' : 'not allowed'} (${text(origin.matched)})`],
    ['Forwarded by proxies', pairs(forwarded)],
    ['Subprotocols', `offered ${text(protocol.offered)}; chosen ${text(protocol.chosen)}; gives ${text(protocol.gives)}`],
    ['Extensions', `offered ${text(extensions.offered)}; accepted ${text(extensions.accepted)}`],
    ['Capacity', `${text(capacity.open)} of ${text(capacity.limit)} open; from this client ${text(capacity.openFromClient)}${capacity.limitPerAddress ? ` of ${text(capacity.limitPerAddress)}` : ''}`],
  ];
  if (keepAlive) {
    rows.push(['Keep-alive', keepAlive.interval ? `a ping every ${span(keepAlive.interval)}, closed after ${span(keepAlive.idleTimeout)} without data` : 'off']);
  }
  return table('What the server sees', ['What', 'Value'], rows);
}

function table(caption, heads, rows) {
  const head = element('tr', '', ...heads.map((name) => {
    const th = element('th', '', name);
    th.scope = 'col';
    return th;
  }));
  const body = rows.map((cells) => element('tr', '', ...cells.map((cell, i) => {
    const td = element('td', '', cell);
    td.dataset.head = heads[i];
    return td;
  })));
  return element('table', 'explained', element('caption', '', caption), element('thead', '', head), element('tbody', '', ...body));
}

function pairs(object) {
  const lines = Object.entries(isObject(object) ? object : {})
    .slice(0, MOST_LINES)
    .map(([name, value]) => element('div', '', element('code', '', `${clipped(name)}: ${text(value)}`)));
  return lines.length ? element('div', '', ...lines) : 'none';
}

/** A value of any type, in words. */
function text(value) {
  if (value === null || value === undefined || value.length === 0) {
    return 'none';
  }
  return Array.isArray(value) ? value.slice(0, MOST_LINES).map(scalar).join(', ') : scalar(value);
}

function scalar(value) {
  return typeof value === 'object' ? '\u2026' : clipped(String(value), MOST_SHOWN);
}
