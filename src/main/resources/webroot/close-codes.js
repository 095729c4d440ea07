// What the end of a connection means, in words (RFC 6455 section 7.4.1, and the IANA registry "WebSocket Close Code Number").

import { matchingTimeouts } from './idle-timeouts.js';
import { span } from './amounts.js';

const MEANINGS = {
  1000: 'Normal closure.',
  1001: 'The server is going away or has dropped this connection. You can reconnect.',
  1002: 'The server reports a protocol error by this client.',
  1003: 'The server does not accept this type of message.',
  1004: 'This code is reserved and has no meaning yet. No server should send it.',
  1005: 'The Close frame contained no code.',
  1007: 'The server reports invalid data, such as text that is not UTF-8.',
  1008: 'The server reports a policy violation.',
  1009: 'A message was too big for the server.',
  1010: 'The server did not negotiate an extension that the client requires. Only clients send this code.',
  1011: 'The server had an internal error.',
  1012: 'The server is restarting. Reconnect in a moment.',
  1013: 'The server is overloaded. Try again later.',
  1014: 'A gateway got an invalid response from the server.',
  1015: 'The TLS handshake failed: the certificate is not trusted, or there is no common TLS version or cipher.',
  3000: 'Unauthorized: the server requires authentication.',
  3003: 'Forbidden: the client is authenticated but not allowed to connect.',
  3008: 'Timeout: the server waited too long for this client.',
};

const DRAINING = 'The server is draining before it shuts down. Reconnect to reach another instance, or this one after its restart.';
const CUT = 'The connection ended without a Close frame: the server, a proxy or the network dropped it.';
const NEVER_OPENED =
  'The connection failed, and a browser does not say why. Likely causes: no server at this address, no WebSocket at this path, ' +
  'a server that rejects this page\u2019s origin or accepts no more connections, a proxy that does not forward WebSockets, ' +
  'or a certificate that is not trusted.';
const UNCONFIRMED =
  'This page offered subprotocols. If the server chooses none of them, the browser fails the connection, ' +
  'even if the server accepted it. Try again without a subprotocol.';
const UNANSWERED = 'This page sent a Close frame and got no reply: the connection was already broken.';

/** What Resound says in its reasons, and what it means by that. The first that fits counts. */
const RESOUNDS = [
  { code: 1001, reason: /drain/i, meaning: () => DRAINING },
  {
    code: 1001,
    reason: /^nothing received for (.+)$/,
    meaning: ([, time]) =>
      `Resound received nothing from this client for ${time}, twice its keep-alive interval, not even pongs: ` +
      'the page was frozen, or a proxy drops pings or pongs.',
  },
  {
    code: 1002,
    reason: /\(RFC \d+/,
    meaning: (match, reason) =>
      `The server reports a protocol error: ${reason}. Browsers follow the protocol, so a proxy or the network probably damaged the stream.`,
  },
  {
    code: 1007,
    reason: /\(RFC \d+/,
    meaning: (match, reason) =>
      `The server reports invalid data: ${reason}. Browsers send only valid data, so a proxy or the network probably changed it.`,
  },
  {
    code: 1009,
    reason: /./,
    meaning: (match, reason) =>
      `A message was too big for the server: ${reason}. In Resound, the settings max-frame-size and deflate.max-message-size set the limit.`,
  },
  { code: 1011, reason: /^internal error$/, meaning: () => 'The server had an internal error; see its log.' },
];

/**
 * A sentence about an end `{code, reason, opened}`, for people. `byPage`: this page had sent a Close; `offered`: it had offered
 * subprotocols.
 */
export function meaningOf({ code, reason, opened, byPage = false, offered = false }) {
  if (!opened) {
    return offered ? `${NEVER_OPENED} ${UNCONFIRMED}` : NEVER_OPENED;
  }
  if (code === 1006) {
    return byPage ? UNANSWERED : CUT;
  }
  if (byPage && code >= 3000) {
    return `The server returned the code that this page sent. ${MEANINGS[code] ?? ranged(code)}`;
  }
  for (const own of RESOUNDS) {
    const match = own.code === code && own.reason.exec(reason);
    if (match) {
      return own.meaning(match, reason);
    }
  }
  return MEANINGS[code] ?? ranged(code);
}

/** Whether an end is no failure: it was asked for, or the server is going away and a client can reconnect. */
export function isExpected({ code, opened, byPage = false }) {
  return opened && (byPage ? code !== 1006 : [1000, 1001, 1005, 1012].includes(code) || code >= 3000);
}

function ranged(code) {
  if (code >= 4000 && code <= 4999) {
    return 'Codes from 4000 to 4999 are for private use. The application defines their meaning.';
  }
  if (code >= 3000 && code <= 3999) {
    return 'Codes from 3000 to 3999 are for libraries and frameworks, which register them with IANA.';
  }
  return 'This code is reserved for future versions of the protocol.';
}

/**
 * For a connection that was cut: the time-outs that fit, a sentence each. `age`, `quiet` and `onWire` (the silence with the server's pings taken into account)
 * are seconds.
 */
export function suspectsOf({ code, opened, byPage, age, quiet, onWire }) {
  if (code !== 1006 || !opened || byPage) {
    return [];
  }
  const matches = matchingTimeouts({ quiet: onWire, age });
  const pings = onWire < quiet ? `, ${span(onWire)} after the server\u2019s last ping` : '';
  return [
    sentence(matches, 'idle', `The cut came ${span(quiet)} after the last message${pings}. These default idle timeouts match:`) +
      ' More frequent traffic keeps the connection open: ping messages (\u201cKeep alive\u201d), or a shorter keep-alive-interval on the server.',
    sentence(matches, 'life', `The cut came ${span(age)} after the start. These default limits on a connection\u2019s duration match:`) +
      ' Traffic does not extend these limits; only the setting does.',
  ].filter((text) => !text.startsWith(' '));
}

function sentence(matches, of, beginning) {
  const fitting = matches.filter((match) => match.of === of).map(({ who, what, seconds }) => `${who} (${span(seconds)}; ${what})`);
  return fitting.length ? `${beginning} ${fitting.join('; ')}.` : '';
}
