// The log as a file of JSON Lines: written by Export, read by Import.

import { check, number, orNull, parsed } from '../untrusted.js';

const KINDS = ['message', 'event', 'note', 'summary', 'problem'];
const PARTIES = ['Client', 'Server'];
/** The limit for a file and for one of its lines. A log of this page is smaller. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_CHARACTERS = 512 * 1024;

/** One JSON object a line; `rtt` in milliseconds. */
export function toJsonLines(entries) {
  return entries.map((entry) => `${JSON.stringify({ ...entry, rtt: rounded(entry.rtt) })}\n`).join('');
}

/** Reads a file: `{entries}`, of which the last `most` lines are read, or `{problem}`. */
export async function readJsonLines(file, most) {
  if (file.size > MOST_BYTES) {
    return { problem: 'The file is too large for a log of this page.' };
  }
  const lines = (await file.text()).split('\n').filter((line) => line.trim() !== '');
  const entries = [];
  const first = Math.max(0, lines.length - most);
  for (let i = first; i < lines.length; i++) {
    const entry = orNull(() => entryOf(parsed(lines[i], MOST_CHARACTERS)));
    if (!entry) {
      return { problem: `Line ${i + 1} is not a row of an exported log.` };
    }
    entries.push(entry);
  }
  return entries.length ? { entries } : { problem: 'The file contains no rows.' };
}

function entryOf({ time, kind, from, to, type, size, length, data, cut, rtt, bad, about }) {
  const at = new Date(typeof time === 'string' ? time : NaN);
  check(!Number.isNaN(at.getTime()) && KINDS.includes(kind) && typeof data === 'string');
  const common = { time: at, kind, data, bad: bad === true, about: typeof about === 'string' ? about : '' };
  if (kind !== 'message') {
    return common;
  }
  check(PARTIES.includes(from) && PARTIES.includes(to) && from !== to && (type === 'text' || type === 'binary'));
  check(type === 'text' || /^([0-9a-f]{2}( |$))*$/.test(data));
  return {
    ...common,
    from,
    to,
    type,
    size: number(size),
    // Earlier versions wrote no length.
    length: typeof length === 'number' ? number(length) : data.length,
    cut: cut === true,
    rtt: rtt === null || rtt === undefined ? null : number(rtt),
  };
}

/** To the microsecond; a browser measures no finer. */
function rounded(millis) {
  return millis === null || millis === undefined ? null : Math.round(millis * 1000) / 1000;
}

export function download(text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }));
  link.download = `resound-${new Date().toISOString().replace(/[:.]/g, '-')}.jsonl`;
  link.click();
  // Later, because the browser may not have begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
