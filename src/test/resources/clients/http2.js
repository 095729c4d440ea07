// Opens WebSockets over one HTTP/2 connection (RFC 8441) with Node's http2. The frames are those of ws. One WebSocket
// ends with a code of the client. The others wait until the server drains: each must get Close 1001, and GOAWAY must
// come after the last of them has ended. Exits with 0 if all of this holds. Argument: the URL of the service.
const assert = require('node:assert');
const http2 = require('node:http2');
const {once} = require('node:events');
const {Receiver, Sender} = require('ws');

const OPEN_DURING_DRAIN = 5;

const events = [];
const url = new URL(process.argv[2]);
const session = http2.connect(url, {rejectUnauthorized: false});
session.on('goaway', code => events.push('GOAWAY ' + code));

class WebSocketStream {
  constructor() {
    this.stream = session.request({
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':scheme': url.protocol.slice(0, -1),
      ':authority': url.host,
      ':path': '/ws',
      'sec-websocket-version': '13',
    }, {endStream: false});
    this.sender = new Sender(this.stream);
    this.receiver = new Receiver({isServer: false});
    this.receiver.on('ping', payload => this.sender.pong(payload, true));
    this.closed = once(this.receiver, 'conclude');
    this.ended = once(this.stream, 'close');
  }

  async open() {
    const [headers] = await once(this.stream, 'response');
    assert.equal(headers[':status'], 200);
    this.stream.pipe(this.receiver);
  }

  async echo(payload) {
    const binary = Buffer.isBuffer(payload);
    const answer = once(this.receiver, 'message');
    this.sender.send(payload, {binary, fin: true, mask: true, compress: false});
    const [data, isBinary] = await answer;
    assert.equal(isBinary, binary);
    assert.ok(data.equals(Buffer.from(payload)));
  }

  async awaitClose() {
    const [code, reason] = await this.closed;
    return code + ' ' + reason;
  }

  // The end of a stream after the closing handshake: END_STREAM in both directions, and no reset.
  async end() {
    this.stream.end();
    await this.ended;
    assert.equal(this.stream.rstCode, http2.constants.NGHTTP2_NO_ERROR);
  }
}

async function open() {
  const webSocket = new WebSocketStream();
  await webSocket.open();
  await webSocket.echo('gr\u00fc\u00dfe');
  await webSocket.echo(Buffer.alloc(300_000, 'x'));
  await webSocket.echo(Buffer.alloc(0));
  return webSocket;
}

async function closes() {
  const webSocket = await open();
  webSocket.sender.close(4000, 'bye', true);
  assert.equal(await webSocket.awaitClose(), '4000 bye');
  await webSocket.end();
}

async function drains() {
  const webSocket = await open();
  events.push('open');
  assert.equal(await webSocket.awaitClose(), '1001 server draining');
  webSocket.sender.close(1001, '', true);
  await webSocket.end();
  events.push('drained');
}

async function main() {
  const [settings] = await once(session, 'remoteSettings');
  assert.equal(settings.enableConnectProtocol, true);
  const over = once(session, 'close');
  await closes();
  await Promise.all(Array.from({length: OPEN_DURING_DRAIN}, drains));
  await over;
  const repeated = name => Array(OPEN_DURING_DRAIN).fill(name);
  assert.deepEqual(events, [...repeated('open'), ...repeated('drained'), 'GOAWAY 0']);
}

main();
