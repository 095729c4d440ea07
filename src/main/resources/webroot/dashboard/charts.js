// A chart of the newest 15 minutes or a part of them, with the same numbers as text beside it.

import uPlot from '../lib/uplot.js';
import { numbersOf } from './alerts.js';
import { numberAt } from './measures.js';
import { format } from './numbers.js';

const HEIGHT = 150;

/** A limit is drawn once the values come this near to it; before, it would press them flat. */
const NEAR_LIMIT = 0.25;
const MARGIN = [10, 18, 0, 0];

/** Pixels that one has to drag for a zoom; less is a click. */
const LEAST_DRAG = 5;

/** A mark is named beside the time if the pointer is this near, as a share of the span. */
const NEAR_MARK = 0.015;

/** Between the lines of a grid, where uPlot's own steps would not do: half a connection, or 95.4 MiB. */
const STEPS = {
  count: Array.from({ length: 7 }, (_, i) => [1, 2, 5].map((digit) => digit * 10 ** i)).flat(),
  bytes: Array.from({ length: 50 }, (_, i) => 2 ** i),
};
STEPS.bytesPerSecond = STEPS.bytes;

/** Told apart without colour too. The list beside the chart shows the same lines, by its style sheet. */
const DASHES = [[], [7, 3], [2, 3]];

/** How opaque the area below the first line is, as the end of a colour. */
const AREA = '22';

/** The pointer's place in time is shown in all charts at once. A drag is about the whole time axis anyway. */
const TOGETHER = uPlot.sync('time');
const SYNCED = ['mousemove', 'mouseleave'];

export class Chart {
  #spec;
  #history;
  #timeline;
  #marks;
  #columns;
  #figure;
  #rows;
  #plot;
  #range = [0, 1];
  #threshold = null;
  #resized;

  /**
   * @param figure a clone of the template
   * @param spec one of CHARTS
   * @param first the number of its first column in the history
   * @param shared `{timeline, marks}`: the time axis of all charts, and what has happened to this instance
   */
  constructor(figure, spec, history, first, { timeline, marks }) {
    this.#spec = spec;
    this.#history = history;
    this.#timeline = timeline;
    this.#marks = marks;
    this.#columns = spec.series.map((series, i) => history.columns[first + i]);
    this.#figure = figure;
    figure.dataset.chart = spec.id;
    figure.querySelector('h3').textContent = spec.title;
    figure.querySelector('.note').textContent = spec.note;
    const box = figure.querySelector('.plot');
    box.setAttribute('aria-label', `Line chart: ${spec.title}, ${spec.note}, over up to 15 minutes. The newest values follow as text.`);
    this.#rows = spec.series.map((series, i) => this.#addRow(series, i));
    this.#plot = new uPlot(this.#options(box.clientWidth), this.#data(), box);
    this.#plot.over.addEventListener('dblclick', () => timeline.live());
    this.#resized = new ResizeObserver(() => box.clientWidth > 0 && this.#plot.setSize({ width: box.clientWidth, height: HEIGHT }));
    this.#resized.observe(box);
  }

  /** Shows what the history holds of the time axis. */
  draw() {
    const { newest } = this.#history;
    if (this.#figure.hidden && newest && this.#hasHappened(newest)) {
      this.#figure.hidden = false;
    }
    if (this.#figure.hidden) {
      return;
    }
    this.#range = this.#timeline.range;
    this.#threshold = newest && this.#spec.alert ? numbersOf(this.#spec.alert).above * (this.#spec.part ? numberAt(newest, this.#spec.part) : 1) : null;
    this.#plot.setData(this.#data());
    this.#showValues();
  }

  /** Another instance is shown from now on. */
  reset() {
    this.#figure.hidden = true;
  }

  /** Puts the cursor at a time; null takes it away. */
  point(time) {
    const left = time === null ? -10 : this.#plot.valToPos(time, 'x');
    this.#plot.setCursor({ left, top: time === null ? -10 : 1 }, true, false);
  }

  destroy() {
    this.#resized.disconnect();
    this.#plot.destroy();
  }

