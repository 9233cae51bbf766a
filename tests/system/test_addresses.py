"""forwarding.md, Listening: every address, both families, replies from the address asked, and who may ask."""
import socket

import pytest

from support.ask import (ZONE, ask, ask_edns, ask_many, ede, endpoints, family, in_zone, question, rcode, send, values)
from support.scripted_upstream import ScriptedUpstream, address_answer
from support.zone_catalog import ZONE_CATALOG


@pytest.fixture(scope="module")
def elsewhere():
    one = ScriptedUpstream(address_answer)
    yield one
    one.close()


@pytest.fixture
def serve(start, catalog_file, elsewhere):
    def start_with(addresses, **listen):
        path = catalog_file(ZONE_CATALOG)
        return start(catalog=[{"type": "file", "path": str(path)}], forward={"upstreams": [elsewhere.text]},
                     listen={"addresses": addresses, **listen})

    return start_with


def assert_answers(address):
    for tcp in (False, True):
        assert len(endpoints(send(address, question(in_zone("time"), "SRV"), tcp=tcp))) == 2
        assert values(send(address, question("web.example."), tcp=tcp), "A") == ["192.0.2.1"]


def test_udp_and_tcp_have_one_port(serve):
    daemon = serve(["127.0.0.1:0", "[::1]:0"])
    assert daemon.udp == daemon.tcp


def test_it_listens_on_ipv6(serve):
    daemon = serve(["[::1]:0"])
    assert daemon.udp[0][0] == "::1"
    assert_answers(daemon.udp[0])


def test_it_listens_on_several_addresses(serve):
    daemon = serve(["127.0.0.1:0", "[::1]:0", "127.0.0.3:0"])
    assert [host for host, _ in daemon.udp] == ["127.0.0.1", "::1", "127.0.0.3"]
    for address in daemon.udp:
        assert_answers(address)


@pytest.mark.parametrize("wildcard, asked", [("0.0.0.0:0", ["127.0.0.1", "127.0.0.2", "127.9.8.7"]), ("[::]:0", ["::1"])])
def test_a_wildcard_replies_from_the_address_that_was_asked(serve, wildcard, asked):
    daemon = serve([wildcard])
    for host in asked:
        # dnspython and connected sockets take a reply from that address only.
        assert_answers((host, daemon.port))
        with socket.socket(family(host), socket.SOCK_DGRAM) as client:
            client.settimeout(5)
            client.sendto(question(in_zone("time"), "SRV").to_wire(), (host, daemon.port))
            assert client.recvfrom(4096)[1][:2] == (host, daemon.port)


def test_several_workers_answer_all(serve):
    daemon = serve(["127.0.0.1:0", "[::1]:0"], workers=4)
    for address in daemon.udp:
        assert all(len(endpoints(reply)) == 2 for reply in ask_many(address, ["time"] * 200, "SRV", workers=20))
        replies = ask_many(address, [f"n{n}.example." for n in range(100)], "A", workers=20)
        assert all(values(reply, "A") == ["192.0.2.1"] for reply in replies)
        assert all(len(endpoints(reply)) == 2 for reply in ask_many(address, ["time"] * 60, "SRV", workers=20, tcp=True))


def test_auto_is_a_number_of_workers(serve):
    daemon = serve(["127.0.0.1:0"], workers="auto")
    assert all(len(endpoints(reply)) == 2 for reply in ask_many(daemon, ["time"] * 50, "SRV"))


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize("name, rdtype", [("time", "SRV"), ("web.example.", "A"), ("localhost.", "A")])
def test_who_is_not_allowed_is_refused_with_18(serve, tcp, name, rdtype):
    daemon = serve(["0.0.0.0:0"], allow=["127.0.0.2/32"])
    refused = ask_edns(("127.0.0.1", daemon.port), name, rdtype, tcp=tcp, source="127.0.0.1")
    assert rcode(refused) == "REFUSED" and ede(refused) == [18] and not refused.answer
    assert rcode(ask(("127.0.0.1", daemon.port), name, rdtype, tcp=tcp, source="127.0.0.2")) == "NOERROR"


def test_an_ipv6_client_is_judged_too(serve):
    daemon = serve(["[::1]:0"], allow=["127.0.0.0/8"])
    assert rcode(ask(daemon, "time", "SRV")) == "REFUSED"
    assert rcode(ask(serve(["[::1]:0"], allow=["::1"]), "time", "SRV")) == "NOERROR"


# --- recursion and special names ---


@pytest.fixture
def daemon(serve):
    return serve(["127.0.0.1:0"])


def test_without_rd_a_name_elsewhere_is_refused_until_it_is_in_the_cache(daemon, elsewhere):
    before = len(elsewhere.asked())
    assert rcode(ask(daemon, "norec.example.", "A", flags=0)) == "REFUSED"
    assert len(elsewhere.asked()) == before
    ask(daemon, "norec.example.", "A")
    reply = ask(daemon, "norec.example.", "A", flags=0)
    assert values(reply, "A") == ["192.0.2.1"]
    assert len(elsewhere.asked()) == before + 1


@pytest.mark.parametrize("name", ["localhost.", "a.localhost.", "LOCALHOST."])
def test_localhost_is_answered_here(daemon, elsewhere, name):
    before = len(elsewhere.asked())
    assert values(ask(daemon, name, "A"), "A") == ["127.0.0.1"]
    assert values(ask(daemon, name, "AAAA"), "AAAA") == ["::1"]
    other = ask(daemon, name, "MX")
    assert rcode(other) == "NOERROR" and not other.answer
    assert len(elsewhere.asked()) == before


@pytest.mark.parametrize("name", ["invalid.", "a.invalid.", "example.onion.", "a.b.alt.", "x.ONION."])
@pytest.mark.parametrize("rdtype", ["A", "AAAA", "MX"])
def test_names_that_never_leave_the_machine_are_nxdomain(daemon, elsewhere, name, rdtype):
    before = len(elsewhere.asked())
    assert rcode(ask(daemon, name, rdtype)) == "NXDOMAIN"
    assert len(elsewhere.asked()) == before


def test_the_zone_never_leaves_the_machine(daemon, elsewhere):
    before = len(elsewhere.asked())
    for name in ("time", "nosuch", ZONE):
        ask(daemon, name, "TYPE65280")
    assert len(elsewhere.asked()) == before


@pytest.mark.parametrize("name", ["ip-10-5-10-74.us-west-2.compute.internal.", "internal.", "xservicediscovery.internal."])
def test_other_internal_names_are_forwarded(daemon, elsewhere, name):
    ask(daemon, name, "A")
    assert len(elsewhere.asked(name)) == 1
