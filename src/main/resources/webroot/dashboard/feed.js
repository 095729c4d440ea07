// The live feed of one instance: connects, connects again after an end, and hands on what comes. It knows no element of the page.

import { Allowance } from './allowance.js';
import { readMessage, SCHEMA } from './feed-messages.js';
import { fleetReader } from './fleet-messages.js';
import { Connection } from '../connection.js';
import { orNull } from '../untrusted.js';

export const INSTANCE = 'resound.telemetry.v1';
export const FLEET = 'resound.fleet.v1';


/** Before the nth attempt in a row passes a random time of up to 2^n seconds, so that many pages do not come back as one herd. */
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/** A feed that says nothing for so long is dead, although the browser does not know it yet. */
const SILENT_INTERVALS = 5;
const SILENT_MILLIS = 15_000;

/** Characters that a server may send at once and per second, each message with an overhead. Resound sends a hundredth of that. */
const MOST_AT_ONCE = 40_000_000;
const MOST_PER_SECOND = 2_000_000;
const OVERHEAD = 1000;
const FLOOD = 'The server sends far more than a Resound instance does. This page closed the connection to stay responsive.';

/**
 * Its listener has
 * - `connecting()`
 * - `fleet()`: it is the feed of a fleet; only if both are offered. The listener has to stop this feed
 * - `hello(hello)`, in which `history` is `{step, samples}`, oldest first
 * - `sample(sample)` and `event(event)`, as they come; an event is whatever else there is
 * - `malformed()`: something came that is no message of the feed; it was left out
 * - `waiting(end, millis)`: the connection is gone or did not come about; the next attempt follows after so many milliseconds
 * - `failed(problem)`: there will be no further attempt
 */
export class Feed {
  #url;
  #listener;
  #protocols;
  #read = readMessage;
  #connection = null;
  #allowance = new Allowance(MOST_AT_ONCE, MOST_PER_SECOND);
  #greeted = false;
  #attempts = 0;
  #retry;
  #silence;
  #silentMillis = SILENT_MILLIS;

  /** @param protocols INSTANCE, FLEET or both; of these a server takes the first that it has */
  constructor(url, listener, protocols = [INSTANCE]) {
    this.#url = url;
    this.#protocols = protocols;
    this.#listener = listener;
  }

  /** Connects, at once; also where it waits for the next attempt. */
  connect() {
    this.stop();
    const connection = new Connection({
      changed() {},
      opened: () => this.#opened(connection),
      received: (data) => connection === this.#connection && this.#received(data),
      closed: (end) => connection === this.#connection && this.#lost(end),
    });
    this.#connection = connection;
    this.#greeted = false;
    this.#listener.connecting();
    try {
      connection.open(this.#url, this.#protocols);
    } catch (error) {
      this.#fail(`The browser refuses this URL: ${error.message}`);
    }
  }

  /** Nothing is handed on from here on. */
  stop() {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    const connection = this.#connection;
    this.#connection = null;
    if (connection?.state === 'connecting' || connection?.isOpen) {
      connection.close(1000, 'The dashboard leaves');
    }
  }

  #opened(connection) {
    this.#listenFor(connection);
    const isFleet = connection.protocol === FLEET;
    this.#read = isFleet ? fleetReader() : readMessage;
    if (isFleet && this.#protocols.length > 1) {
      this.#listener.fleet();
    }
  }

  #received(data) {
    this.#listenFor(this.#connection);
    if (!this.#allowance.take(OVERHEAD + (data.length ?? data.byteLength), performance.now())) {
      this.#fail(FLOOD);
      return;
    }
    const message = orNull(() => this.#read(data) ?? { type: 'unknown' });
    // The feed begins with a hello, and has no other.
    if (message === null || (message.type === 'hello') === this.#greeted) {
      this.#listener.malformed();
    } else if (message.type === 'hello') {
      this.#hello(message);
    } else if (message.type === 'sample') {
      this.#attempts = 0; // Not at the hello: a server that says hello and goes would be asked again at once, for ever.
      this.#listener.sample(message);
    } else if (message.type !== 'unknown') {
      this.#listener.event(message);
    }
  }

  #hello(hello) {
    if (hello.schema !== SCHEMA) {
      this.#fail(`The server speaks version ${hello.schema} of the feed, and this page version ${SCHEMA}: open the server\u2019s own dashboard.`);
      return;
    }
    this.#greeted = true;
    this.#silentMillis = Math.max(SILENT_MILLIS, SILENT_INTERVALS * 1000 * hello.interval);
    this.#listener.hello(hello);
  }

  #listenFor(connection) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (connection === this.#connection) {
        this.stop();
        this.#lost({ silent: true, opened: true });
      }
    }, this.#silentMillis);
  }

  #lost(end) {
    clearTimeout(this.#silence);
    this.#connection = null;
    const millis = Math.random() * Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts++);
    this.#retry = setTimeout(() => this.connect(), millis);
    this.#listener.waiting(end, millis);
  }

  #fail(problem) {
    this.stop();
    this.#listener.failed(problem);
  }
}
