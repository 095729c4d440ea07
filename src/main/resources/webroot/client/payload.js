// What a message carries: as text, as bytes, as hexadecimal digits.

const MOST_CHARACTERS = 2000;
const MOST_BYTES = 256;

const encoder = new TextEncoder();

export function utf8(text) {
  return encoder.encode(text);
}

/** Bytes of payload, as they go over the wire before any compression. */
export function byteLength(data) {
  return typeof data === 'string' ? utf8(data).length : data.byteLength;
}

export function typeOf(data) {
  return typeof data === 'string' ? 'text' : 'binary';
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** The part of a message that the log keeps. Cut, so that the log stays small whatever comes. */
export function excerpt(data) {
  if (typeof data === 'string') {
    return { data: data.slice(0, MOST_CHARACTERS), cut: data.length > MOST_CHARACTERS };
  }
  const bytes = new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength);
  return { data: toHex(bytes.subarray(0, MOST_BYTES)), cut: bytes.length > MOST_BYTES };
}

/** A message as the log shows it. */
export function shown(data) {
  const part = excerpt(data);
  if (typeof data === 'string') {
    return part.cut ? `${part.data}\u2026 (${data.length} characters in all)` : data || 'empty text message';
  }
  const count = data.byteLength === 1 ? '1 byte' : `${data.byteLength} bytes`;
  return `binary, ${count}${part.data && ': '}${part.data}${part.cut ? ' \u2026' : ''}`;
}

/** Reads bytes as people write them: `48 65 6c`, `48656C`, `0x48,0x65`, `48:65:6c`. Gives `{bytes}` or `{problem}`. */
export function parseHex(text) {
  const digits = text.replace(/0x/gi, ' ').replace(/[\s,:;_-]+/g, ' ').trim();
  const odd = digits.split(' ').find((group) => group.length % 2 === 1);
  const wrong = /[^0-9a-f ]/i.exec(digits);
  if (wrong) {
    return { problem: `\u201c${wrong[0]}\u201d is not a hexadecimal digit. Write two digits per byte, as in 48 65 6c.` };
  }
  if (odd) {
    return { problem: `\u201c${odd.slice(-20)}\u201d has an odd number of digits. Write two digits per byte: 0a, not a.` };
  }
  const pairs = digits.match(/[0-9a-f]{2}/gi) ?? [];
  return { bytes: Uint8Array.from(pairs, (pair) => parseInt(pair, 16)) };
}
