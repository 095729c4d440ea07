// The faults that a client can request in the query of its handshake, and how they are written there.

/**
 * `parts`: the fields of a value, in order. `before` stands before the first, `join` between them, and `equals` between the name and the value.
 * A fault without parts has no value. The server's documentation lists the bounds of the values.
 */
export const FAULTS = [
  { name: 'delay', label: 'Delay each message', parts: [{ label: 'Time', usual: '200ms' }] },
  { name: 'jitter', label: 'Vary the delay by up to', parts: [{ label: 'Time', usual: '100ms' }] },
  { name: 'drop', label: 'Drop messages', parts: [{ label: 'Percent', usual: '10' }] },
  { name: 'close', label: 'Send a Close frame', parts: [{ label: 'Code', usual: '1011' }, { label: 'After', usual: '5s' }], join: '@' },
  { name: 'abort', label: 'Reset the connection', before: 'rst@', parts: [{ label: 'After', usual: '5s' }] },
  { name: 'half-close', label: 'End only its own side', equals: '@', parts: [{ label: 'After', usual: '5s' }] },
  { name: 'stall', label: 'Stop reading', before: 'read@', parts: [{ label: 'After', usual: '5s' }] },
  { name: 'no-pong', label: 'Answer no pings', parts: [] },
  { name: 'max-age', label: 'Close at an age', parts: [{ label: 'Age', usual: '30s' }] },
  { name: 'refuse', label: 'Reject the handshake', parts: [{ label: 'Status', usual: '503' }] },
];

const AT = 'half-close@';

/** The parameters of a URL's query, `[name, value, written]`, with an empty value if there is none. */
function parametersOf(url) {
  const [, query = ''] = /^[^?#]*\?([^#]*)/.exec(url) ?? [];
  return query === '' ? [] : query.split('&').map((each) => {
    const at = each.startsWith(AT) ? AT.length - 1 : each.indexOf('=');
    return at < 0 ? [each, '', each] : [each.slice(0, at), each.slice(at + 1), each];
  });
}

/** The faults that a URL requests: the values of their fields by name, in a Map. */
export function faultsIn(url) {
  const found = new Map();
  for (const [name, value] of parametersOf(url)) {
    const fault = FAULTS.find((each) => each.name === name);
    if (fault) {
      const text = decoded(value);
      const rest = text.startsWith(fault.before ?? '') ? text.slice((fault.before ?? '').length) : text;
      found.set(name, fault.join ? rest.split(fault.join) : [rest]);
    }
  }
  return found;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The URL with these faults, and no others; what else its query contains stays as it is. */
export function withFaults(url, faults) {
  const others = parametersOf(url).filter(([name]) => !FAULTS.some((each) => each.name === name)).map(([, , written]) => written);
  const wanted = FAULTS.filter(({ name }) => faults.has(name)).map(({ name, parts, before = '', join = '', equals = '=' }) =>
    parts.length ? name + equals + before + faults.get(name).map((value) => encodeURIComponent(value.trim())).join(join) : name,
  );
  const query = [...others, ...wanted].join('&');
  return url.replace(/[?#].*$/, '') + (query && `?${query}`);
}
