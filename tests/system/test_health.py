"""Health as clients see it: probes of real servers that die, hang, flap, refuse, reset and come back (zone.md, Health)."""
import signal
import time

import pytest

from support.ask import ask, ask_edns, ask_until, ede, ede_text, endpoints, strings
from support.catalog_text import instance, service, toml_catalog
from support.daemon import wait_until
from support.instances import OK, Instance, status

QUICK = {"type": "tcp", "interval": "200ms", "timeout": "300ms", "rise": 2, "fall": 2, "on_demand": False}


@pytest.fixture
def instances():
    """instances(n) starts n servers."""
    started = []

    def begin(count, how=OK):
        new = [Instance(how) for _ in range(count)]
        started.extend(new)
        return new

    yield begin
    for one in started:
        one.close()


@pytest.fixture
def serve(start, catalog_file):
    """serve(servers, probe keys, health=keys) starts a daemon whose service `web` they are."""

    def begin(servers, probe=None, health=None, more=(), **keys):
        text = toml_catalog(service("web", [instance(one.address, **keys) for one in servers]), *more)
        path = catalog_file(text)
        sections = {"slow_start": "off", **(health or {})}
        if probe is not None:
            sections["probe"] = [{**QUICK, **probe}]
        daemon = start(catalog=[{"type": "file", "path": str(path)}], health=sections)
        daemon.catalog_path = path
        return daemon

    return begin


def ports(reply):
    return {port for _, port in endpoints(reply)}


def settles(daemon, servers, seconds=5):
    """The service comes down, or up, to these."""
    wanted = {one.port for one in servers}
    return ask_until(daemon, "web", "SRV", lambda reply: ports(reply) == wanted, seconds, edns=0)


def explained(daemon, port):
    texts = ["".join(parts) for parts in strings(ask(daemon, "_explain.web", "TXT", tcp=True))]
    return next(text for text in texts if f":{port} " in text)


# --- who is out ---

@pytest.mark.parametrize("kind", ["tcp", "http"])
def test_of_ten_three_that_refuse_are_removed(instances, serve, kind):
    servers = instances(10)
    daemon = serve(servers, {"type": kind})
    for dead in servers[:3]:
        dead.refuse()
    reply = settles(daemon, servers[3:])
    assert ede(reply) == []
    assert explained(daemon, servers[0].port).partition(": ")[2].startswith('probe failed')
    assert 'last "connect: refused"' in explained(daemon, servers[0].port)


def test_of_ten_three_that_are_slow_but_alive_stay(instances, serve):
    servers = instances(10)
    for slow in servers[:3]:
        slow.delay = 0.15
    daemon = serve(servers, {"type": "http"})
    wait_until(lambda: all(len(one.requests) >= 5 for one in servers), 10)
    assert ports(ask_edns(daemon, "web", "SRV")) == {one.port for one in servers}


FAULTS = {
    "hangs": ("hang", "GET /health: timed out"),
    "resets": ("reset", "GET /health: reset"),
    "trickles headers for ever": ("trickle", "GET /health: timed out"),
    "says 500": (status(500), "GET /health: status 500"),
    "says 404": (status(404), "GET /health: status 404"),
    "redirects": (status(302), "GET /health: status 302"),
    "speaks no http": (b"SSH-2.0-OpenSSH_9.2\r\n", "GET /health: "),
    "says nothing": (b"", "GET /health: "),
    "an endless header": (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 2_000_000, "GET /health: "),
}


@pytest.mark.hostile
@pytest.mark.parametrize("fault", FAULTS)
def test_one_that_fails_is_out_and_says_why(instances, serve, fault):
    how, why = FAULTS[fault]
    good, bad = instances(2)
    bad.how = how
    daemon = serve([good, bad], {"type": "http"})
    settles(daemon, [good])
    assert why in explained(daemon, bad.port)


@pytest.mark.hostile
def test_a_body_without_end_is_read_for_4_kib_and_no_more(instances, serve):
    (endless,) = instances(1, "long")
    daemon = serve([endless], {"type": "http", "fall": 1})
    wait_until(lambda: endless.connections >= 4 and "probe good" in explained(daemon, endless.port), 10)
    assert "is out" not in daemon.log()


