"""A relay: one daemon reads the catalogs, others read it over its control port."""
import json
import os
import socket
import time
import urllib.error
import urllib.request

import pytest

from support.ask import ask, ask_edns, ask_until, assert_nxdomain, ede, ede_text, endpoints, rcode, ttls, values
from support.catalog_text import instance, service, toml_catalog
from support.daemon import SANITIZED, wait_until
from support.moto_route53 import KEYS
from support.relay_readers import RelayReaders
from support.relays import STALE_AFTER, catalog, control_url, rewrite, target
from support.route53_server import Route53Server, srv

READERS = 300
SECONDS = float(os.environ.get("SIGNPOST_RELAY_SECONDS", "8"))  # the promise is about 60
CURRENT_WITHIN = 2.0


def fetch(daemon, path="/v1/services", **headers):
    request = urllib.request.Request(control_url(daemon) + path,
                                     headers={key.replace("_", "-"): value for key, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=40) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


# --- the document ---


def test_the_table_as_json(relay):
    daemon = relay(toml_catalog(service("time", [instance("10.0.0.1:80", id="t", rack="b7")])))
    status, headers, body = fetch(daemon)
    told = json.loads(body)
    assert status == 200 and headers["Content-Type"] == "application/json"
    assert told["sources"][0]["name"] == "origin"
    assert told["services"][0]["instances"][0] == {
        "id": "t", "host": "10.0.0.1", "port": 80, "priority": 1, "weight": 100, "status": "unknown",
        "status_text": "", "attributes": {"rack": "b7"}, "source": 0}
    assert fetch(daemon, "/v1/services/time")[0] == 200
    assert fetch(daemon, "/v1/services/nosuch")[0] == 404
    assert fetch(daemon, "/v1/services?wait=soon")[0] == 400


def test_a_long_poll_ends_with_the_change_or_its_time(relay):
    daemon = relay(catalog())
    tag = fetch(daemon)[1]["ETag"]
    began = time.monotonic()
    assert fetch(daemon, "/v1/services?wait=1s", If_None_Match=tag)[0] == 304
    assert 0.9 < time.monotonic() - began < 3
    rewrite(daemon.path, catalog("10.0.0.2"))
    status, _, body = fetch(daemon, "/v1/services?wait=20s", If_None_Match=tag)
    assert status == 200 and b"10.0.0.2" in body


def test_who_knows_a_content_may_have_the_changes_alone(relay):
    daemon = relay(toml_catalog(service("time", ["10.0.0.1:80"]), service("web", ["10.0.0.2:80"]), service("old", ["10.0.0.3:80"])))
    tag = fetch(daemon)[1]["ETag"]
    rewrite(daemon.path, toml_catalog(service("time", ["10.0.0.9:80"]), service("web", ["10.0.0.2:80"])))
    status, headers, body = fetch(daemon, "/v1/services?wait=20s", If_None_Match=tag, A_IM="signpost")
    told = json.loads(body)
    assert status == 226 and headers["IM"] == "signpost" and headers["Delta-Base"] == tag
    assert [one["name"] for one in told["services"]] == ["time"] and told["gone"] == ["old"]
    assert headers["ETag"] == fetch(daemon)[1]["ETag"] != tag


def test_a_restart_with_the_same_content_has_the_same_tag(relay):
    first = relay(catalog())
    tag = fetch(first)[1]["ETag"]
    assert fetch(relay(catalog()), If_None_Match=tag)[0] == 304


# --- reading it ---


def test_a_reader_answers_as_the_relay(relay, reader):
    odd = instance("10.0.0.2:81", id="t2", version="1.0", weight=7, priority=2, status="draining", rack="b7")
    one = relay(toml_catalog(service("time", ["10.0.0.1:80", odd], ttl=3),
                             service("_web._tcp", [instance("host.example:443", url="https://host.example/x")]),
                             service("empty")))
    two = reader(one)
    ask_until(two, "time", "SRV", endpoints, seconds=5)
    for name, rdtype in [("time", "SRV"), ("time", "A"), ("time", "TXT"), ("1.0.time", "SRV"), ("_web._tcp", "SRV"),
                         ("web", "URI"), ("web", "HTTPS"), ("empty", "SRV"), ("nosuch", "A"), ("_time._tcp", "PTR")]:
        ours, theirs = ask(two, name, rdtype), ask(one, name, rdtype)
        assert rcode(ours) == rcode(theirs), name
        assert sorted(values(ours, rdtype)) == sorted(values(theirs, rdtype)), name
        assert ttls(ours.answer) == ttls(theirs.answer), name


def test_records_that_stand_as_they_are_come_along(start, reader, catalog_file):
    zone = catalog_file("web 60 IN A 10.0.0.1\n*.wild 5 IN TXT \"a\" \"b\"\nalias IN CNAME web\n", "a.zone")
    one = start(catalog=[{"type": "file", "path": str(zone)}])
    two = reader(one)
    ask_until(two, "web", "A", lambda reply: reply.answer, seconds=5)
    for name, rdtype in [("web", "A"), ("x.wild", "TXT"), ("alias", "A")]:
        assert ask(two, name, rdtype).answer == ask(one, name, rdtype).answer


def test_a_change_is_seen_within_2_s(relay, reader):
    one = relay(catalog())
    two = reader(one)
    ask_until(two, "time", "SRV", endpoints, seconds=5)
    lags = []
    for n in range(2, 7):
        rewrite(one.path, catalog(f"10.0.0.{n}"))
        began = time.monotonic()
        ask_until(two, "time", "SRV", lambda reply, n=n: endpoints(reply)[0][0] == target(f"10.0.0.{n}"), seconds=5)
        lags.append(time.monotonic() - began)
    print(f"a change of the relay's file is in a reader's answers after {max(lags) * 1000:.0f} ms at most")
    assert max(lags) < CURRENT_WITHIN


def test_without_its_relay_a_reader_goes_on_and_is_stale_after_5_s(relay, reader):
    one = relay(catalog())
    two = reader(one)
    ask_until(two, "time", "SRV", endpoints, seconds=5)
    port = one.control[1]
    one.stop()
    two.wait_for_log("relay: kept what was there")
    gone = time.monotonic()
    reply = ask_edns(two, "time", "SRV")
    assert endpoints(reply) and ede(reply) == []
    ask_until(two, "time", "SRV", lambda reply: ede(reply) == [3], seconds=STALE_AFTER + 2, edns=0)
    stale_after = time.monotonic() - gone
    assert stale_after > STALE_AFTER - 0.5
    reply = ask_edns(two, "time", "SRV")
    assert endpoints(reply) and "relay" in ede_text(reply)
    relay(catalog(), control={"listen": f"127.0.0.1:{port}"})
    ask_until(two, "time", "SRV", lambda reply: ede(reply) == [], seconds=15, edns=0)
    assert two.log().count("relay: read 1 services") == 1, "the same content was taken as new"
    print(f"stale {stale_after:.1f} s after the connection was lost; fresh again with a 304")


def test_a_relay_that_comes_back_with_another_content_is_read(relay, reader):
    one = relay(catalog())
    two = reader(one)
    ask_until(two, "time", "SRV", endpoints, seconds=5)
    port = one.control[1]
    one.stop()
    relay(catalog("10.0.0.9"), control={"listen": f"127.0.0.1:{port}"})
    ask_until(two, "time", "SRV", lambda reply: endpoints(reply)[0][0] == target("10.0.0.9"), seconds=15)


def test_a_relay_that_has_not_read_its_own_catalog_takes_nothing_away(start, relay, reader, tmp_path):
    one = relay(catalog())
    two = reader(one)
    ask_until(two, "time", "SRV", endpoints, seconds=5)
    port = one.control[1]
    one.stop()
    later = tmp_path / "later.toml"
    start(catalog=[{"type": "file", "path": str(later), "name": "origin"}],
          control={"listen": f"127.0.0.1:{port}"})
    two.wait_for_log("its source origin has not been read yet", seconds=15)
    assert endpoints(ask(two, "time", "SRV"))
    later.write_text(catalog("10.0.0.9"))
    ask_until(two, "time", "SRV", lambda reply: endpoints(reply)[0][0] == target("10.0.0.9"), seconds=15)


def test_a_source_of_the_relay_that_is_not_read_yet_holds_back_no_other(start, reader, catalog_file, tmp_path):
    zone = catalog_file("web 60 IN A 10.0.0.1\n", "a.zone")
    known, later = catalog_file(catalog(), "known.toml"), tmp_path / "later.toml"
    later.write_text(catalog("10.0.1.1"))
    (port,) = free_ports(1)
    sources = [{"type": "file", "path": str(path), "name": path.stem} for path in (zone, known, later)]
    one = start(catalog=sources, control={"listen": f"127.0.0.1:{port}"})
    two = reader(one)
    ask_until(two, "time", "SRV", lambda reply: len(endpoints(reply)) == 2, seconds=5)
    one.stop()
    later.unlink()
    known.write_text(catalog("10.0.0.2"))
    zone.write_text("web 60 IN A 10.0.0.9\n")
    start(catalog=sources, control={"listen": f"127.0.0.1:{port}"})
    both = {target("10.0.0.2"), target("10.0.1.1")}
    ask_until(two, "time", "SRV", lambda reply: {name for name, _ in endpoints(reply)} == both, seconds=15)
    ask_until(two, "web", "A", lambda reply: values(reply, "A") == ["10.0.0.9"], seconds=5)
    rewrite(known, catalog("10.0.0.3"))
    both = {target("10.0.0.3"), target("10.0.1.1")}
    ask_until(two, "time", "SRV", lambda reply: {name for name, _ in endpoints(reply)} == both, seconds=5)
    later.write_text(catalog("10.0.1.2"))
    both = {target("10.0.0.3"), target("10.0.1.2")}
    ask_until(two, "time", "SRV", lambda reply: {name for name, _ in endpoints(reply)} == both, seconds=5)


def test_what_a_relay_holds_back_is_marked_at_its_reader(start, reader):
    cloud = Route53Server()
    try:
        cloud.serve("Z1EXAMPLE", *[srv("calc", f"1 1 80 h{n}.example.com", f"s{n}") for n in range(10)])
        one = start(environment=KEYS, catalog=[
            {"type": "route53", "zone": "Z1EXAMPLE", "endpoint": cloud.url, "refresh": "3s"}])
        two = reader(one)
        ask_until(two, "calc", "SRV", lambda reply: len(endpoints(reply)) == 10 and ede(reply) == [], 15, edns=0)
        cloud.serve("Z1EXAMPLE", srv("calc", "1 1 80 h0.example.com", "s0"))
        ask_until(two, "calc", "SRV", lambda reply: ede(reply) == [3], seconds=15, edns=0)
        reply = ask_edns(two, "calc", "SRV")
        if ede(reply) == [3]:  # it is believed when it was seen twice more
            assert len(endpoints(reply)) == 10 and "held until" in ede_text(reply)
        ask_until(two, "calc", "SRV", lambda reply: len(endpoints(reply)) == 1 and ede(reply) == [], 30, edns=0)
    finally:
        cloud.close()


def test_a_reader_without_its_relay_is_not_ready(reader):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        two = reader(f"http://127.0.0.1:{nobody.getsockname()[1]}")
        wait_until(lambda: "relay" in two.http("/ready")[1], 5)
        assert rcode(ask(two, "time", "SRV")) == "SERVFAIL"


def test_two_that_read_each_other_keep_nothing_alive(start, catalog_file):
    first_file, second_file = catalog_file(catalog(), "1.toml"), catalog_file(toml_catalog(), "2.toml")
    (port,) = free_ports(1)
    first = start(control={"listen": f"127.0.0.1:{port}"}, catalog=[
        {"type": "file", "path": str(first_file)}, {"type": "signpost", "url": "http://127.0.0.1:1", "name": "other"}])
    second = start(catalog=[{"type": "file", "path": str(second_file)},
                            {"type": "signpost", "url": control_url(first), "name": "other"}])
    first.reconfigure(control={"listen": f"127.0.0.1:{port}"}, catalog=[
        {"type": "file", "path": str(first_file)}, {"type": "signpost", "url": control_url(second), "name": "other"}])
    ask_until(second, "time", "SRV", endpoints, seconds=15)
    rewrite(second_file, toml_catalog(service("web", ["10.0.0.2:80"])))
    ask_until(first, "web", "SRV", endpoints, seconds=15)
    assert "time" not in [one["name"] for one in json.loads(fetch(second)[2])["services"]
                          if one["instances"][0]["source"] == 0]
    rewrite(first_file, toml_catalog(service("else", ["10.0.0.3:80"])))
    ask_until(second, "time", "SRV", lambda reply: rcode(reply) == "NXDOMAIN", seconds=5)
    rewrite(second_file, toml_catalog(service("else", ["10.0.0.3:80"])))
    ask_until(first, "web", "SRV", lambda reply: rcode(reply) == "NXDOMAIN", seconds=5)
    assert_nxdomain(ask(second, "web", "SRV"))


def test_a_ring_of_three_has_everything_and_keeps_nothing_alive(start, catalog_file):
    ports = free_ports(3)
    files = [catalog_file(toml_catalog(service(f"of{n}", [f"10.0.0.{n + 1}:80"])), f"{n}.toml") for n in range(3)]
    ring = [start(control={"listen": f"127.0.0.1:{ports[n]}"}, catalog=[
        {"type": "file", "path": str(files[n]), "name": "own"},
        {"type": "signpost", "url": f"http://127.0.0.1:{ports[(n + 1) % 3]}", "name": "next"}]) for n in range(3)]
    for daemon in ring:
        for n in range(3):
            ask_until(daemon, f"of{n}", "SRV", endpoints, seconds=15)
        wait_until(lambda daemon=daemon: "catalog next" not in daemon.http("/ready")[1], 15,
                   lambda daemon=daemon: daemon.http("/ready"))
    rewrite(files[0], toml_catalog(service("other", ["10.0.0.9:80"])))
    for daemon in ring:
        ask_until(daemon, "of0", "SRV", lambda reply: rcode(reply) == "NXDOMAIN", seconds=5)
        ask_until(daemon, "other", "SRV", endpoints, seconds=5)


def test_a_daemon_that_is_its_own_relay_says_so(start):
    (port,) = free_ports(1)
    daemon = start(control={"listen": f"127.0.0.1:{port}"},
                   catalog=[{"type": "signpost", "url": f"http://127.0.0.1:{port}"}])
    daemon.wait_for_log("is this very daemon")


def test_a_change_goes_on_alone_from_reader_to_reader(relay, reader):
    one = relay(catalog())
    two = reader(one)
    three = reader(two)
    ask_until(three, "time", "SRV", endpoints, seconds=10)
    tag = fetch(two)[1]["ETag"]
    rewrite(one.path, catalog("10.0.0.7"))
    assert fetch(two, "/v1/services?wait=20s", If_None_Match=tag, A_IM="signpost")[0] == 226
    ask_until(three, "time", "SRV", lambda reply: endpoints(reply)[0][0] == target("10.0.0.7"), seconds=5)


def test_a_reader_of_a_reader(relay, reader):
    one = relay(catalog())
    three = reader(reader(one))
    ask_until(three, "time", "SRV", endpoints, seconds=10)
    assert json.loads(fetch(three)[2])["sources"][0]["name"] == "relay > relay > origin"
    rewrite(one.path, catalog("10.0.0.2"))
    ask_until(three, "time", "SRV", lambda reply: endpoints(reply)[0][0] == target("10.0.0.2"), seconds=5)


@pytest.mark.hostile
@pytest.mark.parametrize("reply", [
    (200, b""), (200, b"<html>"), (200, b"{}"), (200, b'{"format":9}'), (200, b'{"format":1,"zone":"other."}'),
    (200, b'{"format":1,"services":[{"name":"a","instances":[{"id":"x","source":7}]}]}'),
    (200, b"[" * 100_000), (304, b""), (404, b""), (500, b"x")])
def test_what_is_no_relay_is_said_and_harms_nobody(reader, http_catalog, reply):
    http_catalog.behave = lambda request: request.reply(*reply)
    daemon = reader(http_catalog.url)
    daemon.wait_for_log("relay: not read")
    assert rcode(ask(daemon, "time", "SRV")) == "SERVFAIL"
    assert daemon.http("/health")[0] == 200


# --- many readers ---


def test_300_readers_cost_the_cloud_api_one_reader(start, catalog_file):
    """The relay reads a zone of Route 53 every 2 s, far more often than by default; a file tells when a change began."""
    cloud = Route53Server()
    cloud.serve("Z1EXAMPLE", srv("calc", "1 1 80 h.example.com", "a"))
    path = catalog_file(catalog(), "changing.toml")
    one = start(environment=KEYS, catalog=[
        {"type": "file", "path": str(path)},
        {"type": "route53", "zone": "Z1EXAMPLE", "endpoint": cloud.url, "refresh": "2s"}])
    try:
        wait_until(lambda: b'"calc"' in fetch(one)[2], 10)
        readers = RelayReaders(one.control, READERS)
        try:
            measure(one, path, cloud, readers)
            cloud.serve("Z1EXAMPLE", srv("calc", "1 1 81 changed.example.com", "a"))
            wait_until(lambda: readers.all_hold("changed.example.com"), 10)
        finally:
            readers.close()
    finally:
        cloud.close()


def measure(one, path, cloud, readers):
    wait_until(lambda: readers.all_hold("10.0.0.1") or readers.errors, 30)
    asked_before, cpu_before, began, lags = len(cloud.requests()), cpu_seconds(one), time.monotonic(), []
    while time.monotonic() - began < SECONDS:
        host = f"10.1.{len(lags) // 250}.{len(lags) % 250 + 1}"
        rewrite(path, catalog(host))
        changed = time.monotonic()
        wait_until(lambda host=host: readers.all_hold(f'"{host}"') or readers.errors, 10)
        lags.append(readers.worst_lag(f'"{host}"', changed))
        time.sleep(max(0, 1.5 - (time.monotonic() - changed)))
    took = time.monotonic() - began
    asked = len(cloud.requests()) - asked_before
    print(f"{READERS} readers for {took:.0f} s: {asked} requests to the cloud API ({asked / took:.2f} a second), "
          f"{len(lags)} changes, worst lag {max(lags) * 1000:.0f} ms, statuses {readers.statuses}, "
          f"relay {(cpu_seconds(one) - cpu_before) / took:.1%} of a core, {one.resident_bytes() >> 20} MiB")
    assert readers.errors == []
    assert 0 < asked <= took
    assert SANITIZED or max(lags) < CURRENT_WITHIN


def cpu_seconds(daemon):
    with open(f"/proc/{daemon.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
