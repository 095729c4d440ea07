// A fleet on the dashboard: the sums over all instances, and on demand one of them.

import { numbersOf } from './alerts.js';
import { ChartGroup } from './chart-group.js';
import { FOREIGN, whyLost } from './feed-ends.js';
import { Feed, FLEET } from './feed.js';
import { History } from './history.js';
import { Marks } from './marks.js';
import { FLEET_CHARTS, FLEET_ROW_CHARTS, numberAt } from './measures.js';
import { format } from './numbers.js';

const STALE_SECONDS = 5;

/** Of each instance, a row is kept once in so many seconds, and so many rows: for the charts that somebody may ask for. */
const KEPT_STEP = 15;
const MOST_KEPT = 60;

/** The order of the rows. */
const ORDER = ['stale', 'draining', 'live', 'gone'];

const seriesOf = (charts) => charts.flatMap(({ series }) => series);

export class FleetPanel {
  element;
  #url;
  #feed;
  #on;
  #timeline;
  #clone;
  #history = new History(seriesOf(FLEET_CHARTS));
  #marks = new Marks();
  #charts;
  /** The rows of the newest sample; what is kept of each instance, by its id; and the state that each was in. */
  #rows = [];
  #kept = new Map();
  #states = new Map();
  #chosen = null;
  #hello = null;
  #newest = null;
  #state = 'connecting';
  #heardAt = 0;
  #changed = true;

  constructor(url, clone, timeline, on) {
    this.#url = url;
    this.#clone = clone;
    this.#timeline = timeline;
    this.#on = on;
    this.element = clone('panel');
    this.element.dataset.fleet = '';
    this.#slot('url').textContent = url;
    this.#slot('name').textContent = 'Fleet';
    this.#slot('events').remove();
    this.#slot('facts').remove();
    this.#slot('remove').replaceWith(this.#linkToInstance());
    this.#slot('fold').remove();
    this.#slot('retry').addEventListener('click', () => this.#feed.connect());
    this.#feed = new Feed(url, this, [FLEET]);
  }

  start() {
    this.#charts = new ChartGroup(this.#slot('charts'), FLEET_CHARTS, this.#history, this.#marks, this.#timeline, this.#clone, this.#on.point);
    this.#charts.name('the fleet');
    this.#feed.connect();
  }

  destroy() {
    this.#feed.stop();
    this.#charts.destroy();
    this.#leave();
    this.element.remove();
  }

  retry() {
    if (this.#state === 'waiting') {
      this.#feed.connect();
    }
  }

  fold() {
    // The fleet is always unfolded.
  }

  get oldest() {
    return this.#history.times[0] ?? Infinity;
  }

