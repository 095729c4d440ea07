"""Plays a conversation with python3-websockets and ends with 0 if all of it came back. Arguments: the URL,
and whether the server compresses."""

import asyncio
import random
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory


# The smallest windows: this client's inflater does not look further back than they reach.
SMALL = ClientPerMessageDeflateFactory(server_max_window_bits=9, client_max_window_bits=9)


async def play(url, compression):
    async with websockets.connect(url, max_size=None, compression=None, extensions=[SMALL]) as socket:
        assert bool(socket.extensions) == compression, socket.extensions
        noise = random.Random(1).randbytes(3000) * 5
        await socket.send(noise)
        assert await socket.recv() == noise
        await socket.send("Hello")
        assert await socket.recv() == "Hello"
        await socket.send(["frag\u20ac", "mented"])
        assert await socket.recv() == "frag\u20acmented"
        large = b"x" * 300_000
        await socket.send(large)
        assert await socket.recv() == large
        await socket.send(b"")
        assert await socket.recv() == b""
        await (await socket.ping(b"ping"))
        await socket.close(4000, "bye")
        assert socket.close_code == 4000, socket.close_code
        assert socket.close_reason == "bye"


asyncio.run(play(sys.argv[1], sys.argv[2] == "true"))
