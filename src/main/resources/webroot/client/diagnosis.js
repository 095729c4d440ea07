// Why a connection failed or was cut. A browser tells a script only "1006", so the page asks the server, tries again, and concludes.

import { isObject, clipped } from '../untrusted.js';
import { span } from '../amounts.js';

const ADD_TO_NGINX = [
  'nginx forwards WebSockets only with these lines in its location (other proxies: see proxies.md in the documentation of Resound):',
  '    proxy_http_version 1.1;',
  '    proxy_set_header Upgrade $http_upgrade;',
  '    proxy_set_header Connection "upgrade";',
];
/** A refused connection, or a response, comes back faster than this; a packet filter that drops packets answers nothing. */
const QUICK_SECONDS = 3;

/**
 * Diagnoses the end of a connection to this page's own server. Returns `[reason, ...lines]`.
 *
 * @param end {url, protocols, opened, timedOut, instance}, the last as the server named itself over the connection
 * @param ports {explain(), tryAgain()}: the server's explanation; and a second handshake, without subprotocols, which gives
 *   {succeeded, seen}: `seen` is how it arrived, as the server tells it, undefined if the server does not
 */
export async function diagnose(end, { explain, tryAgain }) {
  const { answer, ...failure } = await explain();
  if (!answer) {
    return withoutExplanation(end, failure);
  }
  const refusal = refusalIn(answer);
  if (refusal) {
    return refusal;
  }
  if (end.opened) {
    return cut(end, answer);
  }
  if (isUnconfirmed(end, answer)) {
    return [
      `The server chose none of the offered subprotocols: ${end.protocols.join(', ')}.`,
      'The browser then fails the connection, although the server accepted it. Choose another subprotocol, or none.',
    ];
  }
  const { succeeded, seen } = await tryAgain();
  if (succeeded) {
    return ['A second attempt has just succeeded, so the cause has gone.', `The server may have been restarting. ${whoAnswers(answer)}`];
  }
  if (isObject(seen)) {
    return seen.arrived === true ? arrived(seen, answer) : notArrived(end, answer);
  }
  return end.timedOut ? noResponse(answer) : dropped(answer);
}

/** The handshake reached the server: as it was sent, or without what makes it a handshake. */
function arrived(seen, answer) {
  const { status, rule, detail } = isObject(seen.verdict) ? seen.verdict : {};
  if (status === 101 || status === 200) {
    return [
      `${status}: Resound accepted the handshake, but its response was lost on the way`,
      `A proxy received the response and did not pass it on. ${whoAnswers(answer)}`,
      ...ADD_TO_NGINX,
    ];
  }
  return ['http-version', 'upgrade', 'connection', 'version', 'key'].includes(rule)
    ? dropped(seen, `The handshake of this page arrived ${asHow(seen)}, without its headers Upgrade and Connection. Resound answered ${number(status)}. Each proxy has to be told to forward these headers.`)
    : [`${number(status)}: ${text(detail)}`, whoAnswers(answer)];
}

function notArrived({ timedOut }, answer) {
  return timedOut
    ? noResponse(answer)
    : [
        'The handshake did not reach Resound: something on the way answered it',
        `Plain requests for this URL do reach Resound. ${whoAnswers(answer)} A proxy, a firewall or a security product between may block WebSockets; or a load balancer sent the handshake to another server.`,
      ];
}

/** The server, or a proxy before it, would reject the handshake; null if not. */
function refusalIn(answer) {
  const { status, rule, outcome, detail } = answer.verdict;
  const which = typeof rule === 'string' ? rule : outcome;
  if (status === 101 || status === 200) {
    return null;
  }
  if (which === 'origin') {
    return ['403: this origin is not in allowed-origins', `Add ${location.origin} to websocket.allowed-origins of the server. ${whoAnswers(answer)}`];
  }
  if (which === 'draining') {
    return ['503: draining', `The server is about to shut down and accepts no more connections. ${whoAnswers(answer)} Connect again to reach another instance, or this one after its restart.`];
  }
  if (which === 'http-version' && versionOf(answer) === 'HTTP/1.0') {
    return dropped(answer);
  }
  if (which === 'not-websocket' && rule === undefined) {
    return null; // An earlier version of Resound explains the plain request, which is no handshake.
  }
  return [`${number(status)}: ${text(detail)}`, whoAnswers(answer)];
}

function isUnconfirmed({ protocols }, { protocol }) {
  return protocols.length > 0 && isObject(protocol) && Array.isArray(protocol.offered) && protocol.offered.length > 0 && protocol.chosen === null;
}

