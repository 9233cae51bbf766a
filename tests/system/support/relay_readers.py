"""Many simulated readers of one relay: each holds a long poll of /v1/services, as a `signpost` source does."""
import asyncio
import threading
import time
import zlib


class RelayReaders:
    """`count` readers on one control port, in a thread of their own, from __init__ to close().

    requests   how many were sent, by all
    statuses   {200: ..., 304: ...}
    errors     what went wrong, as text
    """

    def __init__(self, control, count):
        self.requests = 0
        self.statuses = {}
        self.errors = []
        self._control = control
        self._bodies = [None] * count
        self._heard = []  # (time, reader, body) of each 200
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._tasks = []
        self._thread = threading.Thread(target=self._run, args=(count,), daemon=True)
        self._thread.start()

    def all_hold(self, text):
        with self._lock:
            return all(body is not None and text in body for body in self._bodies)

    def worst_lag(self, text, since):
        """Seconds from `since` to the moment when the last reader had heard `text`."""
        first = {}
        with self._lock:
            for moment, reader, body in self._heard:
                if text in body:
                    first.setdefault(reader, moment)
            assert len(first) == len(self._bodies), f"only {len(first)} readers have heard {text}"
        return max(first.values()) - since

    def close(self):
        for task in self._tasks:
            self._loop.call_soon_threadsafe(task.cancel)
        self._thread.join()

    def _run(self, count):
        asyncio.set_event_loop(self._loop)
        self._tasks = [self._loop.create_task(self._read(reader)) for reader in range(count)]
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    async def _read(self, reader):
        try:
            stream, out = await asyncio.open_connection(*self._control)
            tag = None
            while True:
                known = f"If-None-Match: {tag}\r\n" if tag else ""
                out.write(f"GET /v1/services?wait=10s HTTP/1.1\r\nHost: relay\r\n"
                          f"Accept-Encoding: gzip\r\n{known}\r\n".encode())
                self.requests += 1
                status, headers, body = await self._reply(stream)
                self.statuses[status] = self.statuses.get(status, 0) + 1
                tag = headers.get("etag")
                if status == 200:
                    self._keep(reader, body)
        except (OSError, EOFError, ValueError) as error:
            self.errors.append(f"reader {reader}: {error!r}")

    def _keep(self, reader, body):
        with self._lock:
            self._bodies[reader] = body
            self._heard.append((time.monotonic(), reader, body))

    @staticmethod
    async def _reply(stream):
        head = (await stream.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {key.lower(): value for key, value in (line.split(": ", 1) for line in head[1:] if line)}
        body = await stream.readexactly(int(headers.get("content-length", 0)))
        if headers.get("content-encoding") == "gzip":
            body = zlib.decompress(body, 31)
        return int(head[0].split()[1]), headers, body.decode()
