"""forwarding.md, Listening: EDNS, sizes, cookies."""
import dns.edns
import dns.message
import pytest

from support.ask import ask, ask_edns, ede, endpoints, has, in_zone, option, question, rcode, send
from support.scripted_upstream import ScriptedUpstream, address_answer, answer
from support.zone_catalog import ZONE_CATALOG

COOKIE, KEEPALIVE, NSID, PADDING = 10, 11, 3, 12
CLIENT_PART = b"\x01\x23\x45\x67\x89\xab\xcd\xef"


@pytest.fixture(scope="module")
def elsewhere():
    def large(asked):
        texts = [f"{asked.name} 60 IN A 192.0.2.{n}" for n in range(1, 201)]
        if asked.name.startswith("large"):
            return answer(asked, texts[0], flags=["TC"]) if asked.transport == "udp" else answer(asked, *texts)
        return address_answer(asked)

    one = ScriptedUpstream(large)
    yield one
    one.close()


@pytest.fixture(scope="module")
def daemon(shared_start, tmp_path_factory, elsewhere):
    path = tmp_path_factory.mktemp("catalog") / "services.toml"
    path.write_text(ZONE_CATALOG)
    return shared_start(catalog=[{"type": "file", "path": str(path)}], forward={"upstreams": [elsewhere.text]})


NAMES = [("time", "SRV"), ("time", "AAAA"), ("nosuch", "A"), ("web.example.", "A"), ("localhost.", "A")]


@pytest.mark.parametrize("name, rdtype", NAMES)
@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_opt_is_in_the_reply_if_and_only_if_in_the_query(daemon, name, rdtype, tcp):
    assert ask(daemon, name, rdtype, tcp=tcp).edns == -1
    assert ask_edns(daemon, name, rdtype, tcp=tcp).edns == 0


@pytest.mark.parametrize("name, rdtype", NAMES)
def test_the_reply_says_our_own_size(daemon, name, rdtype):
    assert ask_edns(daemon, name, rdtype, payload=4096).payload == 1232


@pytest.mark.parametrize("size, most", [(0, 512), (511, 512), (512, 512), (900, 900), (1232, 1232), (4096, 1232), (65535, 1232)])
@pytest.mark.parametrize("name, rdtype", [("crowd", "SRV"), ("large.example.", "A")])
def test_an_answer_over_udp_fits_the_client_and_1232(daemon, name, rdtype, size, most):
    import socket

    query = question(in_zone(name), rdtype, edns=0, payload=size)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.connect(daemon.address)
        client.send(query.to_wire())
        packet = client.recv(65535)
    assert len(packet) <= most
    reply = dns.message.from_wire(packet)
    assert has(reply, "TC") and reply.edns == 0


@pytest.mark.parametrize("name, rdtype, count", [("crowd", "SRV", 200), ("large.example.", "A", 200)])
def test_without_edns_an_answer_over_udp_has_at_most_512(daemon, name, rdtype, count):
    from support.ask import send_bytes

    packet = send_bytes(daemon.address, question(in_zone(name), rdtype).to_wire(), timeout=5)
    assert len(packet) <= 512
    reply = dns.message.from_wire(packet)
    assert has(reply, "TC")
    whole = ask(daemon, name, rdtype, tcp=True)
    assert not has(whole, "TC")
    assert sum(len(rrset) for rrset in whole.answer) == count


def test_unknown_options_are_ignored(daemon):
    strange = [dns.edns.GenericOption(65001, b"anything"), dns.edns.GenericOption(4242, b"")]
    reply = ask(daemon, "time", "SRV", options=strange)
    assert len(endpoints(reply)) == 2
    assert option(reply, 65001) is None


def test_unknown_edns_flags_are_ignored(daemon):
    query = question(in_zone("time"), "SRV", edns=0)
    query.ednsflags |= 0x4000
    reply = send(daemon.address, query)
    assert len(endpoints(reply)) == 2 and not reply.ednsflags & 0x4000


def test_extended_errors_are_only_for_clients_with_edns(daemon):
    assert ede(ask_edns(daemon, "allsick", "A")) == [0]
    assert ask(daemon, "allsick", "A").edns == -1


# --- cookies ---


def with_cookie(daemon, data, name="time", rdtype="SRV", **how):
    return ask(daemon, name, rdtype, options=[dns.edns.GenericOption(COOKIE, data)], **how)


@pytest.mark.parametrize("name, rdtype", NAMES)
def test_a_client_cookie_gets_a_server_cookie(daemon, name, rdtype):
    cookie = option(with_cookie(daemon, CLIENT_PART, name, rdtype), COOKIE)
    assert cookie[:8] == CLIENT_PART
    assert len(cookie) == 24 and cookie[8] == 1, "RFC 9018: version 1, 16 bytes"


def test_a_full_cookie_is_answered_with_a_cookie(daemon):
    full = option(with_cookie(daemon, CLIENT_PART), COOKIE)
    reply = with_cookie(daemon, full)
    assert rcode(reply) == "NOERROR" and len(endpoints(reply)) == 2
    assert option(reply, COOKIE)[:8] == CLIENT_PART and len(option(reply, COOKIE)) == 24


def test_server_cookies_differ_by_client(daemon):
    here = option(with_cookie(daemon, CLIENT_PART, source="127.0.0.1"), COOKIE)
    there = option(with_cookie(daemon, CLIENT_PART, source="127.0.0.2"), COOKIE)
    other = option(with_cookie(daemon, CLIENT_PART[::-1], source="127.0.0.1"), COOKIE)
    assert len({here[16:], there[16:], other[16:]}) == 3


def test_a_server_cookie_that_is_not_ours_is_replaced(daemon):
    reply = with_cookie(daemon, CLIENT_PART + b"\xee" * 16)
    assert rcode(reply) in ("NOERROR", "BADCOOKIE")
    assert option(reply, COOKIE)[8:] != b"\xee" * 16


@pytest.mark.hostile
@pytest.mark.parametrize("size", [0, 1, 7, 9, 15, 41, 200])
def test_a_cookie_of_a_bad_length_is_formerr(daemon, size):
    assert rcode(with_cookie(daemon, b"x" * size)) == "FORMERR"


@pytest.mark.parametrize("size", [8, 16, 40])
def test_a_cookie_of_a_good_length_is_answered(daemon, size):
    assert rcode(with_cookie(daemon, b"x" * size)) in ("NOERROR", "BADCOOKIE")


def test_no_cookie_no_cookie_back(daemon):
    assert option(ask_edns(daemon, "time", "SRV"), COOKIE) is None


def test_a_clients_cookie_does_not_travel(daemon, elsewhere):
    with_cookie(daemon, CLIENT_PART, "cookie.example.", "A")
    (asked,) = elsewhere.asked("cookie.example.")
    assert all(one.to_wire()[:8] != CLIENT_PART for one in asked.message.options if int(one.otype) == COOKIE)