/** A plain request gets through, and the server would accept a handshake; but the handshake fails, and fails again. */
function concluded(answer) {
  return `A plain HTTP request for this URL reaches Resound ${asHow(answer)}, and Resound would accept a handshake from this page. ` +
    'The handshake itself fails, because its headers Upgrade and Connection do not arrive: each proxy has to be told to forward them.';
}

function dropped(answer, evidence = concluded(answer)) {
  return ['the response came without Upgrade: a proxy on the way dropped it', evidence, ...ADD_TO_NGINX];
}

function asHow(answer) {
  const { request } = answer;
  const headers = isObject(request?.headers) ? request.headers : {};
  const signs = [
    versionOf(answer) && `as ${versionOf(answer)}`,
    text(headers.Connection) && `with \u201cConnection: ${text(headers.Connection)}\u201d`,
    text(headers.Via) && `through ${text(headers.Via)}`,
    text(request?.peer) && `from ${text(request.peer)}`,
  ];
  return signs.filter(Boolean).join(', ');
}

function noResponse(answer) {
  return [
    'The handshake got no response, while plain requests are answered: something on the way holds it back',
    `A proxy or a security product inspects or queues WebSocket handshakes. ${whoAnswers(answer)}`,
  ];
}

function cut({ instance }, answer) {
  if (instance && instance !== answer.instance) {
    return [`Instance ${instance} has gone; now instance ${answer.instance} answers.`, 'The instance was stopped or has crashed, or a load balancer has moved this page to another one.'];
  }
  return [
    'The server is up and accepts connections: something on the way cut this one.',
    `${whoAnswers(answer)} A proxy, a load balancer or the network dropped the connection, or the server process was killed and has restarted. The probe finds out whether it was an idle timeout.`,
  ];
}

function withoutExplanation(end, { status, server, detail }) {
  const { host, protocol } = new URL(end.url);
  const who = server ? ` (${server})` : '';
  if (status === 0) {
    const tls = protocol === 'wss:' ? ' A certificate that has changed or expired looks the same: reload the page to see it.' : '';
    return [`Nothing answers at ${host} any more.`, `It answered when this page was loaded. The server has stopped, or the network on the way is down.${tls}`];
  }
  if (status === 404) {
    return [`404: there is no WebSocket at ${new URL(end.url).pathname}`, detail ? `The server says: ${detail}.` : `A proxy${who} or another server answered. Check the path, and the routes of the proxy.`];
  }
  if (status >= 502 && status <= 504) {
    return [`${status}: a proxy${who} answered, because it does not reach the server`, 'The server has stopped, or the proxy has a wrong address for it.'];
  }
  if (detail) {
    return [`The connection ${end.opened ? 'was cut' : 'failed'}, and the server does not say why.`, `It answers with ${status}: ${detail}. With websocket.explain on, this page could name the cause.`];
  }
  return [`${status}: a proxy${who} answered instead of Resound`, 'It may want a login, or block this path. Open the URL with http instead of ws in a tab to see its page.'];
}

/** What can be known if the server is not this page's own: no response of it can be read. `isOnline`: this page's own server answers. */
export function diagnoseForeign({ url, opened, timedOut, seconds }, isOnline) {
  const { host, protocol } = new URL(url);
  if (!isOnline) {
    return ['The network seems to be down.', 'This page\u2019s own server does not answer either.'];
  }
  const unknown = 'A browser does not tell a page why, and this page cannot ask a server of another origin (CORS). Its own server answers, so the network works. ' +
    '\u201cExplain\u201d shows a curl command that displays the response.';
  if (opened) {
    return [`${host}, or something on the way, cut the connection.`, unknown];
  }
  const slow = timedOut || seconds > QUICK_SECONDS;
  const causes = slow
    ? 'No response came: the address is wrong, or a firewall drops the packets.'
    : 'It failed quickly: no such host, nothing listens there, or the response was no WebSocket handshake (no WebSocket at this path, this origin not allowed, a proxy without Upgrade).';
  const tls = protocol === 'wss:' ? [`The certificate may not be trusted: open ${new URL('/', url.replace(/^ws/i, 'http')).href} in a tab to see.`] : [];
  return [`No connection to ${host} after ${span(seconds)}.`, `${causes} ${tls.join('')}`.trim(), unknown];
}

function whoAnswers(answer) {
  return `Instance ${answer.instance} answers.`;
}

function versionOf({ request }) {
  return isObject(request) ? text(request.version) : '';
}

function text(value) {
  return typeof value === 'string' ? clipped(value, 300) : '';
}

function number(value) {
  return typeof value === 'number' ? value : 'Rejected';
}
