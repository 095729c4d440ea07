// Numbers as people read them. Where there is none, a dash stands.

const NONE = '\u2013';
const SPACE = '\u00a0';
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** One of the functions below by its name. */
export function format(unit, value) {
  return value === null || value === undefined ? NONE : UNITS[unit](value);
}

const UNITS = {
  count: (value) => whole.format(value),
  cpus: (value) => (value < 0.01 ? short.format(Math.round(value * 1e4) / 1e4) : short.format(value)),
  perSecond: (value) => `${brief(value)}/s`,
  bytes: scaledBytes,
  bytesPerSecond: (value) => `${scaledBytes(value)}/s`,
  seconds(value) {
    if (value === 0) {
      return `0${SPACE}s`;
    }
    if (value < 1e-3) {
      return `${short.format(value * 1e6)}${SPACE}\u00b5s`;
    }
    return value < 1 ? `${short.format(value * 1e3)}${SPACE}ms` : `${short.format(value)}${SPACE}s`;
  },
  secondsPerSecond: (value) => `${UNITS.seconds(value)}/s`,
  /** Two units at the most: 2 h 5 min. */
  duration(value) {
    if (value < 10) {
      return UNITS.seconds(value);
    }
    const seconds = Math.round(value);
    const parts = [
      [Math.floor(seconds / 86400), 'd'],
      [Math.floor(seconds / 3600) % 24, 'h'],
      [Math.floor(seconds / 60) % 60, 'min'],
      [seconds % 60, 's'],
    ];
    const first = parts.findIndex(([amount]) => amount > 0);
    return parts
      .slice(first, first + 2)
      .filter(([amount]) => amount > 0)
      .map(([amount, name]) => `${amount}${SPACE}${name}`)
      .join(' ');
  },
  /** Of a Unix time, in the reader's own zone. */
  clock: (value) => clock.format(value * 1000),
};

function brief(value) {
  return value >= 1000 ? whole.format(value) : short.format(value);
}

function scaledBytes(value) {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), names.length - 1);
  return `${brief(value / 1024 ** power)}${SPACE}${names[power]}`;
}