  #hasHappened(newest) {
    return this.#spec.series.some((series, i) => (series.total ? series.total(newest) > 0 : !series.isLimit && this.#columns[i].some((value) => value !== null)));
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
    this.#figure.querySelector('.at').textContent = pointed == null ? '' : this.#describe(times[pointed]);
    this.#spec.series.forEach((series, i) => {
      const { item, now, total } = this.#rows[i];
      const value = pointed == null ? this.#columns[i].at(-1) : this.#columns[i][pointed];
      now.textContent = format(this.#spec.unit, value);
      if (series.total && newest) {
        const all = series.total(newest);
        total.textContent = `${format(this.#spec.totalUnit ?? 'count', all)} total`;
        item.dataset.total = all;
        item.hidden = this.#spec.optional === true && !all;
      } else {
        item.hidden = this.#columns[i].every((known) => known === null);
      }
      if (this.#plot.series[i + 1].show === item.hidden) {
        this.#plot.setSeries(i + 1, { show: !item.hidden });
      }
    });
  }

  #describe(time) {
    const [from, to] = this.#range;
    const near = this.#marks.all.filter((mark) => Math.abs(mark.time - time) < NEAR_MARK * (to - from));
    return [`at ${format('clock', time)}`, ...near.map(({ text }) => text)].join(', ');
  }

  #top(max) {
    const limits = [this.#threshold, this.#columns[this.#spec.series.findIndex(({ isLimit }) => isLimit)]?.at(-1)];
    return limits.filter((limit) => limit && max >= NEAR_LIMIT * limit).reduce((top, limit) => Math.max(top, limit), max);
  }

  #options(width) {
    const style = getComputedStyle(this.#figure);
    const colour = (name) => () => style.getPropertyValue(name);
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
    const lineOf = (item) => getComputedStyle(item).getPropertyValue('--series').trim();
    return {
      width: Math.max(width, 1),
      height: HEIGHT,
      padding: MARGIN,
      legend: { show: false },
      cursor: {
        sync: { key: TOGETHER.key, filters: { pub: (type) => SYNCED.includes(type), sub: (type) => SYNCED.includes(type) } },
        drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG },
        bind: { dblclick: () => null },
        y: false,
        points: { size: 7 },
      },
      hooks: {
        setCursor: [() => this.#plot && this.#showValues()],
        setSelect: [(plot) => this.#selected(plot)],
        drawAxes: [(plot) => this.#drawMarks(plot, style)],
        draw: [(plot) => this.#drawThreshold(plot, style)],
      },
      scales: {
        x: { time: true, range: () => this.#range },
        y: { range: (plot, min, max) => [0, 1.08 * this.#top(max) || 1] },
      },
      axes: [
        { ...axis, size: 30, gap: 8, space: 80, values: clockTimes },
        {
          ...axis,
          size: 70,
          gap: 6,
          space: 36,
          incrs: STEPS[this.#spec.unit],
          values: (plot, splits) => splits.map((value) => (value === 0 ? '0' : format(this.#spec.unit, value))),
        },
      ],
      series: [
        {},
        ...this.#rows.map(({ item }, i) => ({
          stroke: () => lineOf(item),
          fill: i === 0 && !this.#spec.optional ? () => `${lineOf(item)}${AREA}` : undefined,
          width: 2,
          auto: !this.#spec.series[i].isLimit,
          dash: DASHES[i % DASHES.length],
          points: { show: false },
          paths: this.#spec.unit === 'count' ? uPlot.paths.stepped({ align: 1 }) : undefined,
        })),
      ],
    };
  }

  #selected(plot) {
    const { left, width } = plot.select;
    if (width >= LEAST_DRAG) {
      const [from, to] = [left, left + width].map((x) => plot.posToVal(x, 'x'));
      plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      this.#timeline.zoom(from, to);
    }
  }

  /** Below the lines: upright ones at what has happened, each with a flag at its top. */
  #drawMarks({ ctx, bbox, valToPos }, style) {
    const [from, to] = this.#range;
    for (const { time, kind } of this.#marks.all) {
      if (time >= from && time <= to) {
        const x = Math.round(valToPos(time, 'x', true)) + 0.5;
        drawLine(ctx, style.getPropertyValue(`--mark-${kind}`), [2, 4], x, bbox.top, x, bbox.top + bbox.height);
        ctx.fillStyle = style.getPropertyValue(`--mark-${kind}`);
        const size = 5 * devicePixelRatio;
        ctx.beginPath();
        ctx.moveTo(x - size, bbox.top - size);
        ctx.lineTo(x + size, bbox.top - size);
        ctx.lineTo(x, bbox.top + size);
        ctx.fill();
      }
    }
  }

  #drawThreshold({ ctx, bbox, scales, valToPos }, style) {
    if (this.#threshold && this.#threshold <= scales.y.max) {
      const y = Math.round(valToPos(this.#threshold, 'y', true)) + 0.5;
      drawLine(ctx, style.getPropertyValue('--bad'), [6, 4], bbox.left, y, bbox.left + bbox.width, y);
    }
  }
}

function drawLine(ctx, colour, dash, x, y, toX, toY) {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
  ctx.restore();
}

/** Of the lines of the grid: with seconds where they are less than a minute apart. */
function clockTimes(plot, splits, axis, space, seconds) {
  return splits.map((time) => format('clock', time).slice(0, seconds < 60 ? 8 : 5));
}
