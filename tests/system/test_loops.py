"""forwarding.md, Loops: an upstream that leads back to the daemon is found, set aside, and comes back."""
import re
import signal
import socket
import time
from collections import Counter

from support.ask import ask, ask_many, rcode, values
from support.daemon import wait_until
from support.scripted_upstream import address_answer

GOOD = "192.0.2.1"
SET_ASIDE = r"upstream {} leads back to this daemon"
BACK = r"upstream {} no longer leads back"
CATALOG = '[[service]]\nname = "time"\ninstance = [{ host = "10.0.1.7", port = 8081 }]\n'


def cpu_seconds(daemon):
    fields = open(f"/proc/{daemon.pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def tries(daemon):
    """How often it has asked upstream for somebody, from its dump."""
    before = len(re.findall(r"\d+ queries, \d+ tries", daemon.log()))
    daemon.send_signal(signal.SIGUSR1)
    found = wait_until(lambda: re.findall(r"\d+ queries, (\d+) tries", daemon.log())[before:], 5, daemon.log)
    return int(found[-1])


def test_two_daemons_that_forward_to_each_other(start, upstream, tmp_path):
    good = upstream(address_answer)
    path = tmp_path / "services.toml"
    path.write_text(CATALOG)
    other = start()
    here = start(forward={"upstreams": ["%s:%d" % other.address, good.text], "policy": "sequential"},
                 catalog=[{"type": "file", "path": str(path)}])
    other.reconfigure(forward={"upstreams": ["%s:%d" % here.address]})
    looping = re.escape("%s:%d" % here.address)
    other.wait_for_log(SET_ASIDE.format(looping))  # it probes them at once; that breaks the ring for both

    before = tries(other)

    began, used = time.monotonic(), cpu_seconds(here) + cpu_seconds(other)
    for reply in ask_many(here, [f"n{n}.example." for n in range(200)], "A"):
        assert values(reply, "A") == [GOOD]
    assert time.monotonic() - began < 5
    time.sleep(1)
    assert cpu_seconds(here) + cpu_seconds(other) - used < 2
    asked = Counter(one.name for one in good.asked())
    assert len(asked) == 200 and max(asked.values()) <= 3, "a slow answer is asked for again, no more"
    assert tries(here) <= 800 and tries(other) == before, "nothing goes round"
    assert values(ask(here, "time.servicediscovery.internal.", "A"), "A") == ["10.0.1.7"]
    assert len(re.findall(SET_ASIDE.format(looping), other.log())) == 1, "said once"

    here.reconfigure(forward={"upstreams": [good.text]}, catalog=[{"type": "file", "path": str(path)}])
    here.wait_for_log("reloaded")
    other.send_signal(signal.SIGHUP)  # which probes at once; else it is every minute
    other.wait_for_log(BACK.format(looping))
    assert values(ask(other, "after.example.", "A"), "A") == [GOOD]
    assert tries(other) == before + 1


def test_a_daemon_that_is_its_own_upstream(start):
    """By a second address of its own, as NAT or a host name of its own would lead to it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("0.0.0.0", 0))
        port = one.getsockname()[1]
    daemon = start(listen={"addresses": [f"0.0.0.0:{port}"]}, forward={"upstreams": [f"127.0.0.2:{port}"]})
    daemon.wait_for_log(SET_ASIDE.format(re.escape(f"127.0.0.2:{port}")))
    used, began = cpu_seconds(daemon), time.monotonic()
    for n in range(50):
        assert rcode(ask(("127.0.0.1", port), f"n{n}.example.", "A")) == "SERVFAIL"
    assert time.monotonic() - began < 2, "nobody waits for a loop"
    assert cpu_seconds(daemon) - used < 1
    assert rcode(ask(("127.0.0.1", port), "nosuch.servicediscovery.internal.", "A")) == "NXDOMAIN"


def test_with_several_workers_it_is_said_once(start):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("0.0.0.0", 0))
        port = one.getsockname()[1]
    daemon = start(listen={"addresses": [f"0.0.0.0:{port}"], "workers": 3},
                   forward={"upstreams": [f"127.0.0.2:{port}"]})
    pattern = SET_ASIDE.format(re.escape(f"127.0.0.2:{port}"))
    daemon.wait_for_log(pattern)
    for n in range(50):
        assert rcode(ask(("127.0.0.1", port), f"n{n}.example.", "A")) == "SERVFAIL"
    assert len(re.findall(pattern, daemon.log())) == 1
