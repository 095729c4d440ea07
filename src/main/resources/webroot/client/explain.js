// What the server makes of a request for the WebSocket's URL: fetched, and shown as tables.

import { byId, copy, element, flash } from './dom.js';
import { curlFor, explainUrl } from './explain-request.js';
import { span } from '../amounts.js';

const ELSEWHERE =
  'A browser lets this page read the answers of its own server only (no CORS, and this page\u2019s own Content-Security-Policy). ' +
  'The curl command below asks the other server.';
const PLAIN =
  'This was a plain HTTP request: a script can send neither the headers of a handshake nor, to its own server, an Origin. ' +
  'What becomes of a whole handshake on its way the curl command below shows.';
/** The rules about headers that a script cannot send. */
const BEYOND_SCRIPTS = ['upgrade', 'connection', 'version', 'key'];

/** Whether a rule was not put to the test. A request to its own server has no Origin, and may pass for that reason alone. */
function isUntested({ rule, passed, found }) {
  return rule === 'origin' ? found === null : !passed && BEYOND_SCRIPTS.includes(rule);
}

/** Asks a server of this page's origin; `{answer}`, or `{problem}` in words. */
export async function fetchExplain(webSocketUrl) {
  const url = explainUrl(webSocketUrl);
  if (url.origin !== location.origin) {
    return { problem: ELSEWHERE };
  }
  try {
    const response = await fetch(url, { cache: 'no-store' });
    const answer = await response.json().catch(() => null);
    return answer?.rules ? { answer } : { problem: unexplained(response.status, answer) };
  } catch (error) {
    return { problem: `No answer came: ${error.message}.` };
  }
}

function unexplained(status, answer) {
  const detail = answer?.detail ? ` (${answer.detail})` : '';
  return `The answer was ${status}${detail} and explains nothing: explain is switched off there (websocket.explain), or something on the way answered instead of Resound.`;
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
  return [
    element('p', '', 'Verdict: ', element('strong', '', `${verdict.status} ${verdict.outcome}`), verdict.detail ? `. ${verdict.detail}` : ''),
    element('p', '', conclusion(answer.rules)),
    element('p', 'hint', PLAIN),
    rulesTable(answer.rules),
    factsTable(answer),
  ];
}

function conclusion(rules) {
  const broken = rules.filter((rule) => !rule.passed && !isUntested(rule)).map(({ rule }) => rule);
  return broken.length
    ? `A handshake would not get through either: ${broken.join(', ')}.`
    : 'Apart from the headers that a script cannot send, nothing stands against a handshake.';
}

function result(rule) {
  if (isUntested(rule)) {
    return element('span', 'unsent', '\u2013 not sent');
  }
  return rule.passed ? element('span', 'passed', '\u2713 passed') : element('span', 'failed', '\u2717 failed');
}

function rulesTable(rules) {
  return table(
    'Rules of the handshake',
    ['Rule', 'Result', 'Found', 'Detail'],
    rules.map((rule) => [
      rule.header && rule.header.toLowerCase() !== rule.rule ? `${rule.rule} (${rule.header})` : rule.rule,
      result(rule),
      element('code', '', text(rule.found)),
      text(rule.detail),
    ]),
  );
}

function factsTable(answer) {
  const { request = {}, origin = {}, forwarded = {}, protocol = {}, extensions = {}, capacity = {}, keepAlive } = answer;
  const rows = [
    ['Instance', `${answer.instance}, version ${answer.version}${answer.draining ? ', draining' : ''}`],
    ['Request', `${text(request.method)} ${text(request.version)}${request.tls ? ', TLS' : ', no TLS'}, host ${text(request.host)}`],
    ['Came from', `${text(request.peer)}${request.client && request.client !== request.peer ? `, for ${request.client}` : ''}`],
    ['Headers', pairs(request.headers)],
    ['Origin', `${text(origin.sent)}: ${origin.allowed ? 'allowed' : 'not allowed'} (${text(origin.matched)})`],
    ['Forwarded by proxies', pairs(forwarded)],
    ['Sub-protocols', `offered ${text(protocol.offered)}; chosen ${text(protocol.chosen)}; gives ${text(protocol.gives)}`],
    ['Extensions', `offered ${text(extensions.offered)}; accepted ${text(extensions.accepted)}`],
    ['Capacity', `${text(capacity.open)} of ${text(capacity.limit)} open; from this client ${text(capacity.openFromClient)}${capacity.limitPerAddress ? ` of ${capacity.limitPerAddress}` : ''}`],
  ];
  if (keepAlive) {
    rows.push(['Keep-alive', keepAlive.interval ? `a ping every ${span(keepAlive.interval)}, the end after ${span(keepAlive.idleTimeout)} of silence` : 'off']);
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
  const lines = Object.entries(object ?? {}).map(([name, value]) => element('div', '', element('code', '', `${name}: ${value}`)));
  return lines.length ? element('div', '', ...lines) : 'none';
}

function text(value) {
  return value === null || value === undefined || value.length === 0 ? 'none' : String(Array.isArray(value) ? value.join(', ') : value);
}
