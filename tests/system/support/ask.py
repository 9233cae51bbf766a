"""The client: questions over UDP and TCP, and short words for what came back."""
import socket
import struct
from concurrent.futures import ThreadPoolExecutor

import dns.edns
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

from support.daemon import wait_until

ZONE = "servicediscovery.internal."
WAIT = 10  # seconds; more than any budget of the daemon


def question(name, rdtype="A", rdclass="IN", edns=None, payload=1232, options=(), want_dnssec=False, flags=None):
    """A query with RD. EDNS is there when `edns`, an option or DO asks for it."""
    use_edns = edns if edns is not None else (0 if options or want_dnssec else None)
    query = dns.message.make_query(name, rdtype, rdclass, use_edns=False if use_edns is None else use_edns,
                                   want_dnssec=want_dnssec, payload=payload if use_edns is not None else None,
                                   options=list(options) or None)
    if flags is not None:
        query.flags = flags
    return query


def send(address, query, tcp=False, source=None, timeout=WAIT):
    """Sends a dnspython message and returns the reply. A reply to something else is an error."""
    host, port = address
    ask_over = dns.query.tcp if tcp else dns.query.udp
    return ask_over(query, host, timeout=timeout, port=port, source=source)


def ask(daemon, name, rdtype="A", tcp=False, source=None, **how):
    """Asks a running daemon (or any (host, port)). Names without a last dot are in the zone."""
    address = getattr(daemon, "address", daemon)
    return send(address, question(in_zone(name), rdtype, **how), tcp=tcp, source=source)


def ask_edns(daemon, name, rdtype="A", **how):
    return ask(daemon, name, rdtype, edns=0, **how)


def in_zone(name):
    return name if name.endswith(".") else f"{name}.{ZONE}"


def ask_until(daemon, name, rdtype, condition, seconds=2.0, **how):
    """Asks again and again until `condition(reply)`; fails after `seconds`."""
    replies = [None]

    def satisfied():
        replies[0] = ask(daemon, name, rdtype, **how)
        return condition(replies[0])

    wait_until(satisfied, seconds, lambda: f"the last reply was:\n{replies[0]}")
    return replies[0]


def ask_many(daemon, names, rdtype="A", workers=50, **how):
    """Asks all `names` at once and returns the replies in their order."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda name: ask(daemon, name, rdtype, **how), names))


# --- what came back ---


def rcode(reply):
    return dns.rcode.to_text(reply.rcode())


def records(section):
    """Each record as text without its TTL: `name TYPE rdata`. In the order of the section."""
    return [f"{rrset.name.to_text()} {dns.rdatatype.to_text(rrset.rdtype)} {rdata.to_text()}"
            for rrset in section for rdata in rrset]


def values(reply, rdtype):
    """The rdata of that type in ANSWER, as text, in the order of the reply."""
    wanted = dns.rdatatype.from_text(rdtype)
    return [rdata.to_text() for rrset in reply.answer if rrset.rdtype == wanted for rdata in rrset]


def ttls(section):
    return {rrset.ttl for rrset in section}


def endpoints(reply):
    """(target, port) of the SRV records in ANSWER, in order."""
    return [(rdata.target.to_text(), rdata.port) for rrset in reply.answer
            if rrset.rdtype == dns.rdatatype.SRV for rdata in rrset]


def strings(reply):
    """The string lists of the TXT records in ANSWER."""
    return [[part.decode() for part in rdata.strings] for rrset in reply.answer
            if rrset.rdtype == dns.rdatatype.TXT for rdata in rrset]


def has(reply, flag):
    return bool(reply.flags & dns.flags.from_text(flag))


def ede(reply):
    """The codes of the Extended DNS Errors."""
    return [int(option.code) for option in reply.options if option.otype == dns.edns.OptionType.EDE]


def ede_text(reply):
    return " ".join(option.text or "" for option in reply.options if option.otype == dns.edns.OptionType.EDE)


def option(reply, code):
    """The data of the first EDNS option with that code, or None."""
    for found in reply.options:
        if int(found.otype) == code:
            return found.to_wire()
    return None


def soa(reply):
    """The SOA of AUTHORITY and its TTL, or (None, None)."""
    for rrset in reply.authority:
        if rrset.rdtype == dns.rdatatype.SOA:
            return rrset[0], rrset.ttl
    return None, None


def assert_nodata(reply):
    assert rcode(reply) == "NOERROR" and not reply.answer, reply
    assert soa(reply)[0] is not None, reply


def assert_nxdomain(reply):
    assert rcode(reply) == "NXDOMAIN" and not reply.answer, reply
    assert soa(reply)[0] is not None, reply


# --- bytes ---


def family(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def send_bytes(address, packet, timeout=0.3):
    """One datagram as it is; the reply's bytes, or None when nothing comes."""
    with socket.socket(family(address[0]), socket.SOCK_DGRAM) as client:
        client.settimeout(timeout)
        client.connect(address)
        client.send(packet)
        try:
            return client.recv(65535)
        except socket.timeout:
            return None


class TcpClient:
    """One connection, with the framing in the test's hands."""

    def __init__(self, address, timeout=WAIT, source=None):
        self.socket = socket.create_connection(address, timeout, source_address=source)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *queries):
        self.socket.sendall(b"".join(framed(query.to_wire()) for query in queries))

    def receive(self):
        """The next reply, or None when the other side has closed."""
        packet = self.receive_bytes()
        return dns.message.from_wire(packet) if packet else None

    def receive_bytes(self):
        length = self._exactly(2)
        return self._exactly(struct.unpack("!H", length)[0]) if length else b""

    def is_closed(self, seconds):
        """True when the other side closes within `seconds`."""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except socket.timeout:
            return False

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            chunk = self.socket.recv(size - len(data))
            if not chunk:
                return b""
            data += chunk
        return data


def framed(packet):
    return struct.pack("!H", len(packet)) + packet
