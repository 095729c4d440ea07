// One instance on the dashboard: what its feed says, in words, numbers and charts.

import { problemsOf, WATCHED } from './alerts.js';
import { ChartGroup } from './chart-group.js';
import { Events } from './events.js';
import { FACTS } from './facts.js';
import { FOREIGN, whyLost } from './feed-ends.js';
import { Feed, FLEET, INSTANCE } from './feed.js';
import { History } from './history.js';
import { Marks } from './marks.js';
import { ALL_SERIES, CHARTS, numberAt, roundTrip } from './measures.js';
import { format } from './numbers.js';

/** Stale is what is older than so many intervals and than so many seconds. */
const STALE_INTERVALS = 3;
const STALE_SECONDS = 3;

/** Milliseconds after which the charts move on although nothing has come. */
const IDLE_MILLIS = 1000;

/** Clocks that differ by less than so many seconds are taken as equal. */
const EQUAL_CLOCKS = 2;

/** Points of the small line in the summary. */
const LINE_POINTS = 60;

export class Panel {
  element;
  #history = new History(ALL_SERIES, WATCHED);
  #marks = new Marks();
  #charts;
  #clone;
  #events;
  #feed;
  #timeline;
  #on;
  #url;
  #hello = null;
  #host;
  #state = 'connecting';
  #isForeign = false;
  #retryAt = 0;
  /** Seconds that the server's clock is behind this browser's. */
  #behind = 0;
  /** Why the connection ended; kept while attempts to reconnect fail. */
  #lastCause = '';
  #drain = null;
  #hasDrained = false;
  /** When the newest sample came, or would have come; and when the server was heard last. */
  #arrivedAt = 0;
  #heardAt = 0;
  #drawnAt = 0;
  #isLive = false;
  #isStale = false;
  #problems = [];
  #changed = true;

