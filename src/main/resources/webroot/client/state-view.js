// What the connection's state is called, and which controls it allows.

import { STATE_TEXTS } from '../connection.js';
import { byId } from './dom.js';

export function canConnect(state) {
  return state === 'ready' || state === 'closed';
}

/** `isWaiting`: another attempt to connect is due. `isBad`: the connection failed or was cut. */
export function showState(state, { isWaiting = false, isBad = false } = {}) {
  const label = byId('stateLabel');
  label.textContent = STATE_TEXTS[state];
  label.dataset.state = state;
  label.dataset.bad = isBad && state === 'closed';
  byId('cancelButton').hidden = state !== 'connecting' && !isWaiting;
  for (const id of ['connectionUrl', 'connectButton', 'firstConnect']) {
    byId(id).disabled = !canConnect(state);
  }
  for (const control of document.querySelectorAll('#sendMessage, #sendButton, #closeButton, .while-open')) {
    control.disabled = state !== 'open';
  }
}

/** Where the focused control was disabled, the keyboard would start again at the top of the page. */
export function refocus(control) {
  if (document.activeElement === document.body || document.activeElement?.disabled) {
    control.focus();
  }
}
