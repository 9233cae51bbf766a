"""Instances that are one process: it can be killed as an instance is, and its work is not on the test's own account."""
import struct
import subprocess
import sys
import tempfile

PROGRAM = """
import mmap, socket, struct, sys
address, port, reply, counted_in = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode(), sys.argv[4]
listener = socket.create_server((address, port), backlog=4096)
print(listener.getsockname()[1], flush=True)
with open(counted_in, "r+b") as file:
    counter = mmap.mmap(file.fileno(), 8)
    count = 0
    while True:
        connection = listener.accept()[0]
        try:
            if reply and connection.recv(4096):
                connection.sendall(reply)
        except OSError:
            pass
        connection.close()
        count += 1
        counter[:8] = struct.pack("q", count)
"""


class ListeningProcess:
    """Takes connections and ends them, after `reply` to the first bytes if there is one. Runs from the start."""

    def __init__(self, host="127.0.0.1", reply=""):
        self.host, self.port = host, 0
        self._reply = reply
        self._counter = tempfile.NamedTemporaryFile()
        self._counter.write(bytes(8))
        self._counter.flush()
        self.start()

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    @property
    def connections(self):
        """How many it has ended since it was started last."""
        self._counter.seek(0)
        return struct.unpack("q", self._counter.read(8))[0]

    def start(self):
        """Also again, at the same port."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, self.host, str(self.port), self._reply, self._counter.name],
            stdout=subprocess.PIPE)
        self.port = int(self._process.stdout.readline())

    def kill(self):
        """As `kill -9` does. May be called twice."""
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def close(self):
        self.kill()
        self._counter.close()
