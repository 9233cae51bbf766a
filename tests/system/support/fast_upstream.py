"""An upstream that answers every question with one A record, fast: for tests with tens of thousands of names."""
import socket
import struct
import threading
from collections import Counter

from support.scripted_upstream import wake_and_close


class FastUpstream:
    """count    how many it has answered
    names    how often it was asked for each name, in lower case without the last dot
    """

    def __init__(self, ttl=300, address="192.0.2.1"):
        self._record = b"\xc0\x0c\x00\x01\x00\x01" + struct.pack("!IH", ttl, 4) + socket.inet_aton(address)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self._socket.bind(("127.0.0.1", 0))
        self.text = "127.0.0.1:%d" % self._socket.getsockname()[1]
        self.count = 0
        self.names = Counter()
        self._open = True
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        self._open = False
        wake_and_close(self._socket, self._thread)

    def arrived(self, packet, client):
        """For those who want to look at queries as they come."""

    def _serve(self):
        while self._open:
            try:
                packet, client = self._socket.recvfrom(4096)
                if not packet:
                    continue
                self.arrived(packet, client)
                self._socket.sendto(self._reply(packet), client)
            except OSError:
                return
            self.count += 1

    def _reply(self, packet):
        end = packet.index(b"\0", 12) + 5  # no compression in a question
        self.names[_name(packet[12:end - 5])] += 1
        return packet[:2] + b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + packet[12:end] + self._record


def _name(labels):
    words = []
    while labels:
        words.append(labels[1:1 + labels[0]].decode("ascii", "replace").lower())
        labels = labels[1 + labels[0]:]
    return ".".join(words)
