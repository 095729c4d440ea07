// What the connections of a probe prove. It looks at records of them only; all times are seconds.

import { isSame } from './probe-plan.js';

/** Two ends that differ less than this in time happened together, if the connections were not opened together as well. */
const LEAST_AGE_DIFFERENCE = 0.3;

/**
 * Judges trials: {
 *   survived: the longest idle time that a connection survived,
 *   idle: null, or {from, to, count, how, code, reason, isExact}: connections are lost after from to to seconds without traffic,
 *   alive: the longest that a busy connection has lived,
 *   age: null, or {from, to, count, how, code, reason}: busy connections are lost at this age; a count of 1 may be an accident,
 *   irregular: connections lost after an idle time that others survived,
 *   shaken: connections that ended together with a busy one: a restart or a failure of the network, and no timeout,
 *   up, down: whether a connection survives on which only this page, or only the server, sends; null if unknown
 * }
 */
export function judge(trials, plan) {
  const lost = trials.filter(({ state }) => state === 'lost');
  const shaken = lost.filter((trial) => isShaken(trial, lost));
  const counted = lost.filter((trial) => !shaken.includes(trial));
  const busy = counted.filter(({ kind }) => kind === 'busy');
  const age = ageOf(busy, plan);
  const idleLost = counted.filter(
    (trial) => trial.kind === 'idle' && !isMasked(trial, lost) && !busy.some((other) => isSame(other.age, trial.age, plan)),
  );
  const survived = longest(trials.filter(({ kind, state }) => kind === 'idle' && state === 'survived').map(({ quiet }) => quiet));
  const irregular = idleLost.filter(({ quiet }) => quiet < survived && !isSame(quiet, survived, plan));
  const regular = idleLost.filter((trial) => !irregular.includes(trial));
  return {
    survived,
    idle: idleOf(regular, survived, plan),
    alive: longest(trials.filter(({ kind, openedAt, state }) => kind === 'busy' && openedAt !== null && state !== 'failed').map((trial) => trial.age)),
    age,
    irregular,
    shaken,
    up: oneWay(trials, counted, 'up'),
    down: oneWay(trials, counted, 'down'),
  };
}

/**
 * A restart or a failure of the network ends connections of different ages at the same moment, also busy ones. A timeout ends
 * those that were opened later later.
 */
function isShaken(trial, lost) {
  return isFarewell(trial) || lost.some((other) => isTogether(trial, other));
}

/**
 * A connection that was found dead only when it was used can have died for the reason of a busy one that was lost in the meantime. It
 * proves nothing.
 */
function isMasked({ how, openedAt, endedAt }, lost) {
  return how !== 'closed' && lost.some((other) => (other.kind === 'busy' || isFarewell(other)) && openedAt < other.endedAt && other.endedAt < endedAt);
}

function isTogether(one, other) {
  const ages = Math.abs(one.age - other.age);
  // When an idle connection was lost is known only if the browser was told.
  const isTimed = [one, other].every(({ kind, how }) => kind === 'busy' || how === 'closed');
  return isTimed && (one.kind === 'busy' || other.kind === 'busy') && ages >= LEAST_AGE_DIFFERENCE && Math.abs(one.endedAt - other.endedAt) < ages / 2;
}

/** The server has said that it restarts. */
function isFarewell({ code, reason }) {
  return code === 1012 || (code === 1001 && /drain|shut|restart/i.test(reason));
}

function ageOf(busy, plan) {
  const ages = busy.map(({ age }) => age).sort((one, other) => one - other);
  const first = ages.findIndex((age, i) => isSame(age, ages[i + 1] ?? Infinity, plan));
  if (first < 0) {
    return busy.length === 1 ? { ...range(ages), count: 1, ...ending(busy[0]) } : null;
  }
  const same = ages.filter((age) => isSame(age, ages[first], plan));
  return { ...range(same), count: same.length, ...ending(busy.find(({ age }) => same.includes(age))) };
}

function idleOf(lost, survived, plan) {
  if (lost.length === 0) {
    return null;
  }
  const first = lost.reduce((one, other) => (other.quiet < one.quiet ? other : one));
  const same = lost.filter(({ quiet, how }) => how === 'closed' && isSame(quiet, first.quiet, plan));
  if (same.length > 0) {
    return { ...range(same.map(({ quiet }) => quiet)), count: same.length, isExact: true, ...ending(same[0]) };
  }
  // The loss showed only in the answer that did not come: the connection may have been dead for long.
  return { from: survived, to: first.quiet, count: lost.length, isExact: false, ...ending(first) };
}

function oneWay(trials, counted, kind) {
  const trial = trials.find((one) => one.kind === kind && (one.state === 'survived' || counted.includes(one)));
  return trial ? trial.state === 'survived' : null;
}

function ending({ how, code, reason }) {
  return { how, code, reason };
}

function range(values) {
  return { from: Math.min(...values), to: Math.max(...values) };
}

function longest(values) {
  return Math.max(0, ...values);
}

/** Whether the idle timeout is known as exactly as the probe can tell. */
export function isSettled({ idle }, plan) {
  return idle !== null && (idle.isExact ? idle.count > 1 : isSame(idle.from, idle.to, plan));
}
