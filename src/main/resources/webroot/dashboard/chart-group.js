// The charts of one panel, with the keys that move along their time axis and the list of their marks.

import { Chart } from './charts.js';
import { format } from './numbers.js';
import { KEYS } from './time-controls.js';

/** One press of an arrow key moves by this part of the span. */
const KEY_STEP = 1 / 100;

const LISTED_MARKS = 6;

export class ChartGroup {
  #element;
  #charts;
  #marks;
  #pointed = null;

  /**
   * @param element a part of the page already: a chart has no width before
   * @param specs as in measures.js
   * @param point moves the cursor of all charts of the page to a time; null takes it away
   */
  constructor(element, specs, history, marks, timeline, clone, point) {
    this.#element = element;
    this.#marks = marks;
    let first = 0;
    this.#charts = specs.map((spec) => {
      const figure = clone('chart');
      element.append(figure);
      const chart = new Chart(figure, spec, history, first, { timeline, marks });
      first += spec.series.length;
      return chart;
    });
    element.addEventListener('keydown', (event) => {
      const action = KEYS[event.key];
      if (action && !event.ctrlKey && !event.altKey && !event.metaKey) {
        event.preventDefault();
        const [from, to] = timeline.range;
        const step = (by) => point(Math.min(to, Math.max(from, (this.#pointed ?? to) + by * KEY_STEP * (to - from))));
        action({ timeline, point, pointed: () => this.#pointed, step });
      }
    });
    element.addEventListener('blur', () => point(null));
  }

  /** Names what the charts are about. */
  name(text) {
    this.#element.setAttribute('aria-label', `Charts of ${text}. Arrow keys move the cursor, plus and minus zoom, Escape goes back.`);
  }

  draw() {
    this.#charts.forEach((chart) => chart.draw());
  }

  /** Nothing has happened yet. */
  reset() {
    this.#charts.forEach((chart) => chart.reset());
  }

  point(time) {
    this.#pointed = time;
    this.#charts.forEach((chart) => chart.point(time));
  }

  /** Shows the newest marks as text, the newest first. */
  listMarks(list) {
    const marks = this.#marks.all.slice(-LISTED_MARKS).reverse();
    while (list.children.length > marks.length) {
      list.lastElementChild.remove();
    }
    marks.forEach(({ time, kind, text }, i) => {
      const item = list.children[i] ?? list.appendChild(document.createElement('li'));
      const words = `${format('clock', time)} ${text}`;
      item.dataset.kind = kind;
      if (item.textContent !== words) {
        item.textContent = words;
      }
    });
  }

  destroy() {
    this.#charts.forEach((chart) => chart.destroy());
  }
}
