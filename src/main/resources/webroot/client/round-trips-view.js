// Shows round-trip times as a few numbers and a small histogram.

import { byId, element } from './dom.js';
import { count, millis } from '../amounts.js';

/** Draws `roundTrips` into the page. */
export function showRoundTrips(roundTrips) {
  const some = roundTrips.count > 0;
  byId('roundTripsShort').textContent = some ? `median ${millis(roundTrips.percentile(0.5))}` : '';
  if (!byId('roundTrips').open) {
    return;
  }
  byId('roundTripsNone').hidden = some;
  byId('roundTripsFigure').hidden = !some;
  if (some) {
    draw(roundTrips);
  }
}

function draw(roundTrips) {
  const figures = {
    messages: roundTrips.count.toLocaleString('en'),
    min: millis(roundTrips.min),
    median: millis(roundTrips.percentile(0.5)),
    p99: millis(roundTrips.percentile(0.99)),
    max: millis(roundTrips.max),
  };
  byId('roundTripsNumbers').replaceChildren(
    ...Object.entries(figures).map(([name, value]) => element('div', '', element('dt', '', name), element('dd', '', value))),
  );
  const bars = roundTrips.bars;
  const most = Math.max(...bars.map((bar) => bar.count));
  const chart = byId('roundTripsBars');
  chart.replaceChildren(...bars.map((bar) => column(bar, most)));
  chart.setAttribute('aria-label', `Histogram. ${bars.map((bar) => `${range(bar)}: ${count(bar.count, 'message')}`).join('; ')}.`);
}

function column(bar, most) {
  const fill = element('div', 'bar');
  // A bar of few messages beside one of many has to be seen as well.
  fill.style.height = bar.count ? `max(3px, ${((100 * bar.count) / most).toFixed(1)}%)` : '0';
  return element('div', 'column', element('span', 'bar-count', String(bar.count || '')), element('div', 'bar-room', fill), element('span', 'bar-range', short(bar)));
}

function range({ from, to }) {
  return to === Infinity ? `${from} ms and more` : from === 0 ? `below ${to} ms` : `${from} to ${to} ms`;
}

function short({ from, to }) {
  return to === Infinity ? `\u2265${from}` : `<${to}`;
}
