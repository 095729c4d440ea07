// The controls of the ping messages.

import { millis } from '../amounts.js';
import { byId } from './dom.js';
import { Pinger } from './pinger.js';

export class PingControls {
  #switch = byId('pingSwitch');
  #seconds = byId('pingSeconds');
  #pinger;
  #isOpen = false;

  /** @param send sends one ping message */
  constructor(send) {
    this.#pinger = new Pinger((ping) => {
      send(ping);
      this.#show();
    });
    this.#switch.addEventListener('change', () => this.#schedule());
    this.#seconds.addEventListener('input', () => this.#schedule());
  }

  opened() {
    this.#isOpen = true;
    this.#pinger.reset();
    this.#schedule();
  }

  closed() {
    this.#isOpen = false;
    this.#schedule();
  }

  /** A ping message has come back. */
  answered(time) {
    this.#pinger.answered();
    this.#show(time);
  }

  #schedule() {
    const valid = this.#seconds.checkValidity();
    this.#seconds.setAttribute('aria-invalid', !valid);
    if (this.#switch.checked && valid && this.#isOpen) {
      this.#pinger.start(this.#seconds.valueAsNumber);
    } else {
      this.#pinger.stop();
    }
    this.#show();
  }

  #show(time) {
    const last = time === undefined ? '' : `, the last in ${millis(time)}`;
    byId('pingCount').textContent = this.#seconds.validity.valid ? this.#pinger.summary + last : 'Choose 1 to 3600 whole seconds.';
  }
}
