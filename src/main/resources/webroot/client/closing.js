// Closing with a code and a reason of one's own.

import { byId, showProblem } from './dom.js';
import { utf8 } from './payload.js';

/** A Close frame has 125 bytes of payload at most (RFC 6455 section 5.5), 2 of which are the code. */
const MOST_REASON_BYTES = 123;

/** What is wrong with a code; empty where nothing is. */
export function codeProblem(text) {
  const code = Number(text);
  if (!/^\d+$/.test(text.trim()) || code > 4999 || code < 1000) {
    return 'Enter 1000, or a code from 3000 to 4999.';
  }
  if (code === 1000 || code >= 3000) {
    return '';
  }
  return `A script cannot send ${code}: the protocol reserves the codes from 1001 to 2999.`;
}

/** What is wrong with a reason; empty where nothing is. */
export function reasonProblem(reason) {
  const bytes = utf8(reason).length;
  return bytes > MOST_REASON_BYTES ? `The reason has ${bytes} bytes of UTF-8; the limit is ${MOST_REASON_BYTES}.` : '';
}

/** Has the page's controls close through `close(code, reason)`. */
export function controlClosing(close) {
  const code = byId('closeCode');
  const reason = byId('closeReason');

  function check() {
    showProblem(code, codeProblem(code.value), byId('closeCodeProblem'));
    showProblem(reason, reasonProblem(reason.value), byId('closeReasonProblem'));
    return codeProblem(code.value) === '' && reasonProblem(reason.value) === '';
  }

  code.addEventListener('input', check);
  reason.addEventListener('input', check);
  byId('closeForm').addEventListener('submit', (event) => {
    event.preventDefault();
    if (check()) {
      close(Number(code.value), reason.value);
    }
  });
}
