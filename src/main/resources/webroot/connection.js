// A WebSocket with the states that a page shows. It knows no element of the page.

/** How long a handshake may take. A browser waits for minutes, and with the page shows nothing in the meantime. */
const HANDSHAKE_MILLIS = 30_000;

/** The states by WebSocket.readyState, and what they are called. */
const STATES = ['connecting', 'open', 'closing', 'closed'];
export const STATE_TEXTS = {
  ready: 'Ready to connect...',
  connecting: 'Connecting...',
  open: 'Open',
  closing: 'Closing...',
  closed: 'Closed',
};

/** Characters; what is longer can neither be read nor checked by the person who is to connect to it. */
const LONGEST_URL = 2000;

/**
 * What is wrong with a WebSocket URL; empty where nothing is. The browser's own check is no help: it takes "hello" as a path on
 * the page's server, and http: as ws:.
 */
export function urlProblem(text) {
  if (text.length > LONGEST_URL) {
    return `The URL is longer than ${LONGEST_URL} characters.`;
  }
  const url = parse(text);
  if (!url) {
    return text === '' ? 'Enter the URL of a WebSocket server.' : 'This is not a URL. Example: wss://example.com/ws';
  }
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    return `The URL must begin with ws:// or wss://, not with ${url.protocol}`;
  }
  if (url.username || url.password) {
    return `The URL must not contain a user name or password. It would connect to ${url.host}; the part before the @ is not the host.`;
  }
  return url.hash ? 'A WebSocket URL has no fragment: remove the # and everything after it.' : '';
}

/** Whether a WebSocket URL leads to the server that this page came from. */
export function isOwn(text) {
  const url = parse(text.replace(/^ws/i, 'http'));
  return url !== null && url.origin === location.origin;
}

function parse(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** How long a second attempt may take, by which a page finds out why the first one failed. */
const SECOND_HANDSHAKE_MILLIS = 5000;

/** Whether a handshake without subprotocols succeeds now. */
export function handshakeSucceeds(url) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const givingUp = setTimeout(() => socket.close(), SECOND_HANDSHAKE_MILLIS);
    socket.addEventListener('open', () => {
      clearTimeout(givingUp);
      resolve(true);
      socket.close(1000, 'Diagnosis');
    });
    // After `open`, this changes nothing any more.
    socket.addEventListener('close', () => resolve(false));
  });
}

/**
 * At most one socket at a time. Its listener has `opened({seconds})`, `received(data)`, `changed(state)` and
 * `closed({code, reason, opened, timedOut, cancelled, seconds})`; `seconds` is how long the handshake took, or the attempt.
 */
export class Connection {
  #listener;
  #socket = null;
  #cancelled = false;

  constructor(listener) {
    this.#listener = listener;
  }

  get state() {
    return this.#socket ? STATES[this.#socket.readyState] : 'ready';
  }

  get isOpen() {
    return this.state === 'open';
  }

  /**
   * Begins to connect, unless there is a socket already. Throws where the browser does not allow this URL.
   *
   * @param protocols the subprotocols to offer; a browser ends the connection where the server takes none of them
   */
  open(url, protocols = []) {
    if (this.state !== 'ready' && this.state !== 'closed') {
      return;
    }
    const socket = new WebSocket(url, protocols);
    socket.binaryType = 'arraybuffer';
    const began = performance.now();
    let opened = false;
    let timedOut = false;
    let seconds = null;
    this.#cancelled = false;
    const givingUp = setTimeout(() => {
      timedOut = true;
      socket.close();
    }, HANDSHAKE_MILLIS);
    socket.addEventListener('open', () => {
      opened = true;
      seconds = (performance.now() - began) / 1000;
      clearTimeout(givingUp);
      this.#changed();
      this.#listener.opened({ seconds });
    });
    socket.addEventListener('message', (event) => this.#listener.received(event.data));
    socket.addEventListener('close', ({ code, reason }) => {
      clearTimeout(givingUp);
      this.#changed();
      seconds ??= (performance.now() - began) / 1000;
      this.#listener.closed({ code, reason, opened, timedOut, cancelled: this.#cancelled && !opened, seconds });
    });
    this.#socket = socket;
    this.#changed();
  }

  /** The subprotocol that the server chose; empty where there is none. */
  get protocol() {
    return this.#socket?.protocol ?? '';
  }

  /** The extensions that are in use, as in the handshake; empty where there are none. */
  get extensions() {
    return this.#socket?.extensions ?? '';
  }

  /** Bytes that were handed over and are not on the wire yet. */
  get bufferedAmount() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  send(data) {
    this.#socket.send(data);
  }

  close(code, reason) {
    this.#socket.close(code, reason);
    this.#changed();
  }

  /** Gives up an attempt to connect. */
  cancel() {
    if (this.state === 'connecting') {
      this.#cancelled = true;
      this.#socket.close();
      this.#changed();
    }
  }

  #changed() {
    this.#listener.changed(this.state);
  }
}
