// Measures what closes idle connections: opens connections, leaves them idle for different times, and narrows down the time after which they are lost.

import { MOST_OPEN, MOST_TRIALS, nextIdle } from './probe-plan.js';
import { Trial } from './probe-trial.js';
import { isSettled, judge } from './probe-verdict.js';

const BUSY = 2;
/** A busy connection that is lost is replaced, to see whether the next one is lost at the same age; but not forever. */
const MOST_BUSY_LIVES = 6;
/** An idle timeout that was seen once is tested again with this much more. */
const CONFIRMING = 1.2;
/** A one-way connection is watched for this many idle timeouts. */
const ONE_WAY = 1.5;
const NO_PINGS = 'keep-alive=off';
const NO_ECHO = 'echo=off';

/**
 * One run. `ports`: {connect(url, protocols), which returns a WebSocket; now(), a clock in seconds; slept(), the seconds since the last call for which the computer
 * slept, which a clock may not show; changed(probe)}. Somebody calls `tick()` several times a second; everything happens there and in the sockets' events.
 */
export class Probe {
  trials = [];
  /** `running`, `finished`, `stopped`, or `failed`: then `problem` is `refused`, or `no-echo`. */
  state = 'running';
  problem = null;
  /** The waits during which the browser or the computer let nothing run, in seconds. */
  pauses = [];
  #plan;
  #ports;
  #startedAt;
  #endedAt = null;
  #lastTick;
  #variants;
  #variant = 0;
  #isAccepted = false;
  #rungs;
  #openedAt = -Infinity;
  #mostOpen = MOST_OPEN;
  #verdict;

  /** `protocols`: those that the server needs; without any, the probe offers Resound's and does without if the server does not confirm it. */
  constructor({ url, protocols = [], plan, ports }) {
    this.#plan = plan;
    this.#ports = ports;
    this.#variants = variantsOf(url, protocols);
    // The longest tests come first: they need the time.
    this.#rungs = [...plan.rungs].reverse();
    this.#startedAt = this.#lastTick = ports.now();
    this.#verdict = judge([], plan);
    this.#open('busy', { every: plan.busyEvery });
  }

  get plan() {
    return this.#plan;
  }

  get verdict() {
    return this.#verdict;
  }

  get isRunning() {
    return this.state === 'running';
  }

  get seconds() {
    return (this.#endedAt ?? this.#ports.now()) - this.#startedAt;
  }

  /** What the server says about itself, if it is Resound: `keepAlive.interval` is 0 if its pings are off. */
  get greeting() {
    return this.trials.find(({ greeting }) => greeting)?.greeting ?? null;
  }

  /** Whether the server was asked to send no pings, and accepted the handshake. */
  get hasAsked() {
    return this.#variants[this.#variant].url.includes(NO_PINGS);
  }

  get isSettled() {
    return isSettled(this.#verdict, this.#plan);
  }

  /** Ends the run at the user's wish; what is known stays. */
  stop() {
    this.#finish('stopped');
  }

  tick() {
    if (!this.isRunning) {
      return;
    }
    this.#noticePause();
    this.trials.forEach((trial) => trial.tick());
    this.#verdict = judge(this.trials, this.#plan);
    if (this.seconds >= this.#plan.limit || this.#isDone) {
      this.#finish('finished');
    } else if (!this.#isAccepted) {
      this.#seekVariant();
    } else {
      this.#dropHopeless();
      this.#openNext();
    }
    this.#ports.changed(this);
  }

  #noticePause() {
    const now = this.#ports.now();
    const pause = Math.max(this.#ports.slept(), now - this.#lastTick);
    this.#lastTick = now;
    if (pause > this.#plan.longestPause) {
      this.disturb(pause);
    }
  }

  /** The page stood still, or the network was off: connections that were idle in the meantime prove nothing. */
  disturb(seconds) {
    this.pauses.push(seconds);
    this.#live().forEach((trial) => trial.disturb());
  }

  /** The first connection finds out what the server accepts. */
  #seekVariant() {
    const first = this.trials[0];
    if (first.state === 'opening' || first.state === 'answering') {
      return;
    }
    if (first.state !== 'failed') {
      this.#isAccepted = true;
    } else if (first.openedAt !== null) {
      this.#fail('no-echo');
    } else if (this.#variant + 1 === this.#variants.length) {
      this.#fail('refused');
    } else {
      this.#variant++;
      this.trials.pop();
      this.#open('busy', { every: this.#plan.busyEvery });
    }
  }

  #fail(problem) {
    this.problem = problem;
    this.#finish('failed');
  }

