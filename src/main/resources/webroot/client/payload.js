// The payload of a message: as text, as bytes, as hexadecimal digits, as Base64.

/** The part of a message that one row of the log shows. */
const MOST_CHARACTERS = 2000;
const MOST_BYTES = 256;
/** The part that the log keeps for its views and its export. */
const MOST_KEPT_CHARACTERS = 65_536;
const MOST_KEPT_BYTES = 16_384;

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

/** The part of a message that the log keeps, `{data, cut}`: text as it is, binary as hexadecimal digits. */
export function excerpt(data) {
  if (typeof data === 'string') {
    return { data: data.slice(0, MOST_KEPT_CHARACTERS), cut: data.length > MOST_KEPT_CHARACTERS };
  }
  const bytes = new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength);
  return { data: toHex(bytes.subarray(0, MOST_KEPT_BYTES)), cut: bytes.length > MOST_KEPT_BYTES };
}

/** What one row shows of an entry `{type, size, length, data, cut}`; `length` counts the characters of the whole message. */
export function shown({ type, size, length, data }) {
  if (type === 'text') {
    return length > MOST_CHARACTERS ? `${data.slice(0, MOST_CHARACTERS)}\u2026 (${length} characters in all)` : data || 'empty text message';
  }
  const count = size === 1 ? '1 byte' : `${size} bytes`;
  // Three characters a byte: two digits and a space.
  return `binary, ${count}${data && ': '}${data.slice(0, MOST_BYTES * 3 - 1)}${size > MOST_BYTES ? ' \u2026' : ''}`;
}

/** Shortens what is kept of a message to what its row shows. */
export function shortened({ type, data }) {
  return data.slice(0, type === 'text' ? MOST_CHARACTERS : MOST_BYTES * 3 - 1);
}

/** A hex dump as of `hexdump -C`: offset, 16 bytes, and the printable ASCII characters among them. */
export function hexDump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = bytes.subarray(at, at + 16);
    const digits = `${toHex(part.subarray(0, 8)).padEnd(23)}  ${toHex(part.subarray(8)).padEnd(23)}`;
    const characters = Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${digits}  |${characters}|`);
  }
  return lines.join('\n');
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

/** Reads Base64 of either alphabet (RFC 4648 sections 4 and 5), with or without padding. Gives `{bytes}` or `{problem}`. */
export function parseBase64(text) {
  const digits = text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  const wrong = /[^A-Za-z0-9+/=]/.exec(digits);
  if (wrong) {
    return { problem: `\u201c${wrong[0]}\u201d is not a Base64 digit.` };
  }
  try {
    return { bytes: Uint8Array.from(atob(digits), (character) => character.charCodeAt(0)) };
  } catch {
    return { problem: 'This is not Base64: digits are missing at the end, or the padding is wrong.' };
  }
}
