// One connection of the probe, from its handshake to what became of it. Time comes from a clock that the caller provides; all times are seconds.

import { keepAliveOf } from './protocols.js';
import { check, object, orNull, parsed, text } from '../untrusted.js';

const LONGEST_GREETING = 64 * 1024;

const IS_OVER = new Set(['survived', 'lost', 'failed', 'void', 'stopped']);

/**
 * One connection. Its `kind` says what it tests:
 * - `idle`: nobody sends for `target` seconds; then a message must come back
 * - `busy`: messages come and go all the time, for as long as the probe runs
 * - `up`: only this page sends, for `target` seconds; then the server must answer the Close
 * - `down`: only the server sends, likewise
 */
export class Trial {
  /**
   * `opening`, `answering` (the first message is on its way), `idle`, `busy`, `up`, `down`, `checking` (still there?), or how it ended: `survived`, `lost`, `failed`
   * (never opened, or no echo), `void` (something else disturbed it), `stopped`.
   */
  state = 'opening';
  /** How it was lost: `closed` (the browser was told), `reset` (it was told only when it sent something), `silent` (there was no answer). */
  how = null;
  code = null;
  reason = '';
  openedAt = null;
  endedAt = null;
  /** What a Resound server says of itself first: {keepAlive, http}; null if it did not. */
  greeting = null;
  /** Whether the server sent something that nobody had asked for. */
  isChatty = false;
  #socket;
  #plan;
  #now;
  #every;
  #startedAt;
  #quietSince = 0;
  #checkedAfter = null;
  #awaited = null;
  #sentAt = 0;
  #messages = 0;
  #disturbedAt = -Infinity;

  /** `every`: seconds between two messages, of a `busy` or an `up` connection. `now()` returns seconds. */
  constructor({ kind, target = Infinity, every = Infinity, socket, plan, now }) {
    Object.assign(this, { kind, target });
    this.#every = every;
    this.#socket = socket;
    this.#plan = plan;
    this.#now = now;
    this.#startedAt = now();
    socket.addEventListener('open', () => this.#opened());
    socket.addEventListener('message', ({ data }) => this.#received(data));
    socket.addEventListener('close', (event) => this.#closed(event));
  }

  get isOver() {
    return IS_OVER.has(this.state);
  }

  /** Open for so long, or until its end. */
  get age() {
    return this.openedAt === null ? 0 : (this.endedAt ?? this.#now()) - this.openedAt;
  }

  /** Without a message in either direction for so long; at the end, the silence that was tested. */
  get quiet() {
    return this.#checkedAfter ?? (this.openedAt === null ? 0 : (this.endedAt ?? this.#now()) - this.#quietSince);
  }

  tick() {
    if (this.isOver) {
      return;
    }
    const now = this.#now();
    const waited = now - this.#sentAt;
    if (this.state === 'opening' && now - this.#startedAt > this.#plan.patience) {
      this.#end('failed');
    } else if (this.state === 'answering' && waited > this.#plan.patience) {
      this.#end('failed');
    } else if ((this.state === 'checking' || this.#awaited) && waited > this.#plan.patience) {
      this.#lost('silent');
    } else if (this.state === 'idle' && this.quiet >= this.target) {
      this.#check();
    } else if (this.state === 'busy' && !this.#awaited && waited >= this.#every) {
      this.#send();
    } else if (this.state === 'up' || this.state === 'down') {
      this.#oneWay(now);
    }
  }

  /** The page stood still. What a silent connection has gone through is not known then; a busy one goes on if it still works. */
  disturb() {
    if (this.kind === 'busy') {
      this.#disturbedAt = this.#now();
    } else {
      this.stop('void');
    }
  }

  /** Ends it at the page's wish; `busy` connections have survived then. */
  stop(state = 'stopped') {
    if (!this.isOver) {
      this.#end(state);
    }
  }

  #opened() {
    if (this.isOver) {
      return;
    }
    this.openedAt = this.#quietSince = this.#now();
    if (this.kind === 'idle' || this.kind === 'busy') {
      this.state = 'answering';
      this.#send();
    } else {
      this.state = this.kind;
    }
  }

  #oneWay(now) {
    if (now - this.openedAt >= this.target) {
      // A server answers a Close, so this works without an echo.
      this.state = 'checking';
      this.#sentAt = now;
      this.#socket.close(1000);
    } else if (this.kind === 'up' && now - this.#sentAt >= this.#every) {
      this.#sentAt = now;
      this.#socket.send(`probe ${++this.#messages}`);
    }
  }

  #check() {
    this.#checkedAfter = this.quiet;
    this.state = 'checking';
    this.#send();
  }

  #send() {
    this.#awaited = `probe ${++this.#messages}`;
    this.#sentAt = this.#quietSince = this.#now();
    this.#socket.send(this.#awaited);
  }

  #received(data) {
    if (this.isOver) {
      return;
    }
    this.#quietSince = this.#now();
    if (data !== this.#awaited) {
      this.#unexpected(data);
      return;
    }
    this.#awaited = null;
    if (this.state === 'answering') {
      this.state = this.kind;
    } else if (this.state === 'checking') {
      this.#end('survived');
    }
  }

  #unexpected(data) {
    const greeting = this.#messages <= 1 && !this.greeting ? greetingIn(data, this.#socket.protocol) : null;
    if (greeting) {
      this.greeting = greeting;
    } else if (this.kind === 'up') {
      // The server answers although it was asked not to.
      this.#end('failed');
    } else if (this.kind !== 'down') {
      this.isChatty = true;
    }
  }

  #closed({ code, reason, wasClean }) {
    if (this.isOver) {
      return;
    }
    Object.assign(this, { code, reason });
    if (this.openedAt === null || this.state === 'answering') {
      this.#end('failed');
    } else if (this.state === 'checking' && this.kind !== 'idle' && wasClean) {
      this.#end('survived');
    } else {
      this.#lost(this.state === 'checking' ? 'reset' : 'closed');
    }
  }

  #lost(how) {
    this.how = how;
    this.#end(this.#isDisturbed ? 'void' : 'lost', how === 'silent' ? this.#sentAt : this.#now());
  }

  get #isDisturbed() {
    return this.#now() - this.#disturbedAt < 2 * this.#plan.patience;
  }

  #end(state, at = this.#now()) {
    this.endedAt = at;
    this.state = state;
    this.#socket.close(1000);
  }
}

/** The first message of resound.whoami.v1, which describes this connection, or of resound.echo.v1, which describes the server. */
function greetingIn(message, protocol) {
  return protocol.startsWith('resound.') ? orNull(() => greetingOf(parsed(message, LONGEST_GREETING))) : null;
}

function greetingOf({ type, keepAlive, http, handshake }) {
  check(type === 'whoami' || type === 'hello');
  const version = type === 'whoami' ? object(handshake).http : http;
  return { keepAlive: keepAliveOf(keepAlive), http: version === undefined ? null : text(version, 10) };
}
