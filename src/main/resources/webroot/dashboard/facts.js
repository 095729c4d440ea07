// The plain numbers above the charts, as text.

import { numberAt, refused } from './measures.js';
import { format } from './numbers.js';

const count = (sample, path) => format('count', numberAt(sample, path));

/** Nothing to show yet. */
const ifAny = (text, number) => (number ? text : null);

/** Each with a name and `text(sample, hello, behind)`, where `behind` is how many seconds the server's clock is behind; null shows nothing. */
export const FACTS = [
  { name: 'Open', text: (sample) => `${count(sample, 'connections')} of ${count(sample, 'connectionsLimit')}` },
  { name: 'Over HTTP/1.1', text: (sample) => count(sample, 'connectionsByHttp.http1') },
  { name: 'Over HTTP/2', text: (sample) => count(sample, 'connectionsByHttp.http2') },
  { name: 'Accepted', text: (sample) => count(sample, 'handshakes.accepted') },
  { name: 'Refused', text: (sample) => ifAny(format('count', refused(sample)), refused(sample)) },
  { name: 'Closed', text: (sample) => count(sample, 'closed') },
  { name: 'Messages in', text: (sample) => count(sample, 'messages.received') },
  { name: 'Messages out', text: (sample) => count(sample, 'messages.sent') },
  { name: 'Pings sent', text: (sample) => ifAny(count(sample, 'pings.sent'), numberAt(sample, 'pings.sent')) },
  { name: 'Back-pressure', text: (sample) => ifAny(count(sample, 'backpressurePauses'), numberAt(sample, 'backpressurePauses')) },
  { name: 'Connections last', text: lasting },
  { name: 'Up for', text: (sample) => format('duration', numberAt(sample, 'uptime')) },
  { name: 'Keep-alive', text: (sample, hello) => (hello?.keepAliveInterval ? format('duration', hello.keepAliveInterval) : 'off') },
  { name: 'Version', text: (sample, hello) => hello?.version ?? '\u2013' },
  { name: 'Its clock is', text: (sample, hello, behind) => ifAny(`${format('duration', Math.abs(behind))} ${behind > 0 ? 'behind' : 'ahead'}`, behind) },
];

/** Of those that ended in the last minute. */
function lasting(sample) {
  const median = numberAt(sample, 'duration.p50');
  return median === null ? null : `${format('duration', median)} (median)`;
}