  get #isLive() {
    return this.#state === 'open' && Date.now() - this.#heardAt <= 1000 * Math.max(STALE_SECONDS, 3 * (this.#hello?.interval ?? 1));
  }

  /** Rows for the summary. */
  get rows() {
    if (!this.#isLive) {
      return [{ ...NOTHING, key: this.#url, name: this.#hello ? `Fleet ${this.#hello.fleet}` : 'Fleet', state: this.#state === 'connecting' ? 'connecting' : 'lost', problems: this.#ownProblems(), go: () => this.element.scrollIntoView() }];
    }
    return this.#rows.map((row) => ({
      ...NOTHING,
      key: row.id,
      name: row.name,
      where: whereOf(row),
      state: row.state,
      open: row.connections,
      limit: row.connectionsLimit,
      rate: row.receivedRate,
      p99: row.roundTripP99,
      lag: row.lag,
      line: (this.#kept.get(row.id) ?? []).map(({ connections }) => connections),
      problems: problemsOf(row),
      go: () => this.#choose(row),
    }));
  }

  /** What the summary shows of the whole; the sums are those of the server. */
  get known() {
    const { newest } = this.#history;
    if (!newest || !this.#isLive) {
      return {};
    }
    const [live, draining, stale, gone] = ['live', 'draining', 'stale', 'gone'].map((state) => numberAt(newest, `instances.${state}`) ?? 0);
    const present = live + draining + stale;
    return {
      sums: {
        count: present,
        open: numberAt(newest, 'connections'),
        limit: numberAt(newest, 'connectionsLimit'),
        rate: numberAt(newest, 'rates.messages.received'),
        p99: numberAt(newest, 'roundTrip.p99'),
        lag: numberAt(newest, 'eventLoopLag.worst'),
        isWhole: true,
      },
      note: [`${live + draining} of ${present}`, draining && `${draining} draining`, stale && `${stale} stale`, gone && `${gone} gone`].filter(Boolean).join(', '),
      problems: this.#ownProblems(),
    };
  }

  #ownProblems() {
    const problem = (text) => ({ name: '', severity: 'warning', text });
    if (!this.#isLive) {
      return this.#state === 'connecting' || this.#hello === null ? [] : [problem('This browser gets no data of the fleet.')];
    }
    const found = [];
    if (this.#newest && !this.#newest.redis.connected) {
      const { age } = this.#newest.redis;
      found.push(problem(`The server cannot reach Redis${age === null ? '' : `; the numbers are ${format('duration', age)} old`}.`));
    }
    if (this.#newest?.limitReached) {
      found.push(problem('There are more instances than the server counts. The sums are too low.'));
    }
    return found;
  }

  // What the feed tells.

  connecting() {
    this.#show(this.#state === 'waiting' ? 'waiting' : 'connecting', this.#slot('why').textContent);
  }

  hello(hello) {
    this.#hello = hello;
    this.#slot('name').textContent = `Fleet ${hello.fleet}`;
    this.element.setAttribute('aria-label', `Fleet ${hello.fleet}`);
    this.#replace(hello.history);
    this.#heardAt = Date.now();
    this.#show('open');
  }

  sample(sample) {
    this.#heardAt = Date.now();
    const { rows, ...sums } = sample;
    this.#newest = sums;
    this.#history.add(sums, this.#hello.interval, Infinity);
    this.#marks.forget(sample.time);
    this.#follow(rows, sample.time);
    this.element.classList.remove('empty');
    this.#changed = true;
    this.#on.changed();
  }

  event({ history }) {
    this.#replace(history);
  }

  malformed() {
    this.#show(this.#state, FOREIGN);
  }

  waiting(end, millis) {
    const before = this.#slot('why').textContent;
    this.#show('waiting', end.opened || before === '' ? whyLost(end) : before);
    this.#slot('age').textContent = `Trying again in ${Math.ceil(millis / 1000)}\u00a0s.`;
    this.#on.changed();
  }

  failed(problem) {
    this.#show('failed', problem);
  }

  #linkToInstance() {
    const link = document.createElement('a');
    link.href = `?${new URLSearchParams({ url: this.#url })}`;
    link.textContent = 'The instance that serves this page';
    return link;
  }

  /** The server's history replaces what is known, but for what is newer. */
  #replace({ samples, step }) {
    if (samples.length > 0) {
      this.#history.clear();
      samples.forEach((sample) => this.#history.add(sample, step, Infinity));
      this.element.classList.remove('empty');
      this.#changed = true;
    }
  }

  /** Takes up the rows: marks what has changed, and keeps what a chart may need. */
  #follow(rows, time) {
    const isFirst = this.#states.size === 0;
    const present = new Set(rows.map(({ id }) => id));
    for (const id of this.#states.keys()) {
      if (!present.has(id)) {
        this.#states.delete(id);
        this.#kept.delete(id);
      }
    }
    for (const row of rows) {
      const before = this.#states.get(row.id);
      if (!isFirst && before !== row.state) {
        this.#mark(row, before, time);
      }
      this.#states.set(row.id, row.state);
      const kept = this.#kept.get(row.id) ?? [];
      if (row.state !== 'gone' && !(time - kept.at(-1)?.time < KEPT_STEP)) {
        this.#kept.set(row.id, [...kept, { ...row, time }].slice(-MOST_KEPT));
      }
    }
    this.#rows = rows.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    const chosen = this.#chosen && rows.find(({ id }) => id === this.#chosen.id);
    if (chosen) {
      this.#chosen.add({ ...chosen, time });
    }
  }

  #mark({ name, state, ended, uptime }, before, time) {
    if (before === undefined && state === 'live') {
      this.#marks.add(time - Math.min(uptime, 60), 'restart', `${name} started`);
    } else if (state === 'draining') {
      this.#marks.add(time, 'drain', `${name} drains`);
    } else if (state === 'gone') {
      this.#marks.add(time, ended ? 'drain' : 'problem', ended ? `${name} has drained` : `${name} is gone`);
    } else if (state === 'stale') {
      this.#marks.add(time, 'problem', `${name} is stale`);
    }
  }

  // One instance.

  #choose(row) {
    this.#leave();
    this.#chosen = new ChosenInstance(row, this.#kept.get(row.id) ?? [], this.#clone, this.#timeline, this.#on.point, () => this.#leave());
    this.element.before(this.#chosen.element);
    this.#chosen.start();
    this.#on.chosen();
  }

  #leave() {
    this.#chosen?.destroy();
    this.#chosen = null;
  }

  // What is shown.

  look() {
    this.element.classList.toggle('stale', !this.#isLive && this.#history.times.length > 0);
    const label = this.#slot('state');
    const text = this.#isLive ? 'Live' : this.#state === 'connecting' ? 'Connecting\u2026' : 'Not connected';
    if (label.textContent !== text) {
      label.textContent = text;
    }
    label.dataset.state = this.#isLive ? 'open' : 'closed';
    if (this.#isLive) {
      this.#slot('age').textContent = '';
    }
    const newest = this.#history.times.at(-1);
    return newest === undefined ? -Infinity : newest + Math.max(0, Date.now() - this.#heardAt) / 1000;
  }

  draw(anyway) {
    if (anyway || this.#changed) {
      this.#changed = false;
      this.#charts.draw();
      this.#charts.listMarks(this.#slot('marks'));
      this.#chosen?.draw();
    }
  }

  point(time) {
    this.#charts.point(time);
    this.#chosen?.point(time);
  }

  #show(state, why = '') {
    this.#state = state;
    if (this.#slot('why').textContent !== why) {
      this.#slot('why').textContent = why;
    }
    this.#slot('retry').hidden = state !== 'waiting';
    this.#changed = true;
  }

  #slot(name) {
    return this.element.querySelector(`[data-slot="${name}"]`);
  }
}

