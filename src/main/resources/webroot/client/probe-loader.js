// Loads the idle probe when somebody opens it, so that the page itself needs fewer requests.

import { byId, element } from './dom.js';

/** `url()` and `protocols()` are what to connect to; null if invalid. */
export function controlProbeWhenOpened(url, protocols) {
  const group = byId('probeGroup');
  group.addEventListener('toggle', () => load(url, protocols), { once: true });
  document.querySelector('a[href="#probe"]')?.addEventListener('click', () => {
    group.open = true;
  });
  if (location.hash === '#probe') {
    group.open = true;
  }
}

async function load(url, protocols) {
  const style = element('link');
  style.rel = 'stylesheet';
  style.href = 'client/probe.css';
  document.head.append(style);
  const { controlProbe } = await import('./probe-view.js');
  controlProbe(url, protocols);
}