  /** If a connection was found dead after a shorter time, longer tests show nothing new. */
  #dropHopeless() {
    const { idle, age } = this.#verdict;
    const most = Math.min(idle && !idle.isExact ? idle.to : Infinity, age?.count > 1 ? age.to : Infinity);
    this.#live('idle').filter(({ target }) => target > most).forEach((trial) => trial.stop());
  }

  #openNext() {
    if (this.#ports.now() - this.#openedAt < this.#plan.stagger || this.#live().length >= this.#mostOpen || this.trials.length >= MOST_TRIALS) {
      return;
    }
    if (this.#rungs.length > 0) {
      this.#open('idle', { target: this.#rungs.shift() });
    } else if (!(this.#verdict.age?.count > 1) && this.#live('busy').length < BUSY && this.trials.filter(({ kind }) => kind === 'busy').length < MOST_BUSY_LIVES) {
      this.#open('busy', { every: this.#plan.busyEvery });
    } else if (this.isSettled) {
      this.#openOneWay();
    } else {
      const target = this.#nextIdle();
      if (target !== null) {
        this.#open('idle', { target });
      }
    }
  }

  #nextIdle() {
    const { survived, idle, age } = this.#verdict;
    const pending = this.#live('idle').map(({ target }) => target);
    const left = this.#left;
    if (idle?.isExact) {
      const target = idle.to * CONFIRMING;
      return target <= left && !pending.some((other) => other > idle.to) ? target : null;
    }
    return nextIdle({ survived, lost: idle?.to ?? null, most: age?.from ?? Infinity, pending, left }, this.#plan);
  }

  /** Both directions are tested only on Resound: it can keep silent, and its live feed speaks unasked. */
  #openOneWay() {
    const kind = this.#missingOneWay[0];
    if (kind) {
      const { from, to } = this.#verdict.idle;
      this.#open(kind, { target: ONE_WAY * to + this.#plan.grain, every: from / 4 });
    }
  }

  get #missingOneWay() {
    const { idle, age } = this.#verdict;
    const target = ONE_WAY * idle.to + this.#plan.grain;
    const isPossible = this.greeting?.keepAlive.interval === 0 && target + this.#plan.patience <= this.#left && (age === null || target < age.from);
    return isPossible ? ['up', 'down'].filter((kind) => !this.trials.some((trial) => trial.kind === kind && trial.state !== 'void')) : [];
  }

  #open(kind, { target, every }) {
    const { url, protocols } = this.#variants[this.#variant];
    const socket =
      kind === 'up' ? this.#ports.connect(withQuery(url, NO_ECHO), protocols)
      : kind === 'down' ? this.#ports.connect(url, ['resound.telemetry.v1'])
      : this.#ports.connect(url, protocols);
    this.#openedAt = this.#ports.now();
    // After a pause, the end of a connection may arrive before the next tick.
    socket.addEventListener('close', () => this.isRunning && this.#noticePause());
    const trial = new Trial({ kind, target, every, socket, plan: this.#plan, now: this.#ports.now });
    this.trials.push(trial);
    // The server, or something before it, may limit the connections of one client.
    socket.addEventListener('close', () => {
      if (trial.state === 'failed' && trial.kind === 'idle') {
        this.#mostOpen = Math.max(BUSY + 2, this.#live().length);
      }
    });
  }

  #live(kind = null) {
    return this.trials.filter((trial) => !trial.isOver && (kind === null || trial.kind === kind));
  }

  get #left() {
    return this.#plan.limit - this.seconds;
  }

  /** Nothing more can be found out: the maximum age is known as well, and leaves no time for a further test. */
  get #isDone() {
    return this.#verdict.age?.count > 1 && this.#rungs.length === 0 && this.#live().every(({ kind }) => kind === 'busy')
      && (this.isSettled ? this.#missingOneWay.length === 0 : this.#nextIdle() === null);
  }

  #finish(state) {
    if (this.isRunning) {
      this.state = state;
      this.#endedAt = this.#ports.now();
      this.#live().forEach((trial) => trial.stop(trial.kind === 'busy' && trial.state === 'busy' ? 'survived' : 'stopped'));
      this.#verdict = judge(this.trials, this.#plan);
      this.#ports.changed(this);
    }
  }
}

/** How the server may be asked, the best first. A server that knows neither answers the last. */
function variantsOf(url, protocols) {
  const quiet = withQuery(url, NO_PINGS);
  // The first one describes the connection; without it, the second one describes the server.
  const own = ['resound.whoami.v1', 'resound.echo.v1'];
  return protocols.length > 0
    ? [{ url: quiet, protocols }, { url, protocols }]
    : [{ url: quiet, protocols: own }, { url, protocols: own }, { url, protocols: [] }];
}

/** Not searchParams: it would write the rest of the query anew. */
function withQuery(url, parameter) {
  return url.includes('?') ? `${url}&${parameter}` : `${url}?${parameter}`;
}
