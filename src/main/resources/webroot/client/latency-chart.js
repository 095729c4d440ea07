// Draws the round trips of continuous mode: three lines over time, and a mark for each second in which messages were lost.

import { byId, element } from './dom.js';
import { SPAN } from './latency.js';
import { shape } from './svg.js';
import { count, millis } from '../amounts.js';

/** The drawing is stretched to its place; lines keep their width. */
const WIDTH = 600;
const HEIGHT = 120;
const LEAST_SECONDS = 30;
const LINES = ['max', 'p99', 'p50'];

/** Shows the newest seconds of `latency`, as a drawing and as numbers. */
export function showLatency({ slots }) {
  byId('latency').hidden = slots.length === 0;
  const newest = slots.findLast(({ p50 }) => p50 !== null);
  const lost = slots.reduce((sum, slot) => sum + slot.lost, 0);
  for (const [id, name] of Object.entries({ latencyP50: 'p50', latencyP99: 'p99', latencyMax: 'max' })) {
    byId(id).textContent = newest ? millis(newest[name]) : '\u2013';
  }
  byId('latencyLost').textContent = lost.toLocaleString('en');
  byId('latencyLost').dataset.bad = lost > 0;
  byId('latencyPlot').replaceChildren(...(newest ? plot(slots) : []));
  byId('latencyPlot').setAttribute('role', 'img');
  byId('latencyPlot').setAttribute('aria-label', summary(slots, newest, lost));
}

function summary(slots, newest, lost) {
  if (!newest) {
    return 'Line chart of round trips: no message has come back.';
  }
  const slowest = Math.max(...slots.map(({ max }) => max ?? 0));
  return (
    `Line chart of round trips over ${count(slots.length, 'second')}. Newest second: p50 ${millis(newest.p50)}, p99 ${millis(newest.p99)}, maximum ${millis(newest.max)}. ` +
    `Slowest of all: ${millis(slowest)}. Lost: ${lost}.`
  );
}

function plot(slots) {
  const values = slots.filter(({ p50 }) => p50 !== null);
  // Whole decades: 0.1, 1, 10 ... milliseconds.
  const bottom = Math.floor(Math.log10(Math.max(0.01, Math.min(...values.map(({ p50 }) => p50)))));
  const top = Math.max(bottom + 1, Math.ceil(Math.log10(Math.max(...values.map(({ max }) => max)))));
  const y = (value) => HEIGHT * (1 - (Math.log10(Math.max(value, 10 ** bottom)) - bottom) / (top - bottom));
  // Until the run is longer, the chart grows with it.
  const seconds = Math.min(Math.max(slots.length, LEAST_SECONDS), SPAN);
  const x = (i) => WIDTH * (1 - (slots.length - 1 - i) / (seconds - 1));
  const decades = Array.from({ length: top - bottom + 1 }, (_, i) => bottom + i);

  const grid = decades.map((decade) => shape('path', { class: 'grid', d: `M0 ${y(10 ** decade)}H${WIDTH}` }));
  const losses = slots.flatMap(({ lost }, i) => (lost > 0 ? [shape('path', { class: 'loss', d: `M${x(i).toFixed(1)} 0V${HEIGHT}` })] : []));
  const lines = LINES.map((name) => shape('path', { class: name, d: path(slots.map((slot) => slot[name]), x, y) }));
  const labels = decades.map((decade) => {
    const label = element('span', '', `${10 ** decade >= 1 ? 10 ** decade : (10 ** decade).toFixed(-decade)}\u00a0ms`);
    label.style.setProperty('--at', String(y(10 ** decade) / HEIGHT));
    return label;
  });
  return [shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none' }, ...grid, ...losses, ...lines), ...labels];
}

/** A line with a gap where no message came back; a single point is a short dash. */
function path(values, x, y) {
  return values
    .map((value, i) => {
      if (value === null) {
        return '';
      }
      const at = `${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      return (values[i - 1] ?? null) === null ? `M${at}h1` : `L${at}`;
    })
    .join('');
}
