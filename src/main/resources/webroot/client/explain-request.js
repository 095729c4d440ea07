// The requests that ask a server to explain a handshake.

/** Where to ask about a WebSocket's URL: the same one, by HTTP. */
export function explainUrl(webSocketUrl) {
  const url = new URL(webSocketUrl.replace(/^ws/i, 'http'));
  // Not searchParams.append: it would write the rest of the query anew, and `explain=` instead of `explain`.
  url.search = url.search ? `${url.search}&explain` : '?explain';
  return url;
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
