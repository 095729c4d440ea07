// The controls of the idle probe. The page loads this module when somebody opens the probe.

import { byId, copy, element, flash, showProblem } from './dom.js';
import { Probe } from './probe.js';
import { ProbeChart } from './probe-chart.js';
import { planFor } from './probe-plan.js';
import { textOf } from './probe-text.js';
import { span } from '../amounts.js';
import { urlProblem } from '../connection.js';

const LEAST_MINUTES = 0.1;
const MOST_MINUTES = 20;
const TICK_MILLIS = 100;
/** The bars grow at this rate; results appear at once. */
const DRAW_MILLIS = 500;

/** Has the page's controls probe the server; `url()` and `protocols()` are those of the page, null if they are invalid. */
export function controlProbe(url, protocols) {
  let run = null;

  byId('probeForm').addEventListener('submit', (event) => {
    event.preventDefault();
    const limit = readLimit();
    const target = url();
    const offered = protocols();
    if (!run?.isRunning && limit !== null && target !== null && offered !== null) {
      run = start(target, offered, limit);
    }
  });
  byId('probeStop').addEventListener('click', () => run?.stop());
  byId('probeMinutes').addEventListener('input', readLimit);
  byId('probeCopy').addEventListener('click', async () => {
    flash(byId('probeCopy'), (await copy(run.report)) ? 'Copied' : 'Not copied');
  });
  byId('probeStart').disabled = false;
}

function readLimit() {
  const minutes = byId('probeMinutes').valueAsNumber;
  const problem = minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES ? '' : `Choose ${LEAST_MINUTES} to ${MOST_MINUTES}.`;
  showProblem(byId('probeMinutes'), problem, byId('probeMinutesProblem'));
  return problem ? null : minutes * 60;
}

/** Runs a probe and shows it; `{isRunning, report, stop}`. */
function start(url, offered, limit) {
  const plan = planFor(limit);
  // Resound's own subprotocols are offered anyway; those that do not echo cannot be tested.
  const protocols = offered.filter((name) => !name.startsWith('resound.'));
  const background = new Background();
  const chart = new ProbeChart(plan);
  let drawnAt = 0;
  let shown = '';

  const probe = new Probe({
    url,
    protocols,
    plan,
    ports: { connect: (to, names) => new WebSocket(to, names), now: () => performance.now() / 1000, slept: () => background.slept(), changed: show },
  });
  const clock = new ProbeClock(() => probe.tick());
  const offline = () => probe.disturb(0);
  addEventListener('offline', offline);

  function show() {
    const key = probe.trials.map(({ state }) => state).join() + probe.state;
    if (key === shown && performance.now() - drawnAt < DRAW_MILLIS) {
      return;
    }
    shown = key;
    drawnAt = performance.now();
    chart.show(probe);
    showTexts(probe, background.note(clock.isExact));
    if (!probe.isRunning) {
      clock.stop();
      background.stop();
      removeEventListener('offline', offline);
      showButtons(false);
    }
  }

  showButtons(true);
  byId('probeResult').hidden = false;
  return {
    get isRunning() {
      return probe.isRunning;
    },
    get report() {
      const { headline, notes } = textOf(probe);
      return [headline, ...notes.map((note) => `- ${note}`), `- ${url}, ${new Date().toISOString()}, after ${span(probe.seconds)}`].join('\n');
    },
    stop: () => probe.stop(),
  };
}

function showTexts(probe, backgroundNote) {
  const { headline, notes } = textOf(probe);
  // A live region: unchanged text must not be announced again.
  setText(byId('probeSentence'), headline);
  byId('probeSentence').dataset.found = probe.verdict.idle !== null || probe.verdict.age?.count > 1 || probe.state === 'failed';
  const all = [...notes, backgroundNote].filter(Boolean);
  if (all.join() !== [...byId('probeNotes').children].map(({ textContent }) => textContent).join()) {
    byId('probeNotes').replaceChildren(...all.map((note) => element('li', '', note)));
  }
  const time = Math.round(probe.seconds);
  byId('probeTime').textContent = probe.isRunning
    ? `${span(time)} of at most ${span(probe.plan.limit)}. Results count as soon as they show; stop at any time.`
    : `${probe.state === 'stopped' ? 'Stopped' : 'Ended'} after ${span(time)}.`;
  setText(byId('probeShort'), probe.isRunning ? `running, ${span(time)}` : '');
}

function setText(place, text) {
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

function showButtons(isRunning) {
  byId('probeStart').disabled = isRunning;
  byId('probeStop').disabled = !isRunning;
}

/** Ticks also while the page is in the background, where browsers slow down its own timers. */
class ProbeClock {
  #worker = null;
  #timer = null;

  constructor(tick) {
    try {
      this.#worker = new Worker(scriptUrl('probe-clock.js'));
      this.#worker.addEventListener('message', tick);
      this.#worker.addEventListener('error', () => this.#tickHere(tick));
      this.#worker.postMessage(TICK_MILLIS);
    } catch {
      this.#tickHere(tick);
    }
  }

  #tickHere(tick) {
    this.#timer ??= setInterval(tick, TICK_MILLIS);
  }

  get isExact() {
    return this.#timer === null;
  }

  stop() {
    this.#worker?.terminate();
    clearInterval(this.#timer);
  }
}

/** The page's policy (Content-Security-Policy) allows the URL of a worker only as a trusted type. */
function scriptUrl(file) {
  const { href } = new URL(file, import.meta.url);
  return globalThis.trustedTypes?.createPolicy('probe-clock', { createScriptURL: () => href }).createScriptURL(href) ?? href;
}

/** What happened to the page in the meantime. */
class Background {
  #drift = drift();
  #wasHidden = document.hidden;
  #listening = new AbortController();

  constructor() {
    const noteHidden = () => {
      this.#wasHidden ||= document.hidden;
    };
    document.addEventListener('visibilitychange', noteHidden, { signal: this.#listening.signal });
  }

  /** Seconds since the last call for which the computer slept. */
  slept() {
    const before = this.#drift;
    this.#drift = drift();
    return this.#drift - before;
  }

  note(isExact) {
    if (!this.#wasHidden) {
      return '';
    }
    return isExact
      ? 'This page was in the background. The test has a clock of its own there, so the times are right.'
      : 'This page was in the background, where this browser slows it down: tests were late, so the ranges are wider. Keep the page visible.';
  }

  stop() {
    this.#listening.abort();
  }
}

/** Grows while the computer sleeps: only the first of the two clocks goes on. */
function drift() {
  return (Date.now() - performance.now()) / 1000;
}
