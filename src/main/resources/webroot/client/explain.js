// What the server makes of a request for the WebSocket's URL: fetched, and shown as tables.

import { byId, copy, element, flash } from './dom.js';
import { curlFor, explainUrl } from './explain-request.js';
import { keepAliveOf } from './protocols.js';
import { span } from '../amounts.js';
import { clipped, isObject, orNull, parsed } from '../untrusted.js';

const ELSEWHERE =
  'The browser lets this page read responses only from its own server (CORS and Content-Security-Policy). ' +
  'Use the curl command below for the other server.';
const PLAIN =
  'This was a plain HTTP request: a script cannot send handshake headers, or an Origin to its own server. ' +
  'The curl command below sends a complete handshake.';
/** The rules about headers that a script cannot send. */
const BEYOND_SCRIPTS = ['upgrade', 'connection', 'version', 'key'];
/** Over HTTP/2 a handshake is a CONNECT request, which a script cannot send either. */
const BEYOND_SCRIPTS_OVER_HTTP2 = [...BEYOND_SCRIPTS, 'method', 'http-version'];

/** Whether a rule was not put to the test. A request to its own server has no Origin, and may pass for that reason alone. */
function isUntested({ rule, passed, found }, isHttp2) {
  const beyond = isHttp2 ? BEYOND_SCRIPTS_OVER_HTTP2 : BEYOND_SCRIPTS;
  return rule === 'origin' ? found === null : !passed && beyond.includes(rule);
}

const MOST_MILLIS = 10_000;
const MOST_CHARACTERS = 1024 * 1024;
const MOST_SHOWN = 1000;
const MOST_LINES = 100;

/** Asks a server of this page's origin; `{answer}`, or `{problem}` in words. */
export async function fetchExplain(webSocketUrl) {
  const url = explainUrl(webSocketUrl);
  if (url.origin !== location.origin) {
    return { problem: ELSEWHERE };
  }
  try {
    const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(MOST_MILLIS) });
    const body = await response.text();
    const answer = orNull(() => parsed(body, MOST_CHARACTERS));
    return isExplanation(answer) ? { answer: withKeepAlive(answer) } : { problem: unexplained(response.status, answer) };
  } catch (error) {
    return { problem: `The request failed: ${error.message}.` };
  }
}

/** Another server may answer at this path. What is used without a check below has to have its type. */
function isExplanation(answer) {
  return isObject(answer?.verdict) && Array.isArray(answer.rules) && answer.rules.length <= MOST_LINES
    && answer.rules.every((rule) => isObject(rule) && typeof rule.rule === 'string' && rule.rule.length <= 100);
}

function withKeepAlive(answer) {
  return { ...answer, instance: text(answer.instance), keepAlive: orNull(() => keepAliveOf(answer.keepAlive)) };
}

function unexplained(status, answer) {
  const detail = answer?.detail ? ` (${text(answer.detail)})` : '';
  return `The response was ${status}${detail}, without an explanation: websocket.explain is off, or a proxy answered instead of Resound.`;
}

/** Has the page's button explain what `url()` and `protocols()` give. */
export function controlExplain(url, protocols) {
  byId('explainButton').addEventListener('click', async () => {
    const target = url();
    if (target === null) {
      return;
    }
    byId('explainButton').disabled = true;
    const { answer, problem } = await fetchExplain(target);
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
  const isHttp2 = answer.handshake?.http === '2';
  return [
    element('p', '', 'Verdict: ', element('strong', '', `${text(verdict.status)} ${text(verdict.outcome)}`), verdict.detail ? `. ${text(verdict.detail)}` : ''),
    element('p', '', conclusion(answer.rules, isHttp2)),
    element('p', 'hint', PLAIN),
    rulesTable(answer.rules, isHttp2),
    factsTable(answer),
  ];
}

function conclusion(rules, isHttp2) {
  const broken = rules.filter((rule) => !rule.passed && !isUntested(rule, isHttp2)).map(({ rule }) => rule);
  return broken.length
    ? `These rules would also reject a handshake: ${broken.join(', ')}.`
    : 'No rule rejects the handshake, apart from the headers that a script cannot send.';
}

function result(rule, isHttp2) {
  if (isUntested(rule, isHttp2)) {
    return element('span', 'unsent', '\u2013 not sent');
  }
  return rule.passed ? element('span', 'passed', '\u2713 passed') : element('span', 'failed', '\u2717 failed');
}

function rulesTable(rules, isHttp2) {
  return table(
    'Handshake rules',
    ['Rule', 'Result', 'Found', 'Detail'],
    rules.map((rule) => [
      text(rule.header).toLowerCase() === rule.rule || !rule.header ? text(rule.rule) : `${text(rule.rule)} (${text(rule.header)})`,
      result(rule, isHttp2),
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
    ['Origin', `${text(origin.sent)}: ${origin.allowed ? 'allowed' : 'not allowed'} (${text(origin.matched)})`],
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
