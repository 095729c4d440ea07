// The dashboard: a panel for each URL in the query, the summary of all, their common time axis, and a form that changes the query.

import { isOwn, urlProblem } from '../connection.js';
import { FleetPanel } from './fleet-panel.js';
import { Panel } from './panel.js';
import { Summary } from './summary.js';
import { TimeControls } from './time-controls.js';
import { Timeline } from './timeline.js';
import { clipped } from '../untrusted.js';

/** Each costs a few megabytes and a connection. */
const MOST_PANELS = 12;

/** Two panels stand side by side where there is room. Of more, only the first is unfolded. */
const ROOM_FOR_TWO = matchMedia('(min-width: 60rem)');

/** Often enough for the eye. What comes in between is shown together. */
const DRAW_MILLIS = 250;

const byId = (id) => document.getElementById(id);
const addForm = byId('addForm');
const addUrl = byId('addUrl');
const panels = new Map();
const timeline = new Timeline(() => drawAll(true));
const timeControls = new TimeControls(byId('time'), timeline);
const summary = new Summary(clone);

/** URLs of other servers that somebody has typed here or agreed to. A link alone must not make a browser connect to them. */
const chosen = new Set();

/** Problems of URLs that are shown. */
const MOST_PROBLEMS = 3;

const inQuery = () => new URLSearchParams(location.search).getAll('url');

/** The URLs as they stand in the query; without one, the page's own server. */
function given() {
  const urls = inQuery();
  return urls.length > 0 ? urls : [document.body.dataset.webSocket];
}

/** Relative ones are meant from the page; http stands for ws. */
function resolved(text) {
  return new URL(text, location.href).href.replace(/^http/, 'ws');
}

function problemOf(text) {
  try {
    return urlProblem(resolved(text));
  } catch {
    return urlProblem(text);
  }
}

/** URLs whose server tells of a fleet. */
const fleets = new Set();

/** Panels whose URL stays keep their connection. */
function showPanels() {
  const valid = given().filter((text) => problemOf(text) === '');
  const urls = [...new Set(valid.map(resolved))];
  const shown = urls.slice(0, MOST_PANELS);
  for (const [url, panel] of panels) {
    if (!shown.includes(url) || (panel instanceof FleetPanel && inQuery().length > 0)) {
      panel.destroy();
      panels.delete(url);
    }
  }
  shown.filter((url) => !panels.has(url)).forEach(addPanel);
  byId('panels').classList.toggle('two', panels.size === 2);
  byId('panels').classList.toggle('several', panels.size > 1);
  [...panels.values()].forEach((panel, i) => panel.fold(i > 0 && (panels.size > 2 || !ROOM_FOR_TWO.matches)));
  byId('panels').classList.toggle('own', inQuery().length === 0);
  const broken = given().filter((text) => problemOf(text) !== '');
  byId('urlProblem').textContent = [
    ...broken.slice(0, MOST_PROBLEMS).map((text) => `${clipped(text)}: ${problemOf(text)}`),
    broken.length > MOST_PROBLEMS && `${broken.length - MOST_PROBLEMS} more URLs have problems.`,
    urls.length > MOST_PANELS && `Only the first ${MOST_PANELS} of ${urls.length} URLs are shown.`,
  ].filter(Boolean).join(' ');
  drawAll(true);
}

/** Without a query, the page shows the fleet if the server knows one; a URL in the query stands for one instance. */
function addPanel(url) {
  const isAlone = inQuery().length === 0;
  const Kind = isAlone && fleets.has(url) ? FleetPanel : Panel;
  const panel = new Kind(url, clone, timeline, {
    remove: () => go(given().filter((text) => problemOf(text) !== '' || resolved(text) !== url)),
    connect: () => chosen.add(url),
    point: (time) => panels.forEach((each) => each.point(time)),
    // The timers of a tab in the background are late; its title and icon should not be.
    changed: () => document.hidden && drawAll(),
    chosen: () => drawAll(true),
    fleet: isAlone ? () => showFleet(url) : null,
  });
  panels.set(url, panel);
  byId('panels').append(panel.element);
  panel.start(isOwn(url) || chosen.has(url));
}

function showFleet(url) {
  fleets.add(url);
  panels.get(url).destroy();
  panels.delete(url);
  showPanels();
}

function clone(name) {
  return byId(`${name}Template`).content.firstElementChild.cloneNode(true);
}

/** Changes the query, which is what one shares. */
function go(urls) {
  const query = new URLSearchParams(urls.map((url) => ['url', url]));
  history.pushState(null, '', urls.length > 0 ? `?${query}` : location.pathname);
  showPanels();
}

function add(event) {
  event.preventDefault();
  const text = addUrl.value.trim();
  // What has neither a scheme nor a slash before it is more likely a host than a path of this server.
  const urlOf = /^[./]/.test(text) ? problemOf(text) : urlProblem(text);
  const problem = urlOf === '' && panels.has(resolved(text)) ? `${clipped(text)} is shown already.` : urlOf;
  addUrl.setAttribute('aria-invalid', problem !== '');
  if (problem) {
    byId('urlProblem').textContent = problem;
    return;
  }
  addUrl.value = '';
  chosen.add(resolved(text));
  go([...given(), text]);
}

/** @param anyway whether to draw charts that have not changed too */
function drawAll(anyway = false) {
  const all = [...panels.values()];
  const ends = all.map((panel) => panel.look());
  timeline.move(
    Math.min(...all.map((panel) => panel.oldest)),
    Math.max(...ends, 0) || Date.now() / 1000,
  );
  if (!document.hidden) {
    all.forEach((panel) => panel.draw(anyway));
  }
  summary.show(withDoubles(all.flatMap((panel) => panel.rows)), all[0]?.known ?? {});
  timeControls.show();
}

/** Two URLs may lead to one instance, whose numbers count once. */
function withDoubles(rows) {
  const known = new Set();
  return rows.map((row) => {
    const isAgain = row.identity !== null && known.has(row.identity);
    known.add(row.identity);
    return { ...row, isAgain };
  });
}

addForm.addEventListener('submit', add);
addEventListener('popstate', showPanels);
addEventListener('online', () => panels.forEach((panel) => panel.retry()));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawAll(true));
document.addEventListener('visibilitychange', () => drawAll(true));
setInterval(drawAll, DRAW_MILLIS, false);
showPanels();
