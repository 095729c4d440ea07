// Plays a conversation with Node's ws and ends with 0 if all of it came back. Arguments: the URL, and whether the
// server compresses.
const assert = require('node:assert');
const WebSocket = require('ws');

const socket = new WebSocket(process.argv[2], {perMessageDeflate: {threshold: 0}});
const large = Buffer.alloc(300_000, 'x');
const expected = [['Hello', false], ['frag\u20acmented', false], [large, true], [Buffer.alloc(0), true]];
let pong = '';

socket.on('open', () => {
  assert.equal(socket.extensions.includes('permessage-deflate'), process.argv[3] === 'true');
  socket.send('Hello');
  socket.send('frag\u20ac', {fin: false});
  socket.ping('ping');
  socket.send('mented', {fin: true});
  socket.send(large);
  socket.send(Buffer.alloc(0));
});
socket.on('pong', data => { pong = data.toString(); });
socket.on('message', (data, isBinary) => {
  const [payload, binary] = expected.shift();
  assert.equal(isBinary, binary);
  assert.ok(data.equals(Buffer.from(payload)));
  if (expected.length === 0) {
    assert.equal(pong, 'ping');
    socket.close(4000, 'bye');
  }
});
socket.on('close', (code, reason) => {
  assert.equal(code, 4000);
  assert.equal(reason.toString(), 'bye');
  assert.equal(expected.length, 0);
});
socket.on('error', error => { throw error; });
