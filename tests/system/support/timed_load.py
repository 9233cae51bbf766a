"""Load whose every reply is timed: for what may be late, and how often. dnsperf (load.py) tells sums only.

The kernel's own time stamps are used for what arrives, so that a busy machine does not make this client call late what
was not. The senders are one thread."""
import math
import select
import socket
import struct
import threading
import time
from collections import Counter

SO_TIMESTAMPNS = 35
CLIENTS = 16
PATIENCE = 6  # seconds after the last query; longer than any budget of the daemon
RCODES = {0: "NOERROR", 2: "SERVFAIL", 3: "NXDOMAIN", 5: "REFUSED"}


class Reply:
    """sent (seconds since the load began), took (seconds), rcode, and the address of the first record in ANSWER."""

    __slots__ = ("sent", "took", "rcode", "address")

    def __init__(self, sent, took, packet):
        self.sent, self.took = sent, took
        self.rcode = RCODES.get(packet[3] & 15, packet[3] & 15)
        end = packet.index(b"\0", 12) + 5
        self.address = socket.inet_ntoa(packet[end + 12:end + 16]) if packet[7] else None


class TimedLoad:
    """`rate` A questions a second for `seconds`, begun at once; name_of(number) says each one's name."""

    def __init__(self, address, name_of, rate, seconds):
        self.replies = []
        self._rate, self._total = rate, int(rate * seconds)
        self._packets = [_question(name_of(number), number // CLIENTS & 0xffff) for number in range(self._total)]
        self._sent_at = {}
        self._clients = [_client(address) for _ in range(CLIENTS)]
        self._poll = select.epoll()
        for number, client in enumerate(self._clients):
            self._poll.register(client, select.EPOLLIN)
        self._number_of = {client.fileno(): number for number, client in enumerate(self._clients)}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.began = time.monotonic()
        self._thread.start()

    def wait_until(self, second):
        """Until the load is so many seconds old."""
        time.sleep(max(0, self.began + second - time.monotonic()))

    def end(self):
        """Waits for the last reply; every query must have got one, of that many."""
        self._thread.join()
        for client in self._clients:
            client.close()
        self._poll.close()
        assert len(self.replies) == self._total, f"{self._total - len(self.replies)} of {self._total} queries were lost"
        return self.replies

    def later_than(self, seconds):
        return [reply for reply in self.replies if reply.took > seconds]

    def rcodes(self):
        return Counter(reply.rcode for reply in self.replies)

    def describe(self):
        took = sorted(reply.took for reply in self.replies)
        at = {share: took[min(len(took) - 1, math.floor(len(took) * share))] * 1000 for share in (0.5, 0.99, 0.999)}
        late = [(round(reply.sent, 2), round(reply.took * 1000)) for reply in self.later_than(0.2)]
        return (f"{self.rcodes()}, worst {took[-1] * 1000:.1f} ms, " +
                ", ".join(f"{share:.1%} {value:.2f} ms" for share, value in at.items()) +
                f"; later than 200 ms (when, how long): {late[:30]}")

    def _run(self):
        began = time.time_ns()
        number = 0
        while number < self._total:
            due = int((time.time_ns() - began) * self._rate / 1e9)
            while number < min(due, self._total):
                self._send(number, began)
                number += 1
            self._receive(0.002, began)
        end = time.monotonic() + PATIENCE
        while len(self.replies) < self._total and time.monotonic() < end:
            self._receive(0.05, began)

    def _send(self, number, began):
        self._sent_at[number % CLIENTS, number // CLIENTS & 0xffff] = time.time_ns() - began
        self._clients[number % CLIENTS].send(self._packets[number])

    def _receive(self, wait, began):
        for number, _ in self._poll.poll(wait):
            self._receive_all(self._number_of[number], began)

    def _receive_all(self, client, began):
        while True:
            try:
                packet, notes, _, _ = self._clients[client].recvmsg(4096, 64)
            except (BlockingIOError, ConnectionRefusedError):
                return
            seconds, nanoseconds = struct.unpack("qq", notes[0][2])
            sent = self._sent_at.pop((client, struct.unpack_from("!H", packet)[0]), None)
            if sent is None:
                continue  # a second reply to one query; the count of the first is what matters
            took = (seconds * 10**9 + nanoseconds - began - sent) / 1e9
            self.replies.append(Reply(sent / 1e9, took, packet))


def _client(address):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    client.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    client.connect(address)
    return client


def _question(name, identity):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.rstrip(".").split("."))
    return struct.pack("!HHHHHH", identity, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"