  /**
   * @param clone gives a copy of the page's template of that name
   * @param timeline the time axis of all panels
   * @param on `{remove, connect, point, changed, fleet}`: somebody removes the panel, lets it connect, or moves the cursor to a time; something has
   *     come; the URL is that of a fleet, which this panel does not show (null: only the instance is wanted)
   */
  constructor(url, clone, timeline, on) {
    this.element = clone('panel');
    this.#clone = clone;
    this.#url = url;
    this.#timeline = timeline;
    this.#on = on;
    this.#host = new URL(url).host;
    this.#name(this.#host);
    this.#slot('url').textContent = url;
    this.#slot('remove').setAttribute('aria-label', `Remove ${url}`);
    this.#slot('remove').addEventListener('click', on.remove);
    this.#slot('connect').setAttribute('aria-label', `Connect to ${this.#host}`);
    this.#slot('connect').addEventListener('click', () => {
      on.connect();
      this.#feed.connect();
    });
    this.#slot('fold').addEventListener('click', () => this.fold(!this.element.classList.contains('folded')));
    this.#slot('retry').addEventListener('click', () => this.#feed.connect());
    this.#events = new Events(this.#slot('events'));
    this.#feed = new Feed(url, this, on.fleet ? [FLEET, INSTANCE] : [INSTANCE]);
    this.#slot('facts').append(...FACTS.map(({ name }) => this.#factOf(clone('fact'), name)));
  }

  /**
   * To be called once the element is part of the page; a chart has no width before.
   *
   * @param mayConnect whether to connect now; otherwise somebody has to press the button
   */
  start(mayConnect) {
    this.#charts = new ChartGroup(this.#slot('charts'), CHARTS, this.#history, this.#marks, this.#timeline, this.#clone, this.#on.point);
    this.#charts.name(this.#host);
    if (mayConnect) {
      this.#feed.connect();
    } else {
      this.#show('asking', `This page\u2019s URL points to another server, ${this.#host}. Connecting reveals your IP address to it. Connect only if you trust it.`);
    }
  }

  destroy() {
    this.#feed.stop();
    this.#charts.destroy();
    this.element.remove();
  }

  /** Where it waits for the next attempt, it makes it now. */
  retry() {
    if (this.#state === 'waiting') {
      this.#feed.connect();
    }
  }

  /** When its oldest value was; infinite while there is none. */
  get oldest() {
    return this.#history.times[0] ?? Infinity;
  }

  /** Its rows in the summary: one. */
  get rows() {
    return [this.#row];
  }

  /** `identity` tells whether two URLs lead to one instance. */
  get #row() {
    const { newest, columns } = this.#history;
    const at = (path) => (newest ? numberAt(newest, path) : null);
    return {
      key: this.#url,
      name: this.#hello?.instance ?? this.#host,
      where: this.#host,
      identity: this.#hello && `${this.#hello.instance} ${this.#hello.startedAt}`,
      state: this.#stateInSummary(),
      open: at('connections'),
      limit: at('connectionsLimit'),
      rate: at('rates.messages.received'),
      p99: newest && roundTrip(newest),
      lag: at('eventLoopLag.worst'),
      line: columns[0].slice(-LINE_POINTS),
      problems: this.#problems,
      go: () => {
        this.fold(false);
        this.#slot('name').focus();
        this.element.scrollIntoView();
      },
    };
  }

  #stateInSummary() {
    if (this.#isLive) {
      return this.#history.newest?.draining ? 'draining' : 'live';
    }
    if (this.#state === 'asking' || (this.#state === 'connecting' && !this.#hello)) {
      return this.#state;
    }
    if (this.#hasDrained) {
      return 'drained';
    }
    return this.#state === 'open' ? 'stale' : 'lost';
  }

  /** Hides all but the head, or shows it. */
  fold(isFolded) {
    this.element.classList.toggle('folded', isFolded);
    this.#slot('fold').setAttribute('aria-expanded', String(!isFolded));
    this.#changed = true;
  }

  // What the feed tells.

  connecting() {
    this.#show(this.#state === 'waiting' || this.#state === 'retrying' ? 'retrying' : 'connecting');
  }

  fleet() {
    this.#on.fleet();
  }

  hello(hello) {
    const before = this.#hello;
    const isSameRun = before !== null && before.instance === hello.instance && before.startedAt === hello.startedAt;
    if (!isSameRun) {
      const behind = Date.now() / 1000 - hello.time;
      this.#behind = Math.abs(behind) < EQUAL_CLOCKS ? 0 : behind;
      this.#drain = null;
    }
    this.#hello = hello;
    this.#isForeign = false;
    this.#hasDrained = false;
    const startedAt = hello.startedAt + this.#behind;
    if (before && before.instance !== hello.instance) {
      this.#history.clear();
      this.#marks.clear();
      this.#charts.reset();
      this.#notice(`Another instance answers since ${format('clock', hello.time + this.#behind)}: ${hello.instance} instead of ${before.instance}.`);
    } else if (before && !isSameRun) {
      this.#history.interrupt();
      this.#notice(`${hello.instance} restarted at ${format('clock', startedAt)}; its totals began at zero.`);
    }
    if (!isSameRun) {
      this.#marks.add(startedAt, 'restart', before ? 'Restarted' : 'Started');
    }
    const known = this.#history.times.at(-1) ?? 0;
    hello.history.samples
      .map((sample) => this.#inThisTime(sample))
      .filter(({ time }) => time > known)
      .forEach((sample) => this.#add(sample, hello.history.step));
    this.#heardAt = Date.now();
    const now = hello.time + this.#behind;
    this.#arrivedAt = this.#heardAt - 1000 * Math.max(0, now - (this.#history.times.at(-1) ?? now));
    this.#name(hello.instance);
    this.#lastCause = '';
    this.#show('open');
  }

  sample(sample) {
    this.#arrivedAt = this.#heardAt = Date.now();
    this.#add(this.#inThisTime(sample), this.#hello?.interval ?? 1);
    this.#on.changed();
  }

  event(event) {
    this.#events.add(this.#inThisTime(event));
  }

  malformed() {
    this.#isForeign = true;
    this.#show(this.#state === 'open' ? 'open' : 'foreign', FOREIGN);
  }

  waiting(end, millis) {
    this.#retryAt = Date.now() + millis;
    if (end.opened && this.#history.newest) {
      this.#ended(end);
    }
    const why = this.#lastCause ? `${this.#lastCause}${end.opened ? '' : ' Attempts to reconnect have failed since.'}` : whyLost(end);
    this.#show('waiting', this.#isForeign ? `${FOREIGN} ${why}` : why);
    this.#on.changed();
  }

  failed(problem) {
    this.#show('failed', problem);
    this.#on.changed();
  }

  /** The connection that brought samples has ended. What is known of that is kept. */
  #ended(end) {
    const now = Date.now() / 1000;
    this.#hasDrained = this.#history.newest.draining;
    if (this.#hasDrained && !end.silent) {
      const { left, closed } = this.#drained();
      this.#lastCause = `Drained at ${format('clock', now)}: ${closed} connections closed, ${left} left. Then the instance closed this feed as the last connection.`;
      this.#marks.add(now, 'drain', 'Drained');
    } else {
      this.#lastCause = `Connection lost at ${format('clock', now)}. ${whyLost(end)}`;
      this.#marks.add(now, 'problem', 'Connection lost');
    }
  }

  /** How far the drain is: the connections that are left, and how many it has closed. */
  #drained() {
    const { newest } = this.#history;
    const open = numberAt(newest, 'connections.echo') ?? 0;
    const closed = Math.max(0, (numberAt(newest, 'closed.drain') ?? 0) - (this.#drain?.closed ?? 0));
    return { left: format('count', open), closed: format('count', closed) };
  }

  #inThisTime(message) {
    return this.#behind === 0 ? message : { ...message, time: message.time + this.#behind };
  }

  #add(sample, step) {
    const before = this.#history.newest;
    if (before) {
      this.#marks.compare(before, sample);
    }
    if (sample.draining) {
      this.#drain ??= { since: sample.time, closed: numberAt(before ?? sample, 'closed.drain') ?? 0 };
    }
    this.#history.add(sample, step, this.#hello?.interval);
    this.#marks.forget(sample.time);
    this.element.classList.remove('empty');
    this.#changed = true;
  }

  // What is shown.

  /** Looks at the clock; to be called often. Returns the time that its charts have reached. */
  look() {
    const now = Date.now();
    const age = (now - this.#arrivedAt) / 1000;
    const interval = this.#hello?.interval ?? 1;
    this.#isLive = this.#state === 'open' && now - this.#heardAt <= 1000 * Math.max(STALE_INTERVALS * interval, STALE_SECONDS);
    this.#isStale = !this.#isLive && this.#history.times.length > 0;
    this.#showAge(age, now);
    this.#problems = this.#findProblems(now / 1000);
    const { times } = this.#history;
    return times.length > 0 ? times.at(-1) + (this.#arrivedAt ? age : 0) : -Infinity;
  }

  /** Draws if something has changed, and moves on in time if nothing has. */
  draw(anyway) {
    const now = Date.now();
    if (!anyway && !this.#changed && now - this.#drawnAt < IDLE_MILLIS) {
      return;
    }
    this.#changed = false;
    this.#drawnAt = now;
    const { newest } = this.#history;
    if (!this.element.classList.contains('folded')) {
      this.#charts.draw();
    }
    if (newest) {
      FACTS.forEach(({ text }, i) => this.#showFact(this.#slot('facts').children[i], text(newest, this.#hello, this.#behind)));
      this.#events.suppressed(newest.eventsSuppressed);
      this.#charts.listMarks(this.#slot('marks'));
    }
  }

  /** Puts the cursor of its charts at a time; null takes it away. */
  point(time) {
    this.#charts.point(time);
  }

  #findProblems(now) {
    const { newest } = this.#history;
    if (this.#isLive && newest) {
      return problemsOf({
        newest,
        now: now - this.#behind,
        drainingFor: this.#drain ? newest.time - this.#drain.since : 0,
        increase: (path, seconds) => this.#history.increase(path, seconds),
        most: (path, seconds) => this.#history.most(path, seconds),
        share: (path, seconds) => this.#history.share(path, seconds),
      });
    }
    const state = this.#stateInSummary();
    if (state === 'lost' || state === 'stale') {
      return [{ name: 'ResoundDown', severity: 'critical', text: state === 'lost' ? 'This browser cannot connect to it.' : 'It sends no samples any more.' }];
    }
    return [];
  }

  #showAge(age, now) {
    this.element.classList.toggle('stale', this.#isStale);
    this.#say();
    const ageText = this.#isStale ? `The newest sample is ${format('duration', Math.floor(age))} old.` : '';
    const seconds = Math.max(0, Math.ceil((this.#retryAt - now) / 1000));
    const retryText = { waiting: `Trying again in ${seconds}\u00a0s.`, retrying: 'Trying again now.' }[this.#state] ?? '';
    change(this.#slot('age'), [ageText, retryText, this.#drainText()].filter(Boolean).join(' '));
  }

  #drainText() {
    if (!this.#isLive || !this.#history.newest?.draining) {
      return '';
    }
    const { left, closed } = this.#drained();
    return `Draining: ${closed} connections closed, ${left} left.`;
  }

  /** Read out when it changes; so nothing that ticks belongs here. */
  #say() {
    const states = { connecting: 'Connecting\u2026', open: this.#isLive ? 'Live' : 'No samples', foreign: 'Not a Resound feed' };
    const draining = this.#isLive && this.#history.newest?.draining ? ', draining' : '';
    const label = this.#slot('state');
    const state = this.#hasDrained && this.#state !== 'open' ? 'Drained' : (states[this.#state] ?? 'Not connected');
    change(label, `${this.#isStale && !this.#hasDrained ? 'Stale: ' : ''}${state}${draining}`);
    label.dataset.state = this.#isLive ? (draining ? 'draining' : 'open') : this.#hasDrained ? 'drained' : 'closed';
  }

  #showFact(fact, text) {
    fact.hidden = text === null;
    change(fact.lastElementChild, text ?? '');
  }

  #show(state, why = '') {
    this.#state = state;
    if (state !== 'retrying') {
      change(this.#slot('why'), why);
    }
    this.#slot('retry').hidden = state !== 'waiting';
    this.#slot('connect').hidden = state !== 'asking';
    this.#changed = true;
  }

  #notice(text) {
    this.#slot('notice').textContent = text;
  }

  #name(text) {
    this.#slot('name').textContent = text;
    this.element.setAttribute('aria-label', text);
    this.#charts?.name(text);
  }

  #factOf(element, name) {
    element.firstElementChild.textContent = name;
    return element;
  }

  #slot(name) {
    return this.element.querySelector(`[data-slot="${name}"]`);
  }
}

/** The same text once more would be read out once more. */
function change(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
