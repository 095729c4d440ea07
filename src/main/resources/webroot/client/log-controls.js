// The log's filter and its export.

import { byId } from './dom.js';

const KINDS = {
  all: () => true,
  messages: ({ kind }) => kind === 'message',
  text: ({ type }) => type === 'text',
  binary: ({ type }) => type === 'binary',
  events: ({ kind }) => kind !== 'message',
};
const DIRECTIONS = {
  both: () => true,
  sent: ({ from }) => from === 'Client',
  received: ({ from }) => from === 'Server',
};

/** Has the controls of the page filter and export a log. */
export function controlLog(log) {
  const text = byId('filterText');
  const kind = byId('filterKind');
  const direction = byId('filterDirection');

  function filter() {
    const wanted = text.value.trim().toLowerCase();
    log.filter(
      (entry) =>
        KINDS[kind.value](entry) && DIRECTIONS[direction.value](entry) && entry.data.toLowerCase().includes(wanted),
    );
  }

  for (const control of [text, kind, direction]) {
    control.addEventListener('input', filter);
  }
  byId('clearButton').addEventListener('click', () => log.clear());
  byId('exportButton').addEventListener('click', () => download(jsonLines(log.entries)));
  return { filter };
}

/** What the log's note says about rows that one does not see. */
export function logNote({ dropped, hidden }) {
  return [dropped && `${dropped} older rows dropped`, hidden && `${hidden} hidden by the filter`].filter(Boolean).join(', ');
}

/** One JSON object a row; `rtt` in milliseconds. A message that the log has cut is marked as `cut`; `size` is what it had in bytes. */
function jsonLines(entries) {
  return entries.map((entry) => `${JSON.stringify({ ...entry, rtt: rounded(entry.rtt) })}\n`).join('');
}

/** To the microsecond: what lies behind that is noise. */
function rounded(millis) {
  return millis === null ? null : Math.round(millis * 1000) / 1000;
}

function download(text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }));
  link.download = `resound-${new Date().toISOString().replace(/[:.]/g, '-')}.jsonl`;
  link.click();
  // Not at once: the browser may not have begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
