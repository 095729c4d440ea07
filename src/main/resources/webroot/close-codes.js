// What the end of a connection means, in words (RFC 6455 section 7.4.1, and the IANA registry "WebSocket Close Code Number").

import { matchingTimeouts } from './idle-timeouts.js';
import { span } from './amounts.js';

const MEANINGS = {
  1000: 'A normal end: whoever closed the connection was done with it.',
  1001: 'The server is going away or has given this connection up. Connecting again is fine.',
  1002: 'The server says that this client broke the protocol.',
  1003: 'The server does not take this type of message.',
  1004: 'This code is reserved and means nothing yet; no server should send it.',
  1005: 'The connection was closed without a code.',
  1007: 'The server says that a text message was not valid UTF-8.',
  1008: 'The server says that a message broke its rules.',
  1009: 'A message was too big for the server.',
  1010: 'An extension that the client needs was not negotiated. Only clients send this.',
  1011: 'The server met an error.',
  1012: 'The server restarts. Connecting again in a moment is fine.',
  1013: 'The server is overloaded. Try again later.',
  1014: 'A gateway on the way got no valid answer from the server.',
  1015: 'TLS failed: a certificate that is not trusted, or no protocol or cipher in common.',
  3000: 'Unauthorized: the server wants to know first who connects.',
  3003: 'Forbidden: the server knows who connects and does not allow it.',
  3008: 'Time-out: the server waited too long for something from this client.',
};

const DRAINING = 'The server is draining: it shuts down in good order. Connecting again reaches another instance, or this one once it is back.';
const CUT = 'The connection was cut without a close: the server is gone, or a proxy or the network in between ended it.';
const NEVER_OPENED =
  'No connection came about, and a browser does not say why. Likely: no server there, no WebSocket at this path, ' +
  'a server that does not allow this page\u2019s origin or takes no more connections, a proxy that does not pass WebSockets, ' +
  'or a certificate that is not trusted.';
const UNCONFIRMED =
  'Sub-protocols were offered: a browser also fails a connection whose server confirms none of them, although the server may have ' +
  'accepted it (RFC 6455 section 4.1). Try again with none.';
const UNANSWERED = 'This page closed the connection and got no answer to its Close: something on the way was gone already.';

/** What Resound says in its reasons, and what it means by that. The first that fits counts. */
const RESOUNDS = [
  { code: 1001, reason: /drain/i, meaning: () => DRAINING },
  {
    code: 1001,
    reason: /^nothing received for (.+)$/,
    meaning: ([, time]) =>
      `Resound had heard nothing from this client for ${time}, twice its keep-alive interval, not even an answer to its pings: ` +
      'the page was frozen, or something on the way swallows pings or pongs.',
  },
  {
    code: 1002,
    reason: /\(RFC \d+/,
    meaning: (match, reason) =>
      `The server says which rule was broken: ${reason}. A browser keeps these rules, so something on the way has damaged the stream.`,
  },
  {
    code: 1007,
    reason: /\(RFC \d+/,
    meaning: (match, reason) =>
      `The server says what was wrong: ${reason}. A browser sends valid data only, so something on the way has changed it.`,
  },
  {
    code: 1009,
    reason: /./,
    meaning: (match, reason) =>
      `A message was too big for the server: ${reason}. With Resound the settings are max-frame-size and deflate.max-message-size.`,
  },
  { code: 1011, reason: /^internal error$/, meaning: () => 'The server met an error of its own; its log has it.' },
];

/**
 * A sentence about an end `{code, reason, opened}`, for people. `byPage`: this page had sent a Close; `offered`: it had offered
 * sub-protocols.
 */
export function meaningOf({ code, reason, opened, byPage = false, offered = false }) {
  if (!opened) {
    return offered ? `${NEVER_OPENED} ${UNCONFIRMED}` : NEVER_OPENED;
  }
  if (code === 1006) {
    return byPage ? UNANSWERED : CUT;
  }
  if (byPage && code >= 3000) {
    return `The server gave back the code that this page had sent. ${MEANINGS[code] ?? ranged(code)}`;
  }
  for (const own of RESOUNDS) {
    const match = own.code === code && own.reason.exec(reason);
    if (match) {
      return own.meaning(match, reason);
    }
  }
  return MEANINGS[code] ?? ranged(code);
}

function ranged(code) {
  if (code >= 4000 && code <= 4999) {
    return 'Codes from 4000 to 4999 are for private use: what it means only the application knows.';
  }
  if (code >= 3000 && code <= 3999) {
    return 'Codes from 3000 to 3999 belong to libraries and frameworks, which register them with IANA.';
  }
  return 'This code is reserved for later versions of the protocol.';
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
    sentence(matches, 'idle', `It came ${span(quiet)} after the last message${pings}, as these idle time-outs do by default:`) +
      ' Traffic more often than that keeps the connection open: ping messages (\u201cKeep alive\u201d), or a shorter keep-alive-interval in the server.',
    sentence(matches, 'life', `It came ${span(age)} after the start, as these limits of a connection\u2019s life do by default:`) +
      ' No traffic helps against those, only the setting.',
  ].filter((text) => !text.startsWith(' '));
}

function sentence(matches, of, beginning) {
  const fitting = matches.filter((match) => match.of === of).map(({ who, what, seconds }) => `${who} (${span(seconds)}; ${what})`);
  return fitting.length ? `${beginning} ${fitting.join('; ')}.` : '';
}
