"""A fast webhook receiver: answers 204 on connections that stay open, and counts.

`GET /report` answers, as JSON, what arrived at each path and how many requests were open there at a time.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter

SECONDS = 0.001  # that the receiver works on a request
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


class Receiver:
    def __init__(self) -> None:
        self.connections = 0
        self.requests: Counter[str] = Counter()
        self.open: Counter[str] = Counter()
        self.most_open: Counter[str] = Counter()
        self.first = self.last = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                await self.answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        path = head.split(b" ", 2)[1].decode()
        if path == "/report":
            body = json.dumps(self.report()).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            return
        self.open[path] += 1
        self.most_open[path] = max(self.most_open[path], self.open[path])
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        await asyncio.sleep(SECONDS)
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.requests[path] += 1
        self.open[path] -= 1
        writer.write(OK)

    def report(self) -> dict[str, object]:
        return {
            "requests": sum(self.requests.values()),
            "most_open": max(self.most_open.values(), default=0),
            "connections": self.connections,
            "seconds": self.last - self.first,
        }


async def main() -> None:
    server = await asyncio.start_server(Receiver().serve, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
