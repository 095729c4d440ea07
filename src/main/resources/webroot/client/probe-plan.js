// What the probe does within its time limit: which idle times it tests, and in which order. It knows no socket and no clock; all times are seconds.

/**
 * Each idle time is a little above default timeouts of common proxies (20 to 1200 s). The first connections that are lost
 * already tell these apart.
 */
const LADDER = [20, 45, 66, 110, 170, 255, 320, 375, 640];
/** A test of fewer seconds uses a geometric ladder. */
const LEAST_FOR_LADDER = 150;
const SHORT_LADDER_STEPS = 8;
const SHORT_LADDER_RATIO = 16;

/** Open connections at a time: the idle ones and two busy ones. */
export const MOST_OPEN = 12;
/** All connections of a run. */
export const MOST_TRIALS = 40;

/** Two idle times closer than this are not told apart. */
const FINEST_RATIO = 1.05;
/** While nothing was lost, a finer ladder gains little. */
const COARSEST_RATIO = 1.25;

/** `limit`: how many seconds the probe may take, at most 20 minutes. */
export function planFor(limit) {
  const patience = clamp(limit / 6, 2, 10);
  const stagger = clamp(limit / 100, 0.1, 0.5);
  // The longest test must end within the limit: all connections have to open first, and the last one needs its answer.
  const longest = limit - patience - (MOST_OPEN + 1) * stagger;
  const rungs = limit < LEAST_FOR_LADDER ? geometric(longest) : [...LADDER.filter((rung) => rung < 0.9 * longest), longest];
  return {
    limit,
    rungs,
    /** How long an answer may take. */
    patience,
    /** Between two handshakes, so that an event at one moment meets connections of different ages. */
    stagger,
    /** Between two messages on a busy connection. */
    busyEvery: clamp(rungs[0] / 2, 0.1, 2),
    /** Two times that are closer are the same: timers and the network are not exact. */
    grain: clamp(limit / 16, 0.25, 1),
    /** A clock that has stood still for longer was stopped, with the whole page. */
    longestPause: clamp(limit / 4, 2, 5),
  };
}

function geometric(longest) {
  return Array.from({ length: SHORT_LADDER_STEPS }, (_, i) => longest / SHORT_LADDER_RATIO ** (1 - i / (SHORT_LADDER_STEPS - 1)));
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/** Whether two times are equal as far as the probe can measure. */
export function isSame(one, other, plan) {
  return Math.abs(one - other) <= Math.max(plan.grain, 0.03 * Math.max(one, other));
}

/**
 * The next idle time to test; null if no further test helps. `survived`: the longest that a connection survived. `lost`: the shortest after
 * which one was lost, null if none. `most`: no connection lives longer. `pending`: those being tested. `left`: the seconds that are left.
 *
 * It halves the widest gap, so several tests at a time narrow the range faster than one after the other.
 */
export function nextIdle({ survived, lost, most, pending, left }, plan) {
  const lower = survived || plan.rungs[0] / 2;
  const upper = Math.min(lost ?? plan.rungs.at(-1), most);
  const least = lost === null ? COARSEST_RATIO : FINEST_RATIO;
  const points = [lower, ...pending.filter((idle) => idle > lower && idle < upper), upper].sort((one, other) => one - other);
  const gaps = points.slice(1).map((to, i) => ({ from: points[i], to, middle: Math.sqrt(points[i] * to) }));
  const [widest] = gaps
    .filter(({ from, to, middle }) => to / from > least && to - from > plan.grain && middle + plan.patience <= left)
    .sort((one, other) => other.to / other.from - one.to / one.from);
  return widest?.middle ?? null;
}
