// Why a feed is gone, in words.

import { meaningOf } from '../close-codes.js';

const NO_FEED =
  'No connection came about, and a browser does not say why. Likely: no server there, or one without this feed; the feed is switched off ' +
  '(telemetry.feed.enabled) or not open to this page\u2019s origin (websocket.allowed-origins, telemetry.feed.allowed-origins); there is no room for more connections; ' +
  'a proxy does not pass WebSockets; or a certificate is not trusted.';
const SILENT = 'Nothing came for a while although nobody closed the connection: the network in between is gone, or the server stands still.';

/** Of a server that sends something else than Resound's feed. */
export const FOREIGN = 'This feed is not one of Resound\u2019s: it sends messages that do not belong to it. They are left out.';

/** A sentence about an end as Feed tells it. */
export function whyLost(end) {
  if (end.silent) {
    return SILENT;
  }
  return end.opened ? meaningOf(end) || `The server closed the connection with code ${end.code}.` : NO_FEED;
}
