// Over which HTTP version a WebSocket was opened. No browser tells a script, so this is what follows from other facts.

/** Names of HTTP versions by their ALPN protocol, which is how browsers tell them. */
const NAMES = { 'http/1.0': 'HTTP/1.0', 'http/1.1': 'HTTP/1.1', h2: 'HTTP/2', h3: 'HTTP/3' };

/** The HTTP version over which this page came. */
export function pageHttpVersion() {
  const chosen = performance.getEntriesByType('navigation')[0]?.nextHopProtocol;
  return NAMES[chosen] ?? (chosen || 'unknown');
}

/** The HTTP version of an open WebSocket: as the server has named it; otherwise as far as the URL tells. */
export function httpVersionOf(url, greeting) {
  if (greeting?.http) {
    return `HTTP/${greeting.http}`;
  }
  // No browser uses HTTP/2 without TLS.
  return /^ws:/i.test(url) ? 'HTTP/1.1' : 'HTTP/1.1 or HTTP/2';
}
