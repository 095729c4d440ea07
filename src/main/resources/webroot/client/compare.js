// Two connections side by side: how each was made, and how fast it is.

import { byId, element, showProblem } from './dom.js';
import { Echoes } from './echoes.js';
import { httpVersionOf } from './http-version.js';
import { greetingIn } from './protocols.js';
import { RoundTrips } from './round-trips.js';
import { count, millis } from '../amounts.js';
import { meaningOf } from '../close-codes.js';
import { Connection, STATE_TEXTS, urlProblem } from '../connection.js';

const EACH_MILLIS = 250;
/** Enough for a median; and a comparison that was forgotten ends. */
const MOST_MESSAGES = 200;
/** Medians that are closer than this part of the larger one do not differ. */
const LEAST_DIFFERENCE = 0.1;
const PROTOCOL = 'resound.echo.v1';

/** One of the two. */
class Side {
  #connection;
  #changed;
  #echoes = new Echoes();
  #url;
  #offered = [];

  roundTrips = new RoundTrips();
  sent = 0;
  greeting = null;
  handshake = null;
  end = null;

  constructor(changed) {
    this.#changed = changed;
    this.#connection = new Connection({
      changed,
      opened: ({ seconds }) => this.#opened(seconds),
      received: (data) => this.#received(data),
      closed: (end) => this.#closed(end),
    });
  }

  /** Throws where the browser does not allow this URL. */
  start(url) {
    this.#url = url;
    this.roundTrips.clear();
    this.#echoes.clear();
    this.sent = 0;
    this.greeting = this.handshake = this.end = null;
    this.#open([PROTOCOL]);
  }

  #open(protocols) {
    this.#offered = protocols;
    this.#connection.open(this.#url, protocols);
  }

  stop() {
    this.#connection.cancel();
    if (this.#connection.isOpen) {
      this.#connection.close(1000, 'Comparison stopped');
    }
  }

  get isOpen() {
    return this.#connection.isOpen;
  }

  get isOver() {
    return this.#connection.state === 'ready' || (this.#connection.state === 'closed' && this.end !== null);
  }

  send() {
    if (this.isOpen && this.sent < MOST_MESSAGES) {
      const message = `comparison ${++this.sent}`;
      this.#echoes.sent(message);
      this.#connection.send(message);
    }
  }

  #opened(seconds) {
    this.handshake = seconds * 1000;
    this.#changed();
  }

  #received(data) {
    this.greeting ??= greetingIn(data, this.#connection.protocol);
    const echo = this.#echoes.received(data);
    if (echo) {
      this.roundTrips.add(echo.millis);
      this.#changed();
    }
  }

  #closed(end) {
    // A server that does not know the subprotocol does not confirm it, and then the browser fails the connection.
    if (!end.opened && !end.cancelled && this.#offered.length > 0) {
      this.#open([]);
      return;
    }
    this.end = end;
    this.#changed();
  }

  /** The cells of this side's column, by their heading. */
  get facts() {
    const { end, greeting, handshake, roundTrips } = this;
    const time = (value) => (roundTrips.count ? millis(value()) : '');
    return {
      State: end && end.code !== 1000 ? `${end.code}: ${meaningOf(end)}` : STATE_TEXTS[this.#connection.state],
      HTTP: handshake === null ? '' : httpVersionOf(this.#url, greeting),
      Instance: handshake === null ? '' : greeting?.instance ?? 'unknown',
      Handshake: handshake === null ? '' : millis(handshake),
      Echoes: handshake === null ? '' : `${roundTrips.count} of ${this.sent}`,
      Fastest: time(() => roundTrips.min),
      Median: time(() => roundTrips.percentile(0.5)),
      p99: time(() => roundTrips.percentile(0.99)),
    };
  }
}

/** Has the page's controls compare two URLs; `url()` is the one in the page's URL box. */
export function controlCompare(url) {
  const boxes = [byId('compareFirst'), byId('compareSecond')];
  const sides = boxes.map(() => new Side(show));
  let timer = null;

  function show() {
    const columns = sides.map((side) => side.facts);
    byId('compareTable').tBodies[0].replaceChildren(
      ...Object.keys(columns[0]).map((name) => {
        const head = element('th', '', name);
        head.scope = 'row';
        return element('tr', '', head, ...columns.map((facts) => element('td', '', facts[name])));
      }),
    );
    if (timer !== null && sides.every((side) => side.isOver || side.roundTrips.count === MOST_MESSAGES)) {
      stop();
    }
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    sides.forEach((side) => side.stop());
    byId('compareStart').disabled = false;
    byId('compareStop').disabled = true;
    byId('compareResult').textContent = verdict(sides);
  }

  byId('compareGroup').addEventListener('toggle', () => {
    boxes.forEach((box) => {
      box.value ||= url();
    });
  });
  byId('compareForm').addEventListener('submit', (event) => {
    event.preventDefault();
    const urls = boxes.map((box) => box.value.trim());
    boxes.forEach((box, i) => showProblem(box, urlProblem(urls[i]), byId(`${box.id}Problem`)));
    if (timer !== null || urls.some(urlProblem)) {
      return;
    }
    byId('compareTable').hidden = false;
    byId('compareResult').textContent = '';
    sides.forEach((side, i) => {
      try {
        side.start(urls[i]);
      } catch (error) {
        showProblem(boxes[i], `The browser refuses this URL: ${error.message}`, byId(`${boxes[i].id}Problem`));
      }
    });
    byId('compareStart').disabled = true;
    byId('compareStop').disabled = false;
    // In turn, so that the two do not wait for each other in the browser.
    let turn = 0;
    timer = setInterval(() => sides[turn++ % 2].send(), EACH_MILLIS / 2);
    show();
  });
  byId('compareStop').addEventListener('click', stop);
}

function verdict(sides) {
  const [first, second] = sides.map(({ roundTrips }) => (roundTrips.count ? roundTrips.percentile(0.5) : null));
  if (first === null || second === null) {
    return '';
  }
  const sum = count(Math.min(...sides.map(({ roundTrips }) => roundTrips.count)), 'round trip');
  const difference = Math.abs(first - second);
  return difference < LEAST_DIFFERENCE * Math.max(first, second)
    ? `Both are equally fast (medians of ${sum}).`
    : `The ${first < second ? 'first' : 'second'} is faster by ${millis(difference)} (medians of ${sum}).`;
}
