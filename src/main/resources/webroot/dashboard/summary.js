// The summary above the panels: whether all is well, the sums, the problems, and a row for each instance. It knows no source of numbers.

import { format } from './numbers.js';

/** Of the instances that have a row. */
const MOST_ROWS = 300;

/** Of the problems that are listed. */
const MOST_PROBLEMS = 6;

const byId = (id) => document.getElementById(id);

/** States of an instance: what they are called, whether its numbers are of now, and its colour. */
const STATES = {
  live: { text: 'Live', isNow: true, level: 'good' },
  draining: { text: 'Draining', isNow: true, level: 'wait' },
  drained: { text: 'Drained', isNow: false, level: 'wait' },
  connecting: { text: 'Connecting', isNow: false, level: 'none' },
  asking: { text: 'Not connected', isNow: false, level: 'none' },
  stale: { text: 'Stale', isNow: false, level: 'bad' },
  lost: { text: 'Not connected', isNow: false, level: 'bad' },
  gone: { text: 'Gone', isNow: false, level: 'none' },
};

/** The tiles, each with `text(sums)`. */
const TILES = [
  { id: 'open', name: 'Open connections', text: ({ open }) => format('count', open), note: ({ limit }) => (limit === null ? '' : `of ${format('count', limit)}`) },
  { id: 'rate', name: 'Messages', text: ({ rate }) => format('perSecond', rate), note: () => 'received' },
  { id: 'p99', name: 'Round trip', text: ({ p99 }) => format('seconds', p99), note: ({ count, isWhole }) => (count > 1 && !isWhole ? 'p99, worst instance' : 'p99') },
  { id: 'lag', name: 'Event-loop lag', text: ({ lag }) => format('seconds', lag), note: ({ count }) => (count > 1 ? 'worst instance' : 'worst loop') },
];

export class Summary {
  #clone;
  #rows = new Map();
  #tiles;