def test_accepted_statuses_path_and_host(instances, serve):
    (one,) = instances(1, status(204))
    daemon = serve([one], {"type": "http", "accept": [204, 299], "path": "/live?deep=1", "host": "api.example", "fall": 1})
    wait_until(lambda: len(one.requests) >= 3, 10)
    assert one.requests[0].startswith("GET /live?deep=1 HTTP/1.1\r\n")
    assert "\r\nHost: api.example\r\n" in one.requests[0]
    wait_until(lambda: "probe good" in explained(daemon, one.port), 3)


def test_without_a_host_it_is_the_instances_own(instances, serve):
    (one,) = instances(1)
    serve([one], {"type": "http"})
    wait_until(lambda: one.requests, 5)
    assert f"\r\nHost: {one.address}\r\n" in one.requests[0]


def test_another_port_is_probed_when_the_probe_names_one(instances, serve):
    server, checked = instances(2)
    daemon = serve([server], {"type": "http", "port": checked.port})
    wait_until(lambda: checked.requests, 5)
    assert server.connections == 0
    assert ports(ask_edns(daemon, "web", "SRV")) == {server.port}


def test_only_services_of_the_pattern_are_probed(instances, serve):
    probed, other = instances(2)
    serve([probed], {"services": ["we*"]}, more=[service("other", [other.address])])
    wait_until(lambda: probed.connections >= 3, 5)
    assert other.connections == 0


def test_without_configuration_there_is_no_probe(instances, serve):
    (one,) = instances(1)
    daemon = serve([one])
    ask(daemon, "web", "SRV")
    time.sleep(1)
    assert one.connections == 0


# --- fail open, panic ---

def test_of_ten_six_that_refuse_leave_the_four_alone(instances, serve):
    servers = instances(10)
    daemon = serve(servers, {})
    for dead in servers[:6]:
        dead.refuse()
    assert ede(settles(daemon, servers[6:])) == []


def test_with_a_panic_threshold_of_50_all_ten_are_given_and_it_is_said(instances, serve):
    servers = instances(10)
    daemon = serve(servers, {}, health={"panic_threshold": 50})
    for dead in servers[:6]:
        dead.refuse()
    daemon.wait_for_log(r"web: 4 of 10 instances are healthy, too few: all are given")
    reply = settles(daemon, servers)
    assert ede(reply) == [0] and "4 of 10" in ede_text(reply)
    servers[0].listen()
    daemon.wait_for_log(r"web: 5 of 10 instances are healthy: health counts again")
    assert ede(settles(daemon, [servers[0], *servers[6:]])) == []


def test_when_all_are_dead_all_are_given(instances, serve):
    servers = instances(3)
    daemon = serve(servers, {})
    for one in servers:
        one.refuse()
    reply = ask_until(daemon, "web", "SRV", lambda reply: ede(reply) == [0], 5, edns=0)
    assert ports(reply) == {one.port for one in servers}
    assert "no instance is healthy" in ede_text(reply)


# --- coming back ---

def test_one_that_is_back_is_given_again(instances, serve):
    steady, one = instances(2)
    daemon = serve([steady, one], {})
    one.refuse()
    settles(daemon, [steady])
    one.listen()
    settles(daemon, [steady, one])
    log = daemon.log()
    assert "is out: probe failed 2 times, last \"connect: refused\"" in log and "is in again" in log


def test_its_share_ramps_in_steps_of_at_most_a_tenth(instances, serve):
    steady, one = instances(2)
    daemon = serve([steady, one], {}, health={"slow_start": "2s"})
    one.refuse()
    settles(daemon, [steady])
    one.listen()
    shares = []

    def weight_is_full():
        reply = ask(daemon, "web", "SRV")
        weights = {record.port: record.weight for rrset in reply.answer for record in rrset}
        if one.port in weights:
            shares.append(weights[one.port] / weights[steady.port])
        return shares and shares[-1] == 1

    wait_until(weight_is_full, 10, pause=0.005)
    assert shares[0] == pytest.approx(0.1, abs=0.05)
    assert all(0 <= after - before <= 0.1 for before, after in zip(shares, shares[1:])), shares


