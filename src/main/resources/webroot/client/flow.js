// Continuous mode: so many messages a second, and a check of what comes back.

import { FlowLedger } from './flow-ledger.js';
import { FlowMessages } from './flow-message.js';

const TICK_MILLIS = 20;
/** How long the last messages may take to come back after the end of the sending. */
const PATIENCE_MILLIS = 5000;
/** As much as may wait in the browser: what waits there is late, and a socket that is swamped shows nothing of the network. */
const MOST_BUFFERED = 256 * 1024;
/** Time that was lost (a socket that does not take more, a page in the background) is made up for in no more than this. */
const MOST_CATCH_UP_SECONDS = 0.25;

/**
 * One run. It sends through `send(data)`, looks at `buffered()`, and tells `changed(run)` about 4 times a second and `ended(run)` once.
 */
export class Flow {
  #ports;
  #messages;
  #planned;
  #timer;
  #end;
  #startedAt = performance.now();
  #counted = 0;
  #stoppedAt = null;
  #isOver = false;
  #lastTold = 0;

  ledger = new FlowLedger();
  /** Whether the socket takes less than asked for, as of the last tick; and the messages that were left out because of that. */
  isBehind = false;
  leftOut = 0;

  /** `plan`: {rate, size, isText, seconds}; 0 seconds for no end. `ports`: {send, buffered, roundTrip, changed, ended}. */
  constructor(plan, ports) {
    this.plan = plan;
    this.#ports = ports;
    this.#messages = new FlowMessages(plan.size, plan.isText);
    this.#planned = plan.seconds ? Math.ceil(plan.rate * plan.seconds) : Infinity;
    this.#end = plan.seconds ? this.#startedAt + plan.seconds * 1000 : Infinity;
    this.#timer = setInterval(() => this.#tick(), TICK_MILLIS);
    this.#tick();
  }

  get isSending() {
    return this.#stoppedAt === null;
  }

  /** Neither sending nor waiting for what is on its way. */
  get isOver() {
    return this.#isOver;
  }

  get seconds() {
    return ((this.#stoppedAt ?? performance.now()) - this.#startedAt) / 1000;
  }

  /** Messages a second, over the whole run. */
  get rate() {
    return this.ledger.sent / Math.max(this.seconds, 1 / this.plan.rate);
  }

  /** Takes a message that came; says whether it belongs to this run. */
  receive(data) {
    const message = this.#messages.read(data);
    if (!message || this.#isOver) {
      return message !== null && message.sequence !== null;
    }
    const now = performance.now();
    const millis = this.ledger.receive(message, now);
    if (millis !== null) {
      this.#ports.roundTrip(millis);
    }
    if (!this.isSending && this.ledger.onTheWay === 0) {
      this.#over();
    }
    return true;
  }

  /** Sends no more, and waits for what is on its way. */
  stop() {
    if (!this.isSending) {
      return;
    }
    this.#stoppedAt = performance.now();
    this.isBehind = false;
    if (this.ledger.onTheWay === 0) {
      this.#over();
    }
  }

  /** Ends at once, as the connection does. What is on its way is then neither back nor lost: a browser drops what comes while it closes. */
  cut() {
    this.#stoppedAt ??= performance.now();
    this.#over();
  }

  #tick() {
    const now = performance.now();
    if (this.isSending) {
      this.#send(Math.min(now, this.#end));
      if (now >= this.#end) {
        this.stop();
      }
    } else if (now - this.#stoppedAt > PATIENCE_MILLIS) {
      this.ledger.giveUp();
      this.#over();
    }
    if (!this.#isOver && now - this.#lastTold >= 250) {
      this.#lastTold = now;
      this.#ports.changed(this);
    }
  }

  #send(now) {
    const { rate, size } = this.plan;
    const until = Math.min(Math.floor(((now - this.#startedAt) / 1000) * rate) + 1, this.#planned);
    const due = until - this.#counted;
    const most = Math.max(1, Math.ceil(rate * MOST_CATCH_UP_SECONDS));
    let sent = 0;
    while (sent < Math.min(due, most) && this.#ports.buffered() <= Math.max(MOST_BUFFERED - size, 0)) {
      const data = this.#messages.make(this.ledger.sent);
      this.ledger.send(performance.now());
      this.#ports.send(data);
      sent++;
    }
    this.#counted = until;
    this.leftOut += due - sent;
    this.isBehind = due > sent;
  }

  #over() {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#ports.ended(this);
  }
}
