"""forwarding.md, Listening; RFC 8906: each broken packet gets FORMERR, NOTIMP, REFUSED, BADVERS or silence, and the
daemon goes on."""
import random
import struct
from concurrent.futures import ThreadPoolExecutor

import dns.message
import pytest

from support.ask import TcpClient, ask, framed, question, rcode, send_bytes, values, in_zone
from support.catalog_text import service, toml_catalog
from support.scripted_upstream import ScriptedUpstream, address_answer

pytestmark = pytest.mark.hostile

ID = 0x1234
FORMERR, NOTIMP, REFUSED, BADVERS = 1, 4, 5, 16


def header(opcode=0, flags=0x0100, counts=(1, 0, 0, 0)):
    return struct.pack("!HHHHHH", ID, flags | opcode << 11, *counts)


def name(*labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


ASKED = name(b"time", b"servicediscovery", b"internal")
A_IN = struct.pack("!HH", 1, 1)


def opt(rdata=b"", owner=b"\0", version=0, size=1232, length=None):
    length = len(rdata) if length is None else length
    return owner + struct.pack("!HHBBHH", 41, size, 0, version, 0, length) + rdata


def option(code, data, length=None):
    return struct.pack("!HH", code, len(data) if length is None else length) + data


@pytest.fixture(scope="module")
def daemon(shared_start, tmp_path_factory):
    path = tmp_path_factory.mktemp("catalog") / "services.toml"
    path.write_text(toml_catalog(service("time", ["10.0.0.1:80"])))
    elsewhere = ScriptedUpstream(address_answer)
    yield shared_start(catalog=[{"type": "file", "path": str(path)}], forward={"upstreams": [elsewhere.text]})
    elsewhere.close()


@pytest.fixture(autouse=True)
def still_answers(daemon):
    yield
    assert values(ask(daemon, "time", "A"), "A") == ["10.0.0.1"]
    assert values(ask(daemon, "time", "A", tcp=True), "A") == ["10.0.0.1"]


def said(reply):
    """(rcode with EDNS's upper bits, the reply's flags, opcode); checks what every reply must have."""
    assert reply is not None, "silence"
    got_id, flags, _, _, _, _ = struct.unpack("!HHHHHH", reply[:12])
    assert got_id == ID and flags & 0x8000
    return dns.message.from_wire(reply, ignore_trailing=False).rcode() if len(reply) > 12 else flags & 15


@pytest.mark.parametrize("packet", [b"", b"\0", header()[:11]], ids=["empty", "one byte", "eleven bytes"])
def test_too_short_for_a_header_is_silence(daemon, packet):
    assert send_bytes(daemon.address, packet) is None


@pytest.mark.parametrize("packet", [
    header(flags=0x8180) + ASKED + A_IN, header(flags=0x8000, counts=(0, 0, 0, 0)), header(opcode=5, flags=0x8000),
], ids=["an answer", "a bare header", "an update's answer"])
def test_a_response_is_silence(daemon, packet):
    assert send_bytes(daemon.address, packet) is None


BROKEN = {
    "no question": header(counts=(0, 0, 0, 0)),
    "question missing": header(),
    "two questions": header(counts=(2, 0, 0, 0)) + (ASKED + A_IN) * 2,
    "65535 questions": header(counts=(65535, 0, 0, 0)) + ASKED + A_IN,
    "name cut": header() + ASKED[:9],
    "name without end": header() + ASKED[:-1],
    "type cut": header() + ASKED + b"\0",
    "class cut": header() + ASKED + A_IN[:3],
    "label past the end": header() + b"\x3fabc",
    "pointer to itself": header() + b"\xc0\x0c" + A_IN,
    "pointer forward": header() + b"\xc0\x20" + A_IN + b"\0" * 20,
    "pointer cut": header() + b"\xc0",
    "pointer into the header": header() + b"\x01a\xc0\x00" + A_IN,
    "two pointers in a ring": header() + b"\x01a\xc0\x10\xc0\x0c" + A_IN,
    "label type 01": header() + b"\x41" + b"a" * 65 + b"\0" + A_IN,
    "label type 10": header() + b"\x81abc\0" + A_IN,
    "name of 256 bytes": header() + (b"\x3f" + b"a" * 63) * 3 + b"\x3f" + b"a" * 63 + b"\0" + A_IN,
    "name of 400 labels": header() + b"\x01a" * 400 + b"\0" + A_IN,
    "additional missing": header(counts=(1, 0, 0, 1)) + ASKED + A_IN,
    "two OPTs": header(counts=(1, 0, 0, 2)) + ASKED + A_IN + opt() * 2,
    "OPT with a name": header(counts=(1, 0, 0, 1)) + ASKED + A_IN + opt(owner=b"\x01a\0"),
    "OPT longer than the packet": header(counts=(1, 0, 0, 1)) + ASKED + A_IN + opt(length=9),
    "OPT cut": header(counts=(1, 0, 0, 1)) + ASKED + A_IN + opt()[:8],
    "option longer than OPT": header(counts=(1, 0, 0, 1)) + ASKED + A_IN + opt(option(3, b"ab", length=30)),
    "option cut": header(counts=(1, 0, 0, 1)) + ASKED + A_IN + opt(b"\0\3\0"),
    "cookie of 7 bytes": header(counts=(1, 0, 0, 1)) + ASKED + A_IN + opt(option(10, b"a" * 7)),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_over_udp_is_formerr(daemon, kind):
    assert said(send_bytes(daemon.address, BROKEN[kind], timeout=2)) == FORMERR


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_over_tcp_is_formerr(daemon, kind):
    with TcpClient(daemon.tcp[0]) as client:
        client.socket.sendall(framed(BROKEN[kind]))
        reply = client.receive()
        assert reply is not None and reply.id == ID and reply.rcode() == FORMERR


def test_a_broken_query_with_opt_is_answered_with_opt_or_without(daemon):
    """RFC 6891, 7: FORMERR to a broken OPT need not have one; the reply must be readable."""
    reply = dns.message.from_wire(send_bytes(daemon.address, BROKEN["two OPTs"], timeout=2))
    assert reply.rcode() == FORMERR and not reply.answer


@pytest.mark.parametrize("opcode", [1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
def test_an_opcode_nobody_speaks_is_notimp_and_echoed(daemon, opcode):
    reply = send_bytes(daemon.address, header(opcode) + ASKED + A_IN, timeout=2)
    assert said(reply) == NOTIMP
    assert reply[2] >> 3 & 15 == opcode


@pytest.mark.parametrize("opcode", [4, 5], ids=["NOTIFY", "UPDATE"])
def test_notify_and_update_are_refused_or_notimp(daemon, opcode):
    packet = header(opcode) + ASKED + struct.pack("!HH", 6, 1)
    assert said(send_bytes(daemon.address, packet, timeout=2)) in (REFUSED, NOTIMP)


def test_an_opcode_without_a_question_gets_a_reply(daemon):
    for opcode in (1, 2, 4, 5, 6):
        assert said(send_bytes(daemon.address, header(opcode, counts=(0, 0, 0, 0)), timeout=2)) in (NOTIMP, REFUSED, FORMERR)


@pytest.mark.parametrize("rdtype", ["AXFR", "IXFR"])
@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize("asked", ["servicediscovery.internal.", "time", "example."])
def test_transfers_are_refused_or_notimp(daemon, rdtype, tcp, asked):
    assert rcode(ask(daemon, asked, rdtype, tcp=tcp)) in ("REFUSED", "NOTIMP")


@pytest.mark.parametrize("version", [1, 2, 255])
def test_a_later_edns_version_is_badvers(daemon, version):
    reply = dns.message.from_wire(
        send_bytes(daemon.address, header(counts=(1, 0, 0, 1)) + ASKED + A_IN + opt(version=version), timeout=2))
    assert reply.rcode() == BADVERS and reply.edns == 0 and not reply.answer


@pytest.mark.parametrize("rdtype", [0, 41, 249, 250, 253, 254, 128, 65535])
def test_odd_types_get_a_reply(daemon, rdtype):
    packet = header() + ASKED + struct.pack("!HH", rdtype, 1)
    assert said(send_bytes(daemon.address, packet, timeout=2)) in (0, FORMERR, NOTIMP, REFUSED)


@pytest.mark.parametrize("rdclass", [0, 2, 4, 254, 255, 65535])
@pytest.mark.parametrize("asked", [ASKED, name(b"web", b"example")], ids=["zone", "elsewhere"])
def test_other_classes_are_refused(daemon, rdclass, asked):
    packet = header() + asked + struct.pack("!HH", 1, rdclass)
    assert said(send_bytes(daemon.address, packet, timeout=2)) == REFUSED


@pytest.mark.parametrize("tail", [b"\0", b"trailing bytes", b"\xff" * 400])
def test_bytes_after_the_message_get_a_reply(daemon, tail):
    assert said(send_bytes(daemon.address, header() + ASKED + A_IN + tail, timeout=2)) in (0, FORMERR)


def test_records_in_a_query_get_a_reply(daemon):
    record = ASKED + struct.pack("!HHIH", 1, 1, 60, 4) + b"\x01\x02\x03\x04"
    for counts in ((1, 1, 0, 0), (1, 0, 1, 0), (1, 0, 0, 1)):
        assert said(send_bytes(daemon.address, header(counts=counts) + ASKED + A_IN + record, timeout=2)) in (0, FORMERR)


def test_the_root_and_a_name_of_255_bytes_are_fine(daemon):
    longest = (b"\x3f" + b"a" * 63) * 3 + b"\x3d" + b"a" * 61 + b"\0"
    assert len(longest) == 255
    assert said(send_bytes(daemon.address, header() + longest + A_IN, timeout=3)) == 0
    assert said(send_bytes(daemon.address, header() + b"\0" + A_IN, timeout=3)) == 0


def test_a_long_name_under_the_zone_is_answered(daemon):
    label = "a" * 63
    longest = f"{label}.{label}.{label}." + in_zone("b" * (254 - 3 * 64 - len("servicediscovery.internal") - 1 - 1))
    assert rcode(ask(daemon, longest, "SRV")) == "NXDOMAIN"


def test_labels_may_hold_any_byte(daemon):
    for byte in (0, 46, 92, 128, 255):
        packet = header() + name(bytes([byte, 97, byte]), b"servicediscovery", b"internal") + A_IN
        reply = send_bytes(daemon.address, packet, timeout=2)
        assert said(reply) == 3
        assert reply[12:12 + len(packet) - 12] == packet[12:]


def test_random_bytes_over_udp(daemon):
    chance = random.Random(1)
    for _ in range(3000):
        size = chance.choice([chance.randrange(1, 60), chance.randrange(1, 600)])
        send_bytes(daemon.address, chance.randbytes(size), timeout=0.0005)


def test_bent_queries_over_udp(daemon):
    chance = random.Random(2)
    whole = header(counts=(1, 0, 0, 1)) + ASKED + A_IN + opt(option(10, b"12345678"))
    for _ in range(3000):
        bent = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            bent[chance.randrange(len(bent))] = chance.randrange(256)
        bent[2] &= 0x7f
        send_bytes(daemon.address, bytes(bent[:chance.randrange(12, len(bent) + 1)]), timeout=0.0005)


def test_random_bytes_over_tcp(daemon):
    chance = random.Random(3)
    for _ in range(200):
        with TcpClient(daemon.tcp[0]) as client:
            try:
                client.socket.sendall(chance.randbytes(chance.randrange(1, 3000)))
            except OSError:
                pass  # it may hang up on us


@pytest.mark.parametrize("stream", [
    b"\0\0", b"\0\x01a", b"\0\x0b" + header()[:11], b"\xff\xff" + b"a" * 200, b"\0", b"\0\0" * 1000,
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", framed(header(flags=0x8180) + ASKED + A_IN),
], ids=["length 0", "one byte", "eleven bytes", "never whole", "half a length", "many zeros", "http", "a response"])
def test_odd_streams_harm_nobody(daemon, stream):
    with TcpClient(daemon.tcp[0]) as client:
        client.socket.sendall(stream)
        assert values(ask(daemon, "time", "A", tcp=True), "A") == ["10.0.0.1"]


def test_a_client_that_hangs_up_before_its_answer_harms_nobody(daemon):
    query = framed(question(in_zone("time"), "SRV").to_wire())
    for _ in range(100):
        with TcpClient(daemon.tcp[0]) as client:
            client.socket.sendall(query * 20)


def test_upstreams_bent_answers_harm_nobody(start):
    chance = random.Random(4)

    def bent(asked):
        packet = bytearray(address_answer(asked).to_wire())
        for _ in range(chance.randrange(0, 6)):
            packet[chance.randrange(12, len(packet))] = chance.randrange(256)
        return bytes(packet[:chance.randrange(3, len(packet) + 1)])

    elsewhere = ScriptedUpstream(bent)
    try:
        daemon = start(forward={"upstreams": [elsewhere.text]})
        queries = [question(f"n{n}.example.").to_wire() for n in range(200)]
        with ThreadPoolExecutor(100) as pool:
            replies = list(pool.map(lambda query: send_bytes(daemon.address, query, timeout=6), queries))
        for query, reply in zip(queries, replies):
            assert reply is not None and reply[:2] == query[:2], "every one of them was answered"
    finally:
        elsewhere.close()
