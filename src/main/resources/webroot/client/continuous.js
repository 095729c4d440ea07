// The controls and the numbers of continuous mode.

import { byId, showProblem } from './dom.js';
import { Flow } from './flow.js';
import { LEAST_SIZE } from './flow-message.js';
import { Latency } from './latency.js';
import { showLatency } from './latency-chart.js';
import { count, size, span } from '../amounts.js';

const MOST_RATE = 5000;
const MOST_SIZE = 16 * 1024 * 1024;
const MOST_SECONDS = 86_400;
/** Rows in the log: often at first, then rarely, so that they do not push everything else out. */
const SUMMARY_SECONDS = [10, 20, 30, 60];

/** `ports`: {send, buffered, roundTrip, log}, where `log(text)` writes a row that stands for many messages. */
export class Continuous {
  #ports;
  #flow = null;
  #canStart = false;
  #nextSummary = 0;
  #latency = new Latency();

  constructor(ports) {
    this.#ports = ports;
    byId('flowForm').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#start();
    });
    byId('flowStop').addEventListener('click', () => this.#flow?.stop());
    for (const id of ['flowRate', 'flowSize', 'flowSeconds']) {
      byId(id).addEventListener('input', () => this.#plan());
    }
  }

  /** Whether there is an open connection; where it has gone, so has the run. */
  set enabled(enabled) {
    this.#canStart = enabled;
    if (!enabled) {
      this.#flow?.cut();
    }
    this.#showButtons();
  }

  /** Takes a message that came; says whether it belongs to the run. */
  received(data) {
    return this.#flow?.receive(data) ?? false;
  }

  #plan() {
    const rate = this.#number('flowRate', (value) => value >= 0.1 && value <= MOST_RATE, `0.1 to ${MOST_RATE}`);
    const bytes = this.#number('flowSize', (value) => Number.isInteger(value) && value >= LEAST_SIZE && value <= MOST_SIZE, `${LEAST_SIZE} to ${MOST_SIZE}`);
    const isEndless = byId('flowSeconds').value === '' && !byId('flowSeconds').validity.badInput;
    const seconds = this.#number('flowSeconds', (value) => isEndless || (value >= 0.1 && value <= MOST_SECONDS), `0.1 to ${MOST_SECONDS}, or nothing`);
    return [rate, bytes, seconds].includes(null) ? null : { rate, size: bytes, seconds: seconds || 0, isText: byId('flowType').value === 'text' };
  }

  #number(id, isValid, range) {
    const value = byId(id).valueAsNumber;
    const problem = isValid(value) ? '' : `Choose ${range}.`;
    showProblem(byId(id), problem, byId(`${id}Problem`));
    return problem ? null : value;
  }

  #start() {
    const plan = this.#plan();
    if (!plan || !this.#canStart || this.#flow?.isSending) {
      return;
    }
    this.#nextSummary = 0;
    const until = plan.seconds ? `for ${span(plan.seconds)}` : 'until it is stopped';
    this.#ports.log(`Continuous: ${plan.rate} messages/s of ${size(plan.size)}, ${plan.isText ? 'text' : 'binary'}, ${until}`);
    // An older run may still wait for its last messages; they are known by their mark, and are not waited for any more.
    this.#flow?.cut();
    this.#latency.start(seconds());
    this.#flow = new Flow(plan, {
      send: this.#ports.send,
      buffered: this.#ports.buffered,
      roundTrip: (time) => {
        this.#latency.add(time, seconds());
        this.#ports.roundTrip(time);
      },
      changed: (flow) => this.#changed(flow),
      ended: (flow) => this.#ended(flow),
    });
    this.#changed(this.#flow);
  }

  #changed(flow) {
    this.#show(flow);
    if (flow.isSending && flow.seconds >= (SUMMARY_SECONDS[this.#nextSummary] ?? this.#minute)) {
      this.#nextSummary++;
      this.#ports.log(`Continuous, after ${span(flow.seconds)}: ${summary(flow)}`);
    }
  }

  get #minute() {
    return 60 * (this.#nextSummary - SUMMARY_SECONDS.length + 2);
  }

  #ended(flow) {
    this.#latency.end(flow.ledger.lost);
    this.#show(flow);
    showLatency(this.#latency);
    const { onTheWay } = flow.ledger;
    const rest = onTheWay ? `, ${onTheWay} still on the way` : '';
    this.#ports.log(`Continuous, ended after ${span(flow.seconds)}: ${summary(flow)}${rest}`);
  }

  #show(flow) {
    if (this.#latency.advance(seconds(), flow.ledger.lost)) {
      showLatency(this.#latency);
    }
    const { sent, received, lost, outOfOrder, damaged } = flow.ledger;
    for (const [id, value] of Object.entries({ flowSent: sent, flowReceived: received, flowLost: lost, flowOutOfOrder: outOfOrder, flowDamaged: damaged })) {
      byId(id).textContent = value.toLocaleString('en');
    }
    byId('flowLost').dataset.bad = lost > 0;
    byId('flowOutOfOrder').dataset.bad = outOfOrder > 0;
    byId('flowDamaged').dataset.bad = damaged > 0;
    byId('flowAchieved').textContent = `${flow.rate.toFixed(1)}/s`;
    byId('flowNote').textContent = note(flow);
    byId('flowShort').textContent = flow.isSending ? `${flow.rate.toFixed(0)}/s, ${lost} lost` : '';
    byId('flowFigures').hidden = false;
    this.#showButtons();
  }

  #showButtons() {
    const isSending = this.#flow?.isSending ?? false;
    byId('flowStart').disabled = !this.#canStart || isSending;
    byId('flowStop').disabled = !isSending;
  }
}

function seconds() {
  return performance.now() / 1000;
}

function note(flow) {
  if (flow.isBehind) {
    return (
      `Too slow: the connection cannot carry ${flow.plan.rate} messages/s of ${size(flow.plan.size)}, or the browser slows this page down ` +
      `in the background. ${count(flow.leftOut, 'message')} not sent so far.`
    );
  }
  if (!flow.isSending && !flow.isOver && flow.ledger.onTheWay > 0) {
    return `Waiting for ${count(flow.ledger.onTheWay, 'message')}.`;
  }
  return flow.leftOut ? `${count(flow.leftOut, 'message')} not sent because the connection or the browser was too slow.` : '';
}

function summary({ ledger, rate, leftOut }) {
  const rest = leftOut ? `, ${leftOut} left out` : '';
  return `${ledger.sent} sent, ${ledger.received} received, ${ledger.lost} lost, ${ledger.outOfOrder} out of order, ${ledger.damaged} damaged, ${rate.toFixed(1)}/s${rest}`;
}
