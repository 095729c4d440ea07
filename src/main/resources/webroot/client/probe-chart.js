// The connections of a probe as a table, with a bar for each: how long it has been idle, or alive, on a logarithmic scale.

import { byId, element } from './dom.js';
import { nameOf, stateOf } from './probe-text.js';
import { shape } from './svg.js';
import { span } from '../amounts.js';

/** A bar is drawn in these units and stretched to the width of its cell. */
const WIDTH = 1000;
const HEIGHT = 10;
const TICKS = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1200];
/** As many labels as fit on a phone. */
const MOST_TICKS = 5;
const ORDER = ['busy', 'up', 'down', 'idle'];

export class ProbeChart {
  #plan;
  #rows = new Map();
  #ticks;

  constructor(plan) {
    this.#plan = plan;
    const fitting = TICKS.filter((tick) => tick > this.#least && tick < plan.limit * 0.95);
    const step = Math.ceil(fitting.length / MOST_TICKS);
    this.#ticks = fitting.filter((_, i) => (fitting.length - 1 - i) % step === 0);
    byId('probeAxis').replaceChildren(...this.#ticks.map((tick) => this.#label(tick)));
    byId('probeRows').replaceChildren();
  }

  show({ trials, verdict }) {
    for (const trial of trials) {
      if (!this.#rows.has(trial)) {
        this.#add(trial);
      }
      this.#update(trial, verdict.idle);
    }
  }

  #label(tick) {
    const label = element('span', '', span(tick));
    label.style.setProperty('--at', String(this.#x(tick) / WIDTH));
    return label;
  }

  #add(trial) {
    const head = element('th', '', nameOf(trial));
    head.scope = 'row';
    const state = element('td');
    const lines = this.#ticks.map((tick) => shape('rect', { class: 'tick', x: this.#x(tick), width: 1, height: HEIGHT }));
    const range = shape('rect', { class: 'range', y: 0, height: HEIGHT });
    const goal = shape('rect', { class: 'goal', y: 3, height: 4, width: trial.kind === 'idle' ? this.#x(trial.target) : 0 });
    const bar = shape('rect', { class: 'done', y: 3, height: 4 });
    const end = shape('rect', { class: 'end', y: 0, height: HEIGHT, width: 0 });
    const row = element('tr', '', head, element('td', 'bar-cell', shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': true }, ...lines, range, goal, bar, end)), state);
    this.#rows.set(trial, { row, state, range, bar, end });
    const sorted = [...this.#rows].sort(([one], [other]) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || one.target - other.target);
    const next = sorted[sorted.findIndex(([other]) => other === trial) + 1];
    byId('probeRows').insertBefore(row, next?.[1].row ?? null);
  }

  #update(trial, idle) {
    const { row, state, range, bar, end } = this.#rows.get(trial);
    const text = stateOf(trial);
    if (state.textContent !== text) {
      state.textContent = text;
    }
    row.dataset.state = trial.state;
    const to = this.#x(trial.kind === 'idle' ? trial.quiet : trial.age);
    bar.setAttribute('width', to);
    if (trial.isOver) {
      end.setAttribute('x', Math.max(0, to - 4));
      end.setAttribute('width', 8);
    }
    if (idle) {
      const [left, right] = [this.#x(idle.from), this.#x(idle.to)];
      range.setAttribute('x', left - 2);
      range.setAttribute('width', right - left + 4);
    }
  }

  get #least() {
    return this.#plan.rungs[0] / 2;
  }

  #x(seconds) {
    const part = Math.log(Math.max(seconds, this.#least) / this.#least) / Math.log(this.#plan.limit / this.#least);
    return Math.round(WIDTH * Math.min(part, 1));
  }
}
