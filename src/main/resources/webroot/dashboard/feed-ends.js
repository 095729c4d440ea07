// Why a feed is gone, in words.

import { meaningOf } from '../close-codes.js';

const NO_FEED =
  'The connection failed, and a browser does not say why. Likely causes: no server at this address, or one without this feed; the feed is off ' +
  '(telemetry.feed.enabled) or closed to this page\u2019s origin (websocket.allowed-origins, telemetry.feed.allowed-origins); the server is at its connection limit; ' +
  'a proxy does not forward WebSockets; or the certificate is not trusted.';
const SILENT = 'No data arrived for a while, and the connection was not closed: the network is down, or the server hangs.';

/** Of a server that sends something else than Resound's feed. */
export const FOREIGN = 'This is not a Resound feed: it sends invalid messages. The dashboard ignores them.';

/** A sentence about an end as Feed tells it. */
export function whyLost(end) {
  if (end.silent) {
    return SILENT;
  }
  return end.opened ? meaningOf(end) || `The server closed the connection with code ${end.code}.` : NO_FEED;
}
