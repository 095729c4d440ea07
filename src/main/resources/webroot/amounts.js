// Times and sizes as people read them.

/** Milliseconds, to the tenth: browsers do not tell more. */
export function millis(value) {
  return `${value.toFixed(1)}\u00a0ms`;
}

/** A time span: 12.3 s, 4 min 5 s, 2 h 1 min. */
export function span(seconds) {
  if (seconds < 60) {
    return `${trimmed(seconds)}\u00a0s`;
  }
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const parts = hours ? [unit(hours, 'h'), unit(minutes, 'min')] : [unit(minutes, 'min'), unit(rest, 's')];
  return parts.filter(Boolean).join(' ');
}

function unit(value, name) {
  return value ? `${value}\u00a0${name}` : '';
}

function trimmed(value) {
  return value.toFixed(1).replace(/\.0$/, '');
}

/** A size: 12 bytes, 3.4 KiB. */
export function size(bytes) {
  if (bytes < 1024) {
    return bytes === 1 ? '1\u00a0byte' : `${bytes}\u00a0bytes`;
  }
  const steps = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let step = 0;
  while (value >= 1024 && step < steps.length - 1) {
    value /= 1024;
    step++;
  }
  return `${trimmed(value)}\u00a0${steps[step]}`;
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString('en')}\u00a0${number === 1 ? one : many}`;
}
