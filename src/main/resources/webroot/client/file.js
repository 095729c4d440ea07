// Sends a file as one binary message.

import { byId, showProblem } from './dom.js';
import { size } from '../amounts.js';

/** More than this page holds in memory at a time. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Resound's default; a server may have another. */
const USUAL_MAX_FRAME = 1024 * 1024;

/** Has the page's controls send through `send(bytes)`. */
export function controlFile(send) {
  const file = byId('fileChoice');

  function readFile() {
    const chosen = file.files[0];
    const tooBig = chosen?.size > MOST_BYTES;
    showProblem(file, tooBig ? `The file has ${size(chosen.size)}; this page sends up to ${size(MOST_BYTES)}.` : '', byId('fileProblem'));
    byId('fileNote').textContent = chosen && !tooBig ? fileNote(chosen.size) : '';
    return tooBig ? undefined : chosen;
  }

  file.addEventListener('change', readFile);
  byId('fileForm').addEventListener('submit', async (event) => {
    event.preventDefault();
    const chosen = readFile();
    if (!chosen) {
      showProblem(file, byId('fileProblem').textContent || 'Choose a file first.', byId('fileProblem'));
      return;
    }
    try {
      send(new Uint8Array(await chosen.arrayBuffer()));
    } catch (error) {
      showProblem(file, `The file cannot be read: ${error.message}`, byId('fileProblem'));
    }
  });
}

function fileNote(bytes) {
  return bytes > USUAL_MAX_FRAME
    ? `${size(bytes)}, as one message. A server may close with 1009 if it is too big. Resound does if a frame exceeds ` +
        `max-frame-size (${size(USUAL_MAX_FRAME)} by default). Some browsers split a message into frames.`
    : `${size(bytes)}, as one message.`;
}
