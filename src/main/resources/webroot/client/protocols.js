// Which subprotocols are offered to the server, and the greeting with which Resound's own begin.

import { byId, showProblem } from './dom.js';
import { check, number, object, orNull, parsed, text } from '../untrusted.js';

/** Resound's subprotocols that say first which instance answers. */
const GREETING = ['resound.echo.v1', 'resound.telemetry.v1', 'resound.whoami.v1'];

const MEANINGS = {
  'resound.echo.v1': 'Echo, after a greeting that names the instance.',
  'resound.whoami.v1': 'Echo, after a message that shows how the server sees this handshake.',
  'resound.telemetry.v1': 'Live statistics of the instance instead of the echo.',
};

/** What RFC 6455 section 4.1 asks of the name of a subprotocol: US-ASCII without separators. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Reads a comma-separated list of subprotocols: `{protocols}` or `{problem}`. */
export function parseProtocols(text) {
  const protocols = text.split(',').map((name) => name.trim());
  if (text.trim() === '') {
    return { problem: 'Enter one or more subprotocols, separated by commas.' };
  }
  const wrong = protocols.find((name) => !TOKEN.test(name));
  if (wrong === '') {
    return { problem: 'Remove the extra comma.' };
  }
  if (wrong !== undefined) {
    return { problem: `\u201c${wrong}\u201d is not a valid subprotocol: letters, digits and !#$%&'*+-.^_\`|~ are allowed (RFC 6455 section 4.1).` };
  }
  const twice = protocols.find((name, i) => protocols.indexOf(name) < i);
  return twice ? { problem: `Duplicate: \u201c${twice}\u201d.` } : { protocols };
}

/** The choice of a subprotocol in the page. */
export class ProtocolChoice {
  #choice = byId('protocolChoice');
  #other = byId('protocolOther');

  constructor() {
    this.#choice.addEventListener('input', () => this.show());
  }

  show() {
    byId('protocolMeaning').textContent = MEANINGS[this.#choice.value] ?? '';
    this.#other.hidden = this.#choice.value !== 'other';
    byId('protocolHint').hidden = this.#choice.value === '';
    showProblem(this.#other, '', byId('protocolProblem'));
  }

  /** The subprotocols to offer; null where what was typed is none, and then the page says so. */
  read() {
    if (this.#choice.value !== 'other') {
      return this.#choice.value ? [this.#choice.value] : [];
    }
    const { protocols, problem = '' } = parseProtocols(this.#other.value);
    showProblem(this.#other, problem, byId('protocolProblem'));
    return protocols ?? null;
  }

  set disabled(disabled) {
    this.#choice.disabled = this.#other.disabled = disabled;
  }
}

/** Characters; a hello of the live feed has some 200,000. */
const LONGEST_GREETING = 1024 * 1024;

/** `{instance, version, java, keepAlive, http}` of Resound's greeting, if this first message of a connection is one; otherwise null. */
export function greetingIn(message, protocol) {
  const read = protocol === 'resound.whoami.v1' ? whoamiOf : greetingOf;
  return GREETING.includes(protocol) ? orNull(() => read(parsed(message, LONGEST_GREETING))) : null;
}

function whoamiOf({ type, instance, version, keepAlive, handshake }) {
  check(type === 'whoami');
  return { instance: text(instance), version: text(version), java: '', keepAlive: keepAliveOf(keepAlive), http: text(object(handshake).http, 10) };
}

/** Only the greeting of resound.echo.v1 has `http`, and not that of earlier versions of the service. */
function greetingOf({ type, instance, build, keepAlive, http }) {
  check(type === 'hello');
  const { version, java } = object(build);
  return { instance: text(instance), version: text(version), java: text(java), keepAlive: keepAliveOf(keepAlive), http: http === undefined ? null : text(http, 10) };
}

/** `{interval, idleTimeout}` in seconds, as Resound tells them in a greeting and in an explanation. */
export function keepAliveOf(keepAlive) {
  const { interval, idleTimeout } = object(keepAlive);
  return { interval: number(interval), idleTimeout: number(idleTimeout) };
}
