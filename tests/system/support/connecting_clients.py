"""Clients as services have them: each look-up is followed by a connection to the first SRV record."""
import socket
import threading
import time
from dataclasses import dataclass

import dns.message

from support.ask import in_zone, question


@dataclass(frozen=True)
class Visit:
    """asked, answered (monotonic seconds); weights: the answer's, by port; port: of its first record; reached: the
    connection stood."""

    asked: float
    answered: float
    weights: dict
    port: int
    reached: bool


class ConnectingClients:
    """`rate` visits a second to a service on 127.0.0.1, from now until end(). `visits` grows meanwhile."""

    def __init__(self, daemon, service, rate):
        self.visits = []
        self._packet = question(in_zone(service), "SRV").to_wire()
        self._rate = rate
        self._over = threading.Event()
        self._fault = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(10)
        self._socket.connect(daemon.address)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait(self, seconds):
        """Hands back the visits of that time."""
        before = len(self.visits)
        time.sleep(seconds)
        return self.visits[before:]

    def end(self):
        """Hands back all visits. Every question was answered."""
        self._over.set()
        self._thread.join()
        self._socket.close()
        if self._fault is not None:
            raise self._fault
        return self.visits

    def _run(self):
        began = time.monotonic()
        try:
            while not self._over.wait(max(0, began + len(self.visits) / self._rate - time.monotonic())):
                self.visits.append(self._visit())
        except Exception as fault:  # the test's thread shall see it
            self._fault = fault

    def _visit(self):
        asked = time.monotonic()
        self._socket.send(self._packet)
        reply = dns.message.from_wire(self._socket.recv(65535))
        answered = time.monotonic()
        found = [record for rrset in reply.answer for record in rrset]
        return Visit(asked, answered, {record.port: record.weight for record in found}, found[0].port, _connects(found[0].port))


def _connects(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False
