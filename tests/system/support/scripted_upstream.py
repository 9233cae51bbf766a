"""An upstream DNS server that does what a test's script says, over UDP and TCP on one port, and records what it was asked."""
import socket
import struct
import threading
import time

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

LOOP_PROBE = "signpost-loop.test."  # the daemon's own probes (forwarding.md, Loops) are no client's question


class Asked:
    """One query that arrived."""

    def __init__(self, message, transport, client, when):
        self.message = message
        self.transport = transport  # "udp" or "tcp"
        self.client = client  # (host, port)
        self.when = when
        self.spelled = message.question[0].name.to_text()  # in mixed case (0x20), which the reply must echo
        self.name = self.spelled.lower()
        self.rdtype = message.question[0].rdtype


class ScriptedUpstream:
    """`script(asked)` returns bytes, a message, a list of either, or None for silence. It may sleep: each query has
    a thread of its own."""

    def __init__(self, script, host="127.0.0.1", port=0):
        self.script = script
        self._lock = threading.Lock()
        self._asked = []
        self._open = True
        self.udp, self.tcp = _two_sockets(host, port)
        self.address = self.udp.getsockname()[:2]
        self._threads = [threading.Thread(target=serve, daemon=True) for serve in (self._serve_udp, self._serve_tcp)]
        for thread in self._threads:
            thread.start()

    @property
    def text(self):
        """As the daemon's configuration writes it."""
        host, port = self.address
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def asked(self, name=None, transport=None):
        """What clients' questions made the daemon ask, oldest first. Names are compared without case."""
        with self._lock:
            everything = list(self._asked)
        return [one for one in everything
                if not one.name.lower().endswith(LOOP_PROBE)
                and (name is None or one.name.lower() == name.lower())
                and (transport is None or one.transport == transport)]

    def close(self):
        self._open = False
        for one, thread in zip((self.udp, self.tcp), self._threads):
            wake_and_close(one, thread)

    def _serve_udp(self):
        while self._open:
            try:
                packet, client = self.udp.recvfrom(65535)
            except OSError:
                return
            if not packet:  # shutdown() has woken us
                continue
            threading.Thread(target=self._answer_udp, args=(packet, client), daemon=True).start()

    def _answer_udp(self, packet, client):
        for reply in self._replies(packet, "udp", client):
            try:
                self.udp.sendto(reply, client)
            except OSError:
                return

    def _serve_tcp(self):
        while self._open:
            try:
                connection, client = self.tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_connection, args=(connection, client), daemon=True).start()

    def _serve_connection(self, connection, client):
        with connection:
            stream = connection.makefile("rb")
            while len(length := stream.read(2)) == 2:
                packet = stream.read(struct.unpack("!H", length)[0])
                for reply in self._replies(packet, "tcp", client):
                    try:
                        connection.sendall(struct.pack("!H", len(reply)) + reply)
                    except OSError:
                        return

    def _replies(self, packet, transport, client):
        asked = Asked(dns.message.from_wire(packet), transport, client, time.monotonic())
        with self._lock:
            self._asked.append(asked)
        if asked.name.endswith(LOOP_PROBE):
            return [dns.message.make_response(asked.message).to_wire()]
        replies = self.script(asked)
        if replies is None:
            return []
        replies = replies if isinstance(replies, list) else [replies]
        return [one if isinstance(one, bytes) else one.to_wire(max_size=65535) for one in replies]


def wake_and_close(one, thread):
    """Ends the thread that waits in a socket before the socket's number can become another's."""
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # not connected; it wakes the thread nevertheless
    thread.join(2)
    one.close()


def _two_sockets(host, port):
    """A UDP and a TCP socket on one port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for _ in range(50):
        udp = socket.socket(family, socket.SOCK_DGRAM)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        tcp = socket.socket(family, socket.SOCK_STREAM)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            udp.bind((host, port))
            tcp.bind((host, udp.getsockname()[1]))
            tcp.listen(64)
            return udp, tcp
        except OSError:
            udp.close()
            tcp.close()
            if port:
                raise
    raise OSError("no port is free for both UDP and TCP")


# --- what scripts say ---


def answer(asked, *texts, rcode="NOERROR", flags=(), authority=(), edns=True):
    """A reply with records as zone text: `web.example. 60 IN A 192.0.2.1`."""
    reply = dns.message.make_response(asked.message, recursion_available=True)
    reply.set_rcode(dns.rcode.from_text(rcode))
    reply.answer = [_record(text) for text in texts]
    reply.authority = [_record(text) for text in authority]
    for flag in flags:
        reply.flags |= dns.flags.from_text(flag)
    if not edns:
        reply.use_edns(False)
    return reply


def address_answer(asked, ttl=60, value="192.0.2.1", **how):
    """An A record with the question's name, whatever that is; NODATA for other types."""
    if asked.rdtype != dns.rdatatype.A:
        return answer(asked, authority=[SOA_TEXT], **how)
    return answer(asked, f"{asked.name} {ttl} IN A {value}", **how)


SOA_TEXT = "example. 60 IN SOA ns.example. admin.example. 1 3600 600 86400 30"


def always(*texts, **how):
    """A script that says the same to everybody."""
    return lambda asked: answer(asked, *texts, **how)


def silence(_asked):
    return None


def _record(text):
    name, ttl, rdclass, rdtype, *rdata = text.split(None, 4)
    return dns.rrset.from_text(name, int(ttl), rdclass, rdtype, *rdata)
