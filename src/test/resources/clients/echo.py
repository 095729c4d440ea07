"""Plays a conversation with python3-websockets and ends with 0 if all of it came back. Argument: the URL."""

import asyncio
import sys

import websockets


async def play(url):
    async with websockets.connect(url, max_size=None) as socket:
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


asyncio.run(play(sys.argv[1]))
