// The log's filter, its export and its import.

import { byId, showProblem } from './dom.js';
import { download, readJsonLines, toJsonLines } from './log-file.js';
import { MOST_ROWS } from './log.js';
import { count } from '../amounts.js';
import { clipped } from '../untrusted.js';

const KINDS = {
  all: () => true,
  messages: ({ kind }) => kind === 'message',
  text: ({ type }) => type === 'text',
  binary: ({ type }) => type === 'binary',
  events: ({ kind }) => kind !== 'message',
  problems: ({ bad }) => bad,
};
const DIRECTIONS = {
  both: () => true,
  sent: ({ from }) => from === 'Client',
  received: ({ from }) => from === 'Server',
};

/** Has the controls of the page filter, export and import a log. */
export function controlLog(log) {
  const text = byId('filterText');
  const kind = byId('filterKind');
  const direction = byId('filterDirection');
  const file = byId('importFile');

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
  byId('exportButton').addEventListener('click', () => download(toJsonLines(log.entries)));
  byId('importButton').addEventListener('click', () => file.click());
  file.addEventListener('change', async () => {
    const [chosen] = file.files;
    if (chosen) {
      importFile(log, chosen, await readJsonLines(chosen, MOST_ROWS - 1));
    }
    // So that the same file can be chosen again.
    file.value = '';
  });
  return { filter };
}

function importFile(log, { name }, { entries, problem = '' }) {
  showProblem(byId('importFile'), problem && `${clipped(name)}: ${problem}`, byId('logProblem'));
  if (entries) {
    log.replace(entries);
    log.summary(`Imported from ${clipped(name)}: ${count(entries.length, 'row')}. The rows below are of this page.`);
  }
}

/** What the log's note says about rows that one does not see. */
export function logNote({ dropped, hidden }) {
  return [dropped && `${dropped} older rows dropped`, hidden && `${hidden} hidden by the filter`].filter(Boolean).join(', ');
}
