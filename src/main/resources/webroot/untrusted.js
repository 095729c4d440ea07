// Checks JSON from a server that may be any server. No type, length or range is taken for granted.

/** The message is not what it should be. */
export class Malformed extends Error {}

/** Returns what `read()` returns; null if it finds something malformed. */
export function orNull(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) {
      return null;
    }
    throw error;
  }
}

export function check(condition) {
  if (!condition) {
    throw new Malformed();
  }
}

/** Parses a JSON object of up to so many characters. */
export function parsed(data, mostCharacters) {
  check(typeof data === 'string' && data.length <= mostCharacters);
  try {
    return object(JSON.parse(data));
  } catch {
    throw new Malformed();
  }
}

export function object(value) {
  check(isObject(value));
  return value;
}

export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A finite number in this range; never NaN. */
export function number(value, least = 0, most = Number.MAX_SAFE_INTEGER) {
  check(typeof value === 'number' && value >= least && value <= most);
  return value;
}

/** A string, shortened to so many characters. */
export function text(value, most = 100) {
  check(typeof value === 'string');
  return clipped(value, most);
}

export function clipped(string, most = 100) {
  return string.length > most ? `${string.slice(0, most)}\u2026` : string;
}
