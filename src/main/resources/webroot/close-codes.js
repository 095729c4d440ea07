// What the end of a connection means, in words (RFC 6455 section 7.4.1 and the IANA registry).

const MEANINGS = {
  1001: 'The server is going away or has given this connection up. Connecting again is fine.',
  1002: 'The server says that this client broke the protocol.',
  1003: 'The server does not take this type of message.',
  1005: 'The connection was closed without a code.',
  1007: 'The server says that a text message was not valid UTF-8.',
  1008: 'The server says that a message broke its rules.',
  1009: 'A message was too big for the server.',
  1011: 'The server met an error.',
  1012: 'The server restarts. Connecting again in a moment is fine.',
  1013: 'The server is overloaded. Try again later.',
  1014: 'A gateway on the way got no valid answer from the server.',
};

const DRAINING = 'The server is draining: it shuts down in good order. Connecting again reaches another instance, or this one once it is back.';
const CUT = 'The connection was cut without a close: the server is gone, or a proxy or the network in between ended it.';
const NEVER_OPENED =
  'No connection came about, and a browser does not say why. Likely: no server there, no WebSocket at this path, ' +
  'a server that does not allow this page\u2019s origin or takes no more connections, a proxy that does not pass WebSockets, ' +
  'or a certificate that is not trusted.';

/** A sentence for people; empty where the code says it all. */
export function meaningOf({ code, reason, opened }) {
  if (code === 1006) {
    return opened ? CUT : NEVER_OPENED;
  }
  if (code === 1001 && /drain/i.test(reason)) {
    return DRAINING;
  }
  return MEANINGS[code] ?? '';
}