const NOTHING = { where: '', identity: null, open: null, limit: null, rate: null, p99: null, lag: null, line: [], problems: [], isAgain: false };

function whereOf({ state, ended, age, uptime, version }) {
  if (state === 'stale' || state === 'gone') {
    return `${ended ? 'ended cleanly' : 'silent'} for ${format('duration', Math.round(age))}`;
  }
  return `${version}, up for ${format('duration', Math.floor(uptime))}`;
}

/** Of the alerts, those that a row tells enough for. */
function problemsOf({ state, ended, connections, connectionsLimit, lag, age }) {
  const problems = [];
  if (state === 'stale') {
    problems.push({ name: '', severity: 'warning', text: `Has sent nothing for ${format('duration', Math.round(age))}.` });
  } else if (state === 'gone' && !ended) {
    problems.push({ name: '', severity: 'warning', text: 'Ended without a drain.' });
  }
  if (state === 'live' && connectionsLimit > 0 && connections / connectionsLimit > numbersOf('ResoundNearCapacity').above) {
    problems.push({ name: 'ResoundNearCapacity', severity: 'warning', text: `Almost full: ${format('count', connections)} of ${format('count', connectionsLimit)} connections are open.` });
  }
  if (state === 'live' && lag > numbersOf('ResoundEventLoopLag').above) {
    problems.push({ name: 'ResoundEventLoopLag', severity: 'warning', text: `An event loop runs ${format('seconds', lag)} late.` });
  }
  return problems;
}

/** The charts of one instance of the fleet, from its rows. */
class ChosenInstance {
  element;
  id;
  #history = new History(seriesOf(FLEET_ROW_CHARTS));
  #group;
  #start;

  constructor(row, kept, clone, timeline, point, close) {
    this.id = row.id;
    this.element = clone('panel');
    this.element.classList.remove('empty');
    this.element.setAttribute('aria-label', row.name);
    const slot = (name) => this.element.querySelector(`[data-slot="${name}"]`);
    ['facts', 'events', 'marks', 'retry', 'connect', 'fold'].forEach((name) => slot(name).remove());
    slot('name').textContent = row.name;
    slot('url').textContent = row.id;
    slot('remove').textContent = 'Close';
    slot('remove').classList.remove('remove');
    slot('remove').addEventListener('click', close);
    this.#start = () => {
      this.#group = new ChartGroup(slot('charts'), FLEET_ROW_CHARTS, this.#history, new Marks(), timeline, clone, point);
      this.#group.name(row.name);
      kept.forEach((earlier) => this.#history.add({ ...earlier, uptime: earlier.time }, KEPT_STEP));
      this.#showState(row);
      if (kept.length === 0) {
        slot('why').textContent = row.state === 'gone' ? 'It was gone before this page was opened, so there is nothing to show.' : 'The charts begin now.';
      }
      this.element.scrollIntoView({ block: 'start' });
      slot('name').focus();
    };
  }

  start() {
    this.#start();
    this.draw();
  }

  add(row) {
    this.#showState(row);
    if (row.state !== 'gone' && row.time > (this.#history.times.at(-1) ?? 0)) {
      this.#history.add({ ...row, uptime: row.time }, 1);
    }
  }

  #showState(row) {
    const state = this.element.querySelector('[data-slot="state"]');
    const text = row.state[0].toUpperCase() + row.state.slice(1);
    if (state.textContent !== text) {
      state.textContent = text;
    }
    state.dataset.state = { live: 'open', draining: 'draining', gone: 'drained', stale: 'closed' }[row.state];
  }

  draw() {
    this.#group.draw();
  }

  point(time) {
    this.#group.point(time);
  }

  destroy() {
    this.#group.destroy();
    this.element.remove();
  }
}
