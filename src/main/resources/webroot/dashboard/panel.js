// One instance on the dashboard: what its feed says, in words, numbers and charts.

import { Chart } from './charts.js';
import { Events } from './events.js';
import { FACTS } from './facts.js';
import { FOREIGN, whyLost } from './feed-ends.js';
import { Feed } from './feed.js';
import { History } from './history.js';
import { ALL_SERIES, CHARTS } from './measures.js';
import { format } from './numbers.js';

/** Stale is what is older than so many intervals and than so many seconds. */
const STALE_INTERVALS = 3;
const STALE_SECONDS = 3;

/** Milliseconds after which the charts move on although nothing has come. */
const IDLE_MILLIS = 1000;

export class Panel {
  element;
  #history = new History(ALL_SERIES);
  #charts = [];
  #events;
  #feed;
  #hello = null;
  #host;
  #state = 'connecting';
  #isForeign = false;
  #retryAt = 0;
  /** When the newest sample came, or would have come; and when the server was heard last. */
  #arrivedAt = 0;
  #heardAt = 0;
  #drawnAt = 0;
  #changed = true;

  /**
   * @param clone gives a copy of the page's template of that name
   * @param on `{remove, connect}`: somebody removes the panel, or lets it connect
   */
  constructor(url, clone, on) {
    this.element = clone('panel');
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
    this.#slot('retry').addEventListener('click', () => this.#feed.connect());
    this.#events = new Events(this.#slot('events'));
    this.#feed = new Feed(url, this);
    this.#slot('facts').append(...FACTS.map(({ name }) => this.#factOf(clone('fact'), name)));
    this.#slot('charts').append(...CHARTS.map(() => clone('chart')));
  }

  /**
   * To be called once the element is part of the page; a chart has no width before.
   *
   * @param mayConnect whether to connect now; otherwise somebody has to press the button
   */
  start(mayConnect) {
    let first = 0;
    const figures = this.#slot('charts').children;
    this.#charts = CHARTS.map((spec, i) => {
      const chart = new Chart(figures[i], spec, this.#history, first);
      first += spec.series.length;
      return chart;
    });
    if (mayConnect) {
      this.#feed.connect();
    } else {
      this.#show('asking', `This page\u2019s URL points to another server, ${this.#host}. Connecting reveals your IP address to it. Connect only if you trust it.`);
    }
  }

  destroy() {
    this.#feed.stop();
    this.#charts.forEach((chart) => chart.destroy());
    this.element.remove();
  }

  /** Where it waits for the next attempt, it makes it now. */
  retry() {
    if (this.#state === 'waiting') {
      this.#feed.connect();
    }
  }

  // What the feed tells.

  connecting() {
    this.#show(this.#state === 'waiting' || this.#state === 'retrying' ? 'retrying' : 'connecting');
  }

  hello(hello) {
    const before = this.#hello;
    this.#hello = hello;
    this.#isForeign = false;
    if (before && before.instance !== hello.instance) {
      this.#history.clear();
      this.#notice(`Another instance answers since ${format('clock', hello.time)}: ${hello.instance} instead of ${before.instance}.`);
    } else if (before && before.startedAt !== hello.startedAt) {
      this.#history.interrupt();
      this.#notice(`${hello.instance} restarted at ${format('clock', hello.startedAt)}; its totals began at zero.`);
    }
    const known = this.#history.times.at(-1) ?? 0;
    hello.history.samples.filter(({ time }) => time > known).forEach((sample) => this.#add(sample, hello.history.step));
    this.#heardAt = Date.now();
    this.#arrivedAt = this.#heardAt - 1000 * Math.max(0, hello.time - (this.#history.times.at(-1) ?? hello.time));
    this.#name(hello.instance);
    this.#show('open');
  }

  sample(sample) {
    this.#arrivedAt = this.#heardAt = Date.now();
    this.#add(sample, this.#hello?.interval ?? 1);
  }

  event(event) {
    this.#events.add(event);
  }

  malformed() {
    this.#isForeign = true;
    this.#show(this.#state === 'open' ? 'open' : 'foreign', FOREIGN);
  }

  waiting(end, millis) {
    this.#retryAt = Date.now() + millis;
    this.#show('waiting', this.#isForeign ? `${FOREIGN} ${whyLost(end)}` : whyLost(end));
  }

  failed(problem) {
    this.#show('failed', problem);
  }

  #add(sample, step) {
    this.#history.add(sample, step, this.#hello?.interval);
    this.element.classList.remove('empty');
    this.#changed = true;
  }

  // What is shown.

  /** To be called often; it draws where something has changed, and moves on in time where nothing has. */
  draw() {
    const now = Date.now();
    const age = (now - this.#arrivedAt) / 1000;
    this.#showAge(age, now);
    if (!this.#changed && now - this.#drawnAt < IDLE_MILLIS) {
      return;
    }
    this.#changed = false;
    this.#drawnAt = now;
    const { newest, times } = this.#history;
    const end = times.length > 0 ? times.at(-1) + (this.#arrivedAt ? age : 0) : now / 1000;
    this.#charts.forEach((chart) => chart.draw(end));
    if (newest) {
      FACTS.forEach(({ text }, i) => (this.#slot('facts').children[i].lastElementChild.textContent = text(newest, this.#hello)));
      this.#events.suppressed(newest.eventsSuppressed);
    }
  }

  #showAge(age, now) {
    const interval = this.#hello?.interval ?? 1;
    const isLive = this.#state === 'open' && now - this.#heardAt <= 1000 * Math.max(STALE_INTERVALS * interval, STALE_SECONDS);
    const isStale = !isLive && this.#history.times.length > 0;
    this.element.classList.toggle('stale', isStale);
    this.#say(isLive, isStale);
    const ageText = isStale ? `The newest sample is ${format('duration', Math.floor(age))} old.` : '';
    const seconds = Math.max(0, Math.ceil((this.#retryAt - now) / 1000));
    const retryText = { waiting: `Trying again in ${seconds}\u00a0s.`, retrying: 'Trying again now.' }[this.#state] ?? '';
    this.#slot('age').textContent = `${ageText} ${retryText}`.trim();
  }

  /** Read out when it changes; so nothing that ticks belongs here. */
  #say(isLive, isStale) {
    const states = { connecting: 'Connecting\u2026', open: isLive ? 'Live' : 'No samples', foreign: 'Not a Resound feed' };
    const draining = isLive && this.#history.newest?.draining ? ', draining' : '';
    const label = this.#slot('state');
    change(label, `${isStale ? 'Stale: ' : ''}${states[this.#state] ?? 'Not connected'}${draining}`);
    label.dataset.state = isLive ? 'open' : 'closed';
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
