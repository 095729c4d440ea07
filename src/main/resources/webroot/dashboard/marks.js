// What has happened to an instance besides traffic: restarts, drains, reloads and losses of the connection, for the time axis.

import { SPAN } from './history.js';
import { numberAt } from './measures.js';

/** A bound, whatever a server sends. */
const MOST = 40;

const COUNTERS = [
  { path: 'reloads.settings', kind: 'reload', text: 'Settings reloaded' },
  { path: 'reloads.certificates', kind: 'reload', text: 'Certificate reloaded' },
  { path: 'reloadFailures.settings', kind: 'problem', text: 'Change of settings refused' },
  { path: 'reloadFailures.certificates', kind: 'problem', text: 'New certificate refused' },
];

export class Marks {
  /** Each with `time`, `kind` (restart, drain, reload or problem) and `text`; the oldest first. */
  all = [];

  add(time, kind, text) {
    this.all.push({ time, kind, text });
    this.all.sort((a, b) => a.time - b.time);
    this.all.splice(0, Math.max(0, this.all.length - MOST));
  }

  /** Adds what has changed between two samples of one run. */
  compare(before, sample) {
    if (sample.draining && !before.draining) {
      this.add(sample.time, 'drain', 'Drain begins');
    }
    for (const { path, kind, text } of COUNTERS) {
      if (numberAt(sample, path) > (numberAt(before, path) ?? Infinity)) {
        this.add(sample.time, kind, text);
      }
    }
  }

  /** Forgets what lies before the charts. */
  forget(now) {
    while (this.all.length > 0 && this.all[0].time < now - SPAN) {
      this.all.shift();
    }
  }

  clear() {
    this.all.length = 0;
  }
}
