"""forwarding.md, Forwarder: upstreams from a resolv.conf file that is watched. Its servers have port 53, so these tests
take addresses of 127/8 that nobody else uses."""
import random

import pytest

from support.ask import ask, ask_until, rcode, values
from support.scripted_upstream import ScriptedUpstream, address_answer


def on_port_53(script):
    """An upstream on port 53 of some loopback address."""
    for _ in range(20):
        host = "127.%d.%d.%d" % (random.randint(64, 250), random.randint(1, 250), random.randint(1, 250))
        try:
            return ScriptedUpstream(script, host=host, port=53)
        except PermissionError:
            pytest.skip("port 53 needs root")
        except OSError:
            continue
    pytest.fail("no loopback address has port 53 free")


@pytest.fixture
def servers():
    running = []

    def start_one(value):
        running.append(on_port_53(lambda asked: address_answer(asked, value=value, ttl=0)))
        return running[-1]

    yield start_one
    for one in running:
        one.close()


def write(path, *servers, more=""):
    beside = path.with_suffix(".new")
    beside.write_text("".join(f"nameserver {server}\n" for server in servers) + more)
    beside.rename(path)


def test_its_servers_are_asked(start, servers, tmp_path):
    one = servers("192.0.2.1")
    path = tmp_path / "resolv.conf"
    write(path, one.address[0], more="# a comment\n; another\nsearch a.example b.example\noptions ndots:5 edns0\nsortlist x\n")
    daemon = start(forward={"upstreams": [], "resolv_conf": str(path)})
    assert values(ask(daemon, "web.example.", "A"), "A") == ["192.0.2.1"]


@pytest.mark.parametrize("in_place", [False, True], ids=["renamed", "in place"])
def test_a_change_is_followed(start, servers, tmp_path, in_place):
    one, two = servers("192.0.2.1"), servers("192.0.2.2")
    path = tmp_path / "resolv.conf"
    write(path, one.address[0])
    daemon = start(forward={"upstreams": [], "resolv_conf": str(path)})
    assert values(ask(daemon, "web.example.", "A"), "A") == ["192.0.2.1"]
    if in_place:
        path.write_text(f"nameserver {two.address[0]}\n")
    else:
        write(path, two.address[0])
    ask_until(daemon, "web.example.", "A", lambda reply: values(reply, "A") == ["192.0.2.2"], seconds=3)


def test_a_file_that_comes_later_is_read(start, servers, tmp_path):
    one = servers("192.0.2.1")
    path = tmp_path / "resolv.conf"
    daemon = start(forward={"upstreams": [], "resolv_conf": str(path)})
    assert rcode(ask(daemon, "web.example.", "A")) == "SERVFAIL"
    write(path, one.address[0])
    ask_until(daemon, "other.example.", "A", lambda reply: values(reply, "A") == ["192.0.2.1"], seconds=5)


def test_own_addresses_are_left_out(start, servers, tmp_path):
    """The daemon is the nameserver of the very file that it reads: it must not ask itself."""
    other = servers("192.0.2.1")
    probe = on_port_53(address_answer)
    own = probe.address[0]
    probe.close()
    path = tmp_path / "resolv.conf"
    write(path, own, other.address[0])
    daemon = start(listen={"addresses": [f"{own}:53"]}, forward={"upstreams": [], "resolv_conf": str(path), "policy": "sequential"})
    for number in range(5):
        assert values(ask(daemon, f"n{number}.example.", "A"), "A") == ["192.0.2.1"]
    assert {one.name.lower() for one in other.asked()} == {f"n{n}.example." for n in range(5)}


def test_only_own_addresses_is_servfail_and_no_loop(start, tmp_path):
    probe = on_port_53(address_answer)
    own = probe.address[0]
    probe.close()
    path = tmp_path / "resolv.conf"
    write(path, own)
    daemon = start(listen={"addresses": [f"{own}:53"]}, forward={"upstreams": [], "resolv_conf": str(path)})
    assert rcode(ask(daemon, "web.example.", "A")) == "SERVFAIL"
