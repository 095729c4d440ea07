// The requests that ask a server to explain a handshake.

import { toHex } from './payload.js';
import { keepAliveOf } from './protocols.js';
import { handshakeSucceeds } from '../connection.js';
import { clipped, isObject, orNull, parsed } from '../untrusted.js';

const MOST_MILLIS = 10_000;
const MOST_CHARACTERS = 1024 * 1024;
const MOST_RULES = 100;

/** Where to ask about a WebSocket's URL: the same one, by HTTP. What follows `explain` belongs to the question, not to the handshake. */
export function explainUrl(webSocketUrl, parameters = {}) {
  const url = new URL(webSocketUrl.replace(/^ws/i, 'http'));
  const added = ['explain', ...Object.entries(parameters).filter(([, value]) => value !== '').map(([name, value]) => `${name}=${encodeURIComponent(value)}`)];
  // Not searchParams.append: it would write the rest of the query anew, and `explain=` instead of `explain`.
  url.search = `${url.search ? `${url.search}&` : '?'}${added.join('&')}`;
  return url;
}

/**
 * Asks a server of this page's origin what it would answer to a handshake of this page. A script cannot set the headers Origin and
 * Sec-WebSocket-Protocol, so their values are parameters. With the identifier of an earlier `attempt`, the server also tells how that arrived.
 *
 * Returns `{answer}`, or `{problem, status, server, detail}`: a sentence, and what came instead of an explanation. `status` is 0 if nothing came.
 */
export async function fetchExplain(webSocketUrl, protocols = [], attempt = '') {
  const url = explainUrl(webSocketUrl, { origin: location.origin, protocol: protocols.join(','), attempt });
  try {
    const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(MOST_MILLIS) });
    const body = await response.text();
    const answer = orNull(() => parsed(body, MOST_CHARACTERS));
    return isExplanation(answer) ? { answer: withKeepAlive(answer) } : unexplained(response, answer);
  } catch (error) {
    return { problem: `The request failed: ${error.message}.`, status: 0, server: '', detail: '' };
  }
}

/** Another server may answer at this path. What is used without a check has to have its type. */
function isExplanation(answer) {
  return isObject(answer?.verdict) && Array.isArray(answer.rules) && answer.rules.length <= MOST_RULES
    && answer.rules.every((rule) => isObject(rule) && typeof rule.rule === 'string' && rule.rule.length <= 100);
}

function withKeepAlive(answer) {
  return { ...answer, instance: typeof answer.instance === 'string' ? clipped(answer.instance) : 'none', keepAlive: orNull(() => keepAliveOf(answer.keepAlive)) };
}

function unexplained({ status, headers }, answer) {
  const detail = typeof answer?.detail === 'string' ? clipped(answer.detail, 300) : '';
  return {
    problem: `The response was ${status}${detail && ` (${detail})`}, without an explanation: websocket.explain is off, or a proxy answered instead of Resound.`,
    status,
    server: clipped(headers.get('Server') ?? '', 60),
    detail,
  };
}

/**
 * Connects a second time, without subprotocols: {succeeded, seen}. `seen` is how the handshake arrived. The server remembers it
 * by an identifier in the query, which nobody else knows; a server that does not remember leaves `seen` undefined.
 */
export async function tryAgain(webSocketUrl) {
  const attempt = toHex(crypto.getRandomValues(new Uint8Array(16))).replaceAll(' ', '');
  const url = new URL(webSocketUrl);
  url.search = `${url.search ? `${url.search}&` : '?'}attempt=${attempt}`;
  const succeeded = await handshakeSucceeds(url.href);
  return { succeeded, seen: succeeded ? undefined : (await fetchExplain(webSocketUrl, [], attempt)).answer?.attempt };
}

/** A command that sends the headers of a handshake, which no script may. */
export function curlFor(webSocketUrl, protocols) {
  const headers = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key()}`,
    `Origin: ${location.origin}`,
    ...(protocols.length ? [`Sec-WebSocket-Protocol: ${protocols.join(', ')}`] : []),
  ];
  const lines = ['curl --http1.1 --silent --show-error --max-time 10', ...headers.map((header) => `-H ${quoted(header)}`), quoted(explainUrl(webSocketUrl).href)];
  return lines.join(' \\\n  ');
}

/** For a shell. */
function quoted(text) {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function key() {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}
