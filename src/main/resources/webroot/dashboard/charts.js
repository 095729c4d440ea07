// A chart of the newest 15 minutes, with the same numbers as text beside it.

import uPlot from '../lib/uplot.js';
import { SPAN } from './history.js';
import { format } from './numbers.js';

const HEIGHT = 150;

/** Seconds that are shown at least; until the history is longer, a chart grows with it. */
const LEAST_SPAN = 60;

/** A limit is drawn once the values come this near to it; before, it would press them flat. */
const NEAR_LIMIT = 0.25;
const MARGIN = [8, 18, 0, 0];

/** Between the lines of a grid, where uPlot's own steps would not do: half a connection, or 95.4 MiB. */
const STEPS = {
  count: Array.from({ length: 7 }, (_, i) => [1, 2, 5].map((digit) => digit * 10 ** i)).flat(),
  bytes: Array.from({ length: 50 }, (_, i) => 2 ** i),
};
STEPS.bytesPerSecond = STEPS.bytes;

/** Told apart without colour too. The list beside the chart shows the same lines, by its style sheet. */
const DASHES = [[], [7, 3], [2, 3]];

/** The pointer's place in time is shown in all charts at once. */
const TOGETHER = uPlot.sync('time');

export class Chart {
  #spec;
  #history;
  #columns;
  #figure;
  #rows;
  #plot;
  #range = [0, SPAN];
  #resized;

  /**
   * @param figure a clone of the template
   * @param spec one of CHARTS
   * @param first the number of its first column in the history
   */
  constructor(figure, spec, history, first) {
    this.#spec = spec;
    this.#history = history;
    this.#columns = spec.series.map((series, i) => history.columns[first + i]);
    this.#figure = figure;
    figure.dataset.chart = spec.id;
    figure.querySelector('h3').textContent = spec.title;
    figure.querySelector('.note').textContent = spec.note;
    const box = figure.querySelector('.plot');
    box.setAttribute('aria-label', `Line chart: ${spec.title}, ${spec.note}, over the last 15 minutes. The newest values follow as text.`);
    this.#rows = spec.series.map((series, i) => this.#addRow(series, i));
    this.#plot = new uPlot(this.#options(box.clientWidth), this.#data(), box);
    this.#resized = new ResizeObserver(() => this.#plot.setSize({ width: box.clientWidth, height: HEIGHT }));
    this.#resized.observe(box);
  }

  /** Shows what the history holds, up to this Unix time. */
  draw(now) {
    const span = now - (this.#history.times[0] ?? now - SPAN);
    this.#range = [now - Math.min(SPAN, Math.max(LEAST_SPAN, span)), now];
    this.#plot.setData(this.#data());
    this.#showValues();
  }

  destroy() {
    this.#resized.disconnect();
    this.#plot.destroy();
  }

  #data() {
    const { times } = this.#history;
    // Without a point uPlot has no scale to draw.
    return times.length > 0 ? [times, ...this.#columns] : [this.#range, ...this.#columns.map(() => [null, null])];
  }

  #addRow(series, i) {
    const item = document.createElement('li');
    item.className = `series-${i}`;
    item.dataset.series = series.name;
    const parts = ['name', 'now', 'total'].map((className) => {
      const part = document.createElement('span');
      part.className = className;
      return part;
    });
    parts[0].textContent = series.name;
    item.append(...(series.total ? parts : parts.slice(0, 2)));
    this.#figure.querySelector('.values').append(item);
    return { item, now: parts[1], total: parts[2] };
  }

  /** The newest values, or those under the pointer. */
  #showValues() {
    const { times, newest } = this.#history;
    const pointed = times.length > 0 ? this.#plot.cursor.idx : null;
    this.#figure.querySelector('.at').textContent = pointed == null ? '' : `at ${format('clock', times[pointed])}`;
    this.#spec.series.forEach((series, i) => {
      const { item, now, total } = this.#rows[i];
      now.textContent = format(this.#spec.unit, pointed == null ? this.#columns[i].at(-1) : this.#columns[i][pointed]);
      if (series.total && newest) {
        const value = series.total(newest);
        total.textContent = `${format(this.#spec.totalUnit ?? 'count', value)} total`;
        item.dataset.total = value;
        item.classList.toggle('never', value === 0);
      }
    });
  }

  #top(max) {
    const limit = this.#columns[this.#spec.series.findIndex(({ isLimit }) => isLimit)]?.at(-1) ?? 0;
    return max >= NEAR_LIMIT * limit ? Math.max(max, limit) : max;
  }

  #options(width) {
    const style = getComputedStyle(this.#figure);
    const colour = (name) => () => style.getPropertyValue(name);
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
    return {
      width: Math.max(width, 1),
      height: HEIGHT,
      padding: MARGIN,
      legend: { show: false },
      cursor: { sync: { key: TOGETHER.key }, drag: { x: false, y: false }, y: false, points: { size: 7 } },
      hooks: { setCursor: [() => this.#plot && this.#showValues()] },
      scales: {
        x: { time: true, range: () => this.#range },
        y: { range: (plot, min, max) => [0, 1.08 * this.#top(max) || 1] },
      },
      axes: [
        { ...axis, size: 26, gap: 4, space: 60, values: clockTimes },
        {
          ...axis,
          size: 74,
          gap: 6,
          space: 36,
          incrs: STEPS[this.#spec.unit],
          values: (plot, splits) => splits.map((value) => (value === 0 ? '0' : format(this.#spec.unit, value))),
        },
      ],
      series: [
        {},
        ...this.#rows.map(({ item }, i) => ({
          stroke: () => getComputedStyle(item).getPropertyValue('--series'),
          width: 2,
          auto: !this.#spec.series[i].isLimit,
          dash: DASHES[i % DASHES.length],
          points: { show: false },
          paths: this.#spec.unit === 'count' ? uPlot.paths.stepped({ align: 1 }) : undefined,
        })),
      ],
    };
  }
}

/** Of the lines of the grid: with seconds where they are less than a minute apart. */
function clockTimes(plot, splits, axis, space, seconds) {
  return splits.map((time) => format('clock', time).slice(0, seconds < 60 ? 8 : 5));
}