def test_what_is_there_at_the_start_does_not_ramp(instances, serve):
    servers = instances(2)
    daemon = serve(servers, {}, health={"slow_start": "1h"})
    wait_until(lambda: all(one.connections >= 2 for one in servers), 5)
    weights = {record.weight for rrset in ask(daemon, "web", "SRV").answer for record in rrset}
    assert weights == {100}


def test_one_that_joins_ramps_and_is_out_with_its_first_bad_probe(instances, serve):
    steady, late, dead = instances(3)
    dead.refuse()
    daemon = serve([steady], {"interval": "60s", "fall": 3}, health={"slow_start": "1h"})
    ask(daemon, "web", "SRV")
    daemon.catalog_path.write_text(toml_catalog(service("web", [one.address for one in (steady, late, dead)])))
    reply = settles(daemon, [steady, late])
    weights = {record.port: record.weight for rrset in reply.answer for record in rrset}
    assert weights[late.port] == pytest.approx(weights[steady.port] / 10, rel=0.1)


def test_the_catalogs_word_ramps_too(instances, serve):
    steady, one = instances(2)
    daemon = serve([steady, one], health={"slow_start": "1h"})
    assert ports(ask_edns(daemon, "web", "SRV")) == {steady.port, one.port}
    for word in ("unhealthy", "healthy"):
        daemon.catalog_path.write_text(toml_catalog(
            service("web", [steady.address, instance(one.address, status=word)])))
        reply = settles(daemon, [steady] if word == "unhealthy" else [steady, one])
    weights = {record.port: record.weight for rrset in reply.answer for record in rrset}
    assert weights[one.port] == weights[steady.port] // 10


def test_priorities_are_respected(instances, serve):
    servers = instances(2)
    path_text = toml_catalog(service("web", [instance(servers[0].address, priority=1),
                                             instance(servers[1].address, priority=2)]))
    daemon = serve(servers, {})
    daemon.catalog_path.write_text(path_text)
    ask_until(daemon, "web", "SRV", lambda reply: {r.priority for s in reply.answer for r in s} == {1, 2}, 5)
    servers[0].refuse()
    settles(daemon, [servers[1]])


# --- on demand ---

@pytest.mark.parametrize("name, type", [("web", "A"), ("_web._tcp", "SRV"), ("one._web._tcp", "SRV")])
def test_on_demand_nobody_is_probed_until_asked_for(instances, serve, name, type):
    (one,) = instances(1)
    daemon = serve([one], {"on_demand": True}, id="one")
    time.sleep(1)
    assert one.connections == 0
    ask(daemon, name, type)
    wait_until(lambda: one.connections >= 3, 3)


# --- reload ---

def test_a_reload_forgets_no_health(instances, serve):
    steady, one = instances(2)
    daemon = serve([steady, one], {})
    one.refuse()
    settles(daemon, [steady])
    daemon.write_config(daemon.config_path.read_text().replace("fall = 2", "fall = 3"))
    daemon.send_signal(signal.SIGHUP)
    daemon.wait_for_log(r"configuration was reloaded")
    assert ports(ask_edns(daemon, "web", "SRV")) == {steady.port}


def test_a_reload_without_probes_ends_them(instances, serve):
    steady, one = instances(2)
    daemon = serve([steady, one], {})
    one.refuse()
    settles(daemon, [steady])
    text = daemon.config_path.read_text()
    daemon.write_config(text[:text.index("[[health.probe]]")])
    daemon.send_signal(signal.SIGHUP)
    settles(daemon, [steady, one])
    before = steady.connections
    time.sleep(0.6)
    assert steady.connections <= before + 1


# --- metrics and explanations ---

def test_explain_says_the_factor_and_how_long_ago(instances, serve):
    steady, one = instances(2)
    daemon = serve([steady, one], {})
    one.refuse()
    settles(daemon, [steady])
    text = explained(daemon, one.port)
    assert " out: probe failed " in text and ' s ago; ' in text
    assert " in: probe good" in explained(daemon, steady.port)
