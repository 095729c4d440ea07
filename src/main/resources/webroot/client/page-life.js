// What the browser and the computer did to this page. Some connections end because of them, and not because of the network.

import { span } from '../amounts.js';

/** A smaller difference between two clocks is a correction of the time. */
const LEAST_SLEEP_SECONDS = 5;

export class PageLife {
  #wasCached = false;
  #wasFrozen = false;
  #drift = drift();

  constructor() {
    addEventListener('pagehide', ({ persisted }) => {
      this.#wasCached ||= persisted;
    });
    document.addEventListener('freeze', () => {
      this.#wasFrozen = true;
    });
  }

  /** A connection begins; what was before does not concern it. */
  begin() {
    this.#wasCached = this.#wasFrozen = false;
    this.#drift = drift();
  }

  /** Why the browser or the computer ended the connection, `[reason, ...lines]`; null if they did not. */
  cause() {
    if (this.#wasCached) {
      return ['The browser closed the connection, not the network.', 'This page was left, and the browser closes the connections of a page that it keeps for a return (back/forward cache).'];
    }
    if (this.#wasFrozen) {
      return ['The browser froze this page, so the connection ended.', 'Browsers freeze pages in the background. A frozen page answers nothing.'];
    }
    const slept = (drift() - this.#drift) / 1000;
    if (slept > LEAST_SLEEP_SECONDS) {
      return [`The computer slept for ${span(slept)}, so the connection ended.`, 'The network was off in the meantime.'];
    }
    return navigator.onLine === false ? ['The browser is offline.', 'This computer has no network connection now.'] : null;
  }
}

/** Grows while the computer sleeps: only the first of the two clocks goes on. */
function drift() {
  return Date.now() - performance.now();
}
