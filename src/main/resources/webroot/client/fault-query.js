// The faults that a client can request in the query of its handshake, and how they are written there.

/** `parts`: the fields of a value, in order; `join` stands between them. A fault without parts has no value. */
export const FAULTS = [
  { name: 'delay', label: 'Delay each message', parts: [{ label: 'Time', usual: '200ms' }] },
  { name: 'jitter', label: 'Vary the delay by up to', parts: [{ label: 'Time', usual: '100ms' }] },
  { name: 'drop', label: 'Drop messages', parts: [{ label: 'Percent', usual: '10' }] },
  { name: 'close', label: 'Close with a code', parts: [{ label: 'Code', usual: '1011' }, { label: 'After', usual: '5s' }], join: '@' },
  { name: 'abort', label: 'Reset the TCP connection', before: 'rst@', parts: [{ label: 'After', usual: '5s' }] },
  { name: 'half-close', label: 'Close only the sending side of TCP', parts: [{ label: 'After', usual: '5s' }] },
  { name: 'stall', label: 'Stop reading', before: 'read@', parts: [{ label: 'After', usual: '5s' }] },
  { name: 'no-pong', label: 'Answer no pings', parts: [] },
  { name: 'max-age', label: 'Close at an age', parts: [{ label: 'Age', usual: '30s' }] },
  { name: 'refuse', label: 'Reject the handshake', parts: [{ label: 'Status', usual: '503' }] },
];

/** The parameters of a URL's query, as they are written: `[name, value]`, with an empty value if there is none. */
function parametersOf(url) {
  const [, query = ''] = /^[^?#]*\?([^#]*)/.exec(url) ?? [];
  return query === '' ? [] : query.split('&').map((each) => {
    const at = each.indexOf('=');
    return at < 0 ? [each, ''] : [each.slice(0, at), each.slice(at + 1)];
  });
}

/** The faults that a URL requests: the values of their fields by name, in a Map. */
export function faultsIn(url) {
  const found = new Map();
  for (const [name, value] of parametersOf(url)) {
    const fault = FAULTS.find((each) => each.name === name);
    if (fault) {
      const rest = value.startsWith(fault.before ?? '') ? value.slice((fault.before ?? '').length) : value;
      found.set(name, fault.join ? rest.split(fault.join) : [rest]);
    }
  }
  return found;
}

/** The URL with these faults, and no others; what else its query contains stays as it is. */
export function withFaults(url, faults) {
  const others = parametersOf(url).filter(([name]) => !FAULTS.some((each) => each.name === name));
  const wanted = FAULTS.filter(({ name }) => faults.has(name)).map(({ name, parts, before = '', join = '' }) => [
    name,
    parts.length ? before + faults.get(name).map((value) => encodeURIComponent(value.trim())).join(join) : '',
  ]);
  const query = [...others, ...wanted].map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&');
  return url.replace(/[?#].*$/, '') + (query && `?${query}`);
}
