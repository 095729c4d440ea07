/**
 * Runs a probe against a network that is made up, in a time that is made up. All times are seconds.
 *
 * `idle`: connections without traffic are lost after so long, `age`: all are, `only`: the direction whose traffic counts, `how`: `closed`, `reset` (at the next
 * message) or `silent`, `code` and `reason`: of the close; `outage`: when all connections end at once; `sleep`: {at, seconds} in which nothing runs and all connections
 * end; `odd`: the idle timeout of a single connection; `isResound`: whether the server is; `refused`: URLs that contain this are.
 */
async ({ limit = 1200, idle = Infinity, age = Infinity, only = null, how = 'closed', code = 1006, reason = '', outage = Infinity, sleep = null, odd = Infinity, isResound = true, refused = null }) => {
  const { Probe } = await import('/client/probe.js');
  const { planFor } = await import('/client/probe-plan.js');
  const { textOf } = await import('/client/probe-text.js');
  const STEP = 0.1;
  const ONE_WAY = 0.02;
  let now = 0;
  const sockets = [];

  class Socket {
    #listeners = { open: [], message: [], close: [] };
    #later = [];
    #isOpen = false;
    #isGone = false;
    #isDead = false;
    #number = sockets.length;
    #openedAt;
    #lastUp;
    #lastDown;

    constructor(url, [protocol = '']) {
      Object.assign(this, { url, protocol });
      this.#at(ONE_WAY, () => this.#answer());
      sockets.push(this);
    }

    get isAlive() {
      return this.#isOpen && !this.#isGone && !this.#isDead;
    }

    get openedAt() {
      return this.#openedAt;
    }

    #answer() {
      if ((refused && this.url.includes(refused)) || (!isResound && this.protocol)) {
        this.end(1006);
        return;
      }
      this.#isOpen = true;
      this.#openedAt = this.#lastUp = this.#lastDown = now;
      this.#fire('open', {});
      if (this.protocol === 'resound.whoami.v1') {
        const interval = this.url.includes('keep-alive=off') ? 0 : 25;
        this.#down(JSON.stringify({ type: 'whoami', instance: 'a', keepAlive: { interval, idleTimeout: 1800 }, handshake: { http: '1.1' } }));
      } else if (this.protocol === 'resound.telemetry.v1') {
        this.#feed();
      }
    }

    #feed() {
      this.#down('{}');
      this.#at(1, () => this.#feed());
    }

    #at(delay, action) {
      this.#later.push({ at: now + delay, action });
    }

    addEventListener(name, listener) {
      this.#listeners[name].push(listener);
    }

    #fire(name, event) {
      this.#listeners[name].forEach((listener) => listener(event));
    }

    #down(data) {
      if (this.isAlive) {
        this.#lastDown = now;
        this.#fire('message', { data });
      }
    }

    send(data) {
      if (this.isAlive) {
        this.#lastUp = now;
        if (!this.url.includes('echo=off')) {
          this.#at(ONE_WAY, () => this.#down(data));
        }
      } else if (this.#isDead && how === 'reset') {
        this.#at(ONE_WAY, () => this.end(1006));
      }
    }

    close() {
      this.#at(ONE_WAY, () => this.#isDead || this.end(1000));
    }

    end(endCode, endReason = '') {
      if (!this.#isGone) {
        this.#isGone = true;
        this.#fire('close', { code: endCode, reason: endReason, wasClean: endCode !== 1006 });
      }
    }

    advance() {
      const due = this.#later.filter(({ at }) => at <= now);
      this.#later = this.#later.filter(({ at }) => at > now);
      due.forEach(({ action }) => action());
      if (!this.isAlive) {
        return;
      }
      const last = { up: this.#lastUp, down: this.#lastDown }[only] ?? Math.max(this.#lastUp, this.#lastDown);
      if (now - last >= (this.#number === 6 ? Math.min(odd, idle) : idle) || now - this.#openedAt >= age) {
        this.lose(code, reason);
      }
    }

    lose(endCode, endReason) {
      if (how === 'closed') {
        this.end(endCode, endReason);
      } else {
        this.#isDead = true;
      }
    }
  }

  function endAll() {
    sockets.filter(({ isAlive }) => isAlive).forEach((socket) => socket.lose(1006));
  }

  const ports = { connect: (url, protocols) => new Socket(url, protocols), now: () => now, slept: () => 0, changed() {} };
  const probe = new Probe({ url: 'wss://a.example/ws?token=a', plan: planFor(limit), ports });
  let mostOpen = 0;
  while (probe.isRunning) {
    now += STEP;
    if (now >= outage) {
      outage = Infinity;
      endAll();
    }
    if (sleep && now >= sleep.at) {
      now += sleep.seconds;
      sleep = null;
      endAll();
    }
    sockets.forEach((socket) => socket.advance());
    mostOpen = Math.max(mostOpen, sockets.filter(({ isAlive }) => isAlive).length);
    probe.tick();
  }
  for (let i = 0; i < 10; i++) {
    now += STEP;
    sockets.forEach((socket) => socket.advance());
  }
  const { headline, notes } = textOf(probe);
  const { idle: found, shaken } = probe.verdict;
  return {
    text: [headline, ...notes].join('\n').replaceAll('\u00a0', ' '),
    from: found?.from ?? 0,
    to: found?.to ?? 0,
    shaken: shaken.length,
    seconds: probe.seconds,
    connections: sockets.length,
    mostOpen,
    stillOpen: sockets.filter(({ isAlive }) => isAlive).length,
  };
}
