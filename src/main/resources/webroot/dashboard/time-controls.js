// The buttons for the time axis.

import { format } from './numbers.js';

const ZOOM = 0.5;

const MOVES = {
  earlier: (timeline) => timeline.shift(-0.5),
  later: (timeline) => timeline.shift(0.5),
  in: (timeline) => timeline.scale(ZOOM),
  out: (timeline) => timeline.scale(1 / ZOOM),
  live: (timeline) => timeline.live(),
};

export class TimeControls {
  #element;
  #timeline;

  constructor(element, timeline) {
    this.#element = element;
    this.#timeline = timeline;
    for (const button of element.querySelectorAll('[data-span]')) {
      button.addEventListener('click', () => timeline.live(Number(button.dataset.span)));
    }
    for (const button of element.querySelectorAll('[data-move]')) {
      button.addEventListener('click', () => MOVES[button.dataset.move](timeline));
    }
  }

  show() {
    const { isLive, span, range } = this.#timeline;
    for (const button of this.#element.querySelectorAll('[data-span]')) {
      button.setAttribute('aria-pressed', String(isLive && span === Number(button.dataset.span)));
    }
    const back = this.#element.querySelector('[data-move="live"]');
    if (back.hidden !== isLive) {
      if (isLive && document.activeElement === back) {
        this.#element.querySelector('[data-span]').focus(); // Or else the focus would be lost with the button.
      }
      back.hidden = isLive;
    }
    this.#element.querySelector('[data-move="later"]').disabled = isLive;
    const note = this.#element.querySelector('#timeNote');
    const text = isLive ? 'Drag in a chart to zoom.' : `${format('clock', range[0])} to ${format('clock', range[1])}`;
    if (note.textContent !== text) {
      note.textContent = text;
    }
  }
}

/** Of the keyboard, while the charts have the focus: what each key does to `{timeline, point, pointed}`. */
export const KEYS = {
  ArrowLeft: (axis) => axis.step(-1),
  ArrowRight: (axis) => axis.step(1),
  '+': ({ timeline, pointed }) => timeline.scale(ZOOM, pointed() ?? undefined),
  '=': ({ timeline, pointed }) => timeline.scale(ZOOM, pointed() ?? undefined),
  '-': ({ timeline, pointed }) => timeline.scale(1 / ZOOM, pointed() ?? undefined),
  Escape({ timeline, point }) {
    point(null);
    timeline.live();
  },
};