  /** @param clone gives a copy of the page's template of that name */
  constructor(clone) {
    this.#clone = clone;
    this.#tiles = TILES.map(({ id, name }) => {
      const tile = clone('fact');
      tile.dataset.tile = id;
      tile.firstElementChild.textContent = name;
      tile.lastElementChild.replaceChildren(document.createElement('span'), ' ', document.createElement('small'));
      return tile;
    });
    byId('tiles').append(...this.#tiles);
  }

  /**
   * Shows the sums and these instances.
   *
   * @param known `sums`, `note` and `problems` of the whole, if a source knows more than its rows
   * @param instances each with
   * - `key`, `name`, `where` (or empty) and `state`, one of STATES
   * - `open`, `limit`, `rate`, `p99` and `lag`: numbers or null
   * - `line`: open connections of the last minutes, or empty
   * - `problems`: each with `name`, `severity` and `text`
   * - `isAgain`: whether a row above is the same instance
   * - `go()`: shows more of it
   */
  show(instances, known) {
    const now = instances.filter(({ state, isAgain }) => STATES[state].isNow && !isAgain);
    this.#showTiles(known.sums ?? sumsOf(now));
    this.#showProblems(instances, known.problems ?? []);
    this.#showVerdict(instances, now, known);
    this.#showRows(instances.slice(0, MOST_ROWS));
  }

  #showTiles(sums) {
    TILES.forEach(({ text, note }, i) => {
      const [value, small] = this.#tiles[i].lastElementChild.children;
      change(value, text(sums));
      change(small, note(sums));
    });
  }

  #showVerdict(instances, now, { note, problems = [] }) {
    const count = instances.reduce((sum, instance) => sum + instance.problems.length, problems.length);
    const waiting = instances.filter(({ state }) => ['connecting', 'asking'].includes(state)).length;
    const isUnknown = count === 0 && now.length === 0 && waiting === instances.length;
    const leaving = instances.find(({ state }) => STATES[state].level === 'wait');
    const level = count > 0 ? 'bad' : isUnknown ? 'none' : leaving ? 'wait' : 'good';
    const texts = { bad: counted(count, 'problem'), none: 'Waiting for data', wait: leaving && STATES[leaving.state].text, good: 'No problems' };
    change(byId('verdict'), texts[level]);
    byId('verdict').parentElement.dataset.level = level;
    const all = instances.filter(({ isAgain }) => !isAgain).length;
    change(byId('verdictNote'), note ?? (now.length === all ? counted(all, 'live instance') : `${now.length} of ${counted(all, 'instance')} live`));
    // A tab in the background shows this too.
    const title = count > 0 ? `${texts.bad} \u00b7 Resound dashboard` : 'Resound: dashboard';
    if (document.title !== title) {
      document.title = title;
      byId('icon').setAttribute('href', count > 0 ? 'favicon-problem.svg' : 'favicon.svg');
    }
  }

  #showProblems(instances, common) {
    const own = instances.flatMap(({ name, problems }) => problems.map((problem) => ({ ...problem, who: name })));
    const all = [...common.map((problem) => ({ ...problem, who: 'Fleet' })), ...own];
    all.sort((a, b) => a.severity.localeCompare(b.severity));
    const texts = all.slice(0, MOST_PROBLEMS).map(({ who, name, text }) => [who, name, text]);
    if (all.length > MOST_PROBLEMS) {
      texts.push(['', '', `${all.length - MOST_PROBLEMS} more problems.`]);
    }
    const list = byId('problems');
    while (list.children.length > texts.length) {
      list.lastElementChild.remove();
    }
    texts.forEach(([who, name, text], i) => {
      const item = list.children[i] ?? list.appendChild(emptyProblem());
      [who, text, name].forEach((part, j) => change(item.children[j], part));
    });
  }

  #showRows(instances) {
    const keys = new Set(instances.map(({ key }) => key));
    for (const [key, row] of this.#rows) {
      if (!keys.has(key)) {
        row.remove();
        this.#rows.delete(key);
      }
    }
    instances.forEach((instance, i) => {
      const row = this.#rows.get(instance.key) ?? this.#addRow(instance);
      if (byId('rows').children[i] !== row) {
        byId('rows').insertBefore(row, byId('rows').children[i] ?? null);
      }
      this.#fill(row, instance);
    });
  }

  #addRow({ key, go }) {
    const row = this.#clone('row');
    row.querySelector('button').addEventListener('click', go);
    this.#rows.set(key, row);
    return row;
  }

  #fill(row, { name, where, state, open, limit, rate, p99, lag, line, problems, isAgain }) {
    const { text, isNow, level } = STATES[state];
    const slot = (id) => row.querySelector(`[data-slot="${id}"]`);
    row.classList.toggle('past', !isNow);
    row.dataset.level = problems.length > 0 ? 'bad' : level;
    change(slot('name'), name);
    change(slot('where'), isAgain ? 'the same instance as above, counted once' : where);
    change(slot('state'), text);
    change(slot('open'), format('count', open));
    change(slot('limit'), limit === null ? '' : `of ${format('count', limit)}`);
    change(slot('rate'), format('perSecond', isNow ? rate : null));
    change(slot('p99'), format('seconds', isNow ? p99 : null));
    change(slot('lag'), format('seconds', isNow ? lag : null));
    const path = row.querySelector('path');
    const drawn = pathOf(line);
    if (path.getAttribute('d') !== drawn) {
      path.setAttribute('d', drawn);
    }
  }
}

function sumsOf(instances) {
  const known = (name) => instances.map((instance) => instance[name]).filter((value) => value !== null);
  const sum = (name) => (known(name).length === 0 ? null : known(name).reduce((a, b) => a + b));
  const most = (name) => (known(name).length === 0 ? null : Math.max(...known(name)));
  return { count: instances.length, open: sum('open'), limit: sum('limit'), rate: sum('rate'), p99: most('p99'), lag: most('lag') };
}

function counted(number, what) {
  return `${format('count', number)} ${what}${number === 1 ? '' : 's'}`;
}

function emptyProblem() {
  const item = document.createElement('li');
  item.append(...['strong', 'span', 'code'].flatMap((name) => [document.createElement(name), ' ']));
  return item;
}

/** A line from 0 up to its largest value, in a box of 100 by 24. */
function pathOf(line) {
  const most = Math.max(1, ...line.map((value) => value ?? 0));
  const points = line.map((value, i) => `${((100 * i) / Math.max(1, line.length - 1)).toFixed(1)} ${(23 - (22 * (value ?? 0)) / most).toFixed(1)}`);
  return points.length < 2 ? '' : `M${points.join('L')}`;
}

/** The same text once more would be read out once more. */
function change(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
