"""Issue 2, Must show: under 5,000 queries a second nothing is lost while the configuration is reloaded, a source fails,
or 100,000 instances are loaded. How fast it is does not count here; that every query is answered does."""
import os
import time

import pytest

from support.ask import ask, ask_until, endpoints, rcode, values
from support.catalog_text import instance, json_catalog, service, toml_catalog
from support.daemon import SANITIZED
from support.load import Load
from support.scripted_upstream import address_answer

pytestmark = pytest.mark.long

RATE = int(os.environ.get("SIGNPOST_TEST_RATE", "5000"))
QUESTIONS = ["time.servicediscovery.internal SRV", "time.servicediscovery.internal A", "web.example A",
             "calc.servicediscovery.internal SRV"]
TIME = service("time", ["10.0.0.1:80", "10.0.0.2:80"])
CALC = service("calc", ["10.0.0.3:80"])


def crowd(third):
    """100,000 instances in 1,000 services, and the two that are asked for."""
    services = [service(f"s{n}", [instance(f"10.{third}.{n % 250}.{i + 1}:{1000 + n}") for i in range(100)]) for n in range(1000)]
    return json_catalog(TIME, CALC, *services)


@pytest.fixture
def serve(start, upstream, catalog_file):
    def start_with(**sections):
        elsewhere = upstream(lambda asked: address_answer(asked, ttl=3600))
        path = catalog_file(toml_catalog(TIME, CALC))
        catalogs = [{"type": "file", "path": str(path)}, *sections.pop("catalog", [])]
        daemon = start(catalog=catalogs, forward={"upstreams": [elsewhere.text]}, **sections)
        ask(daemon, "web.example.", "A")
        return daemon, path, {"catalog": catalogs, "forward": {"upstreams": [elsewhere.text]}, **sections}

    return start_with


@pytest.mark.threads
@pytest.mark.parametrize("workers", [1, 4])
def test_reloads_lose_nothing(serve, tmp_path, workers):
    daemon, _, sections = serve(listen={"workers": workers})
    load = Load(tmp_path, daemon, QUESTIONS, rate=RATE, seconds=5)
    for number in range(12):
        time.sleep(0.3)
        daemon.reconfigure(**sections, zone={"ttl": f"{5 + number % 3}s"})
    load.assert_nothing_lost()


def test_a_bad_reload_loses_nothing(serve, tmp_path):
    daemon, _, _ = serve()
    load = Load(tmp_path, daemon, QUESTIONS, rate=RATE, seconds=3)
    import signal

    for _ in range(5):
        time.sleep(0.3)
        daemon.write_config("[listen\n")
        daemon.send_signal(signal.SIGHUP)
    load.assert_nothing_lost()


def test_loading_100_000_instances_loses_nothing(serve, tmp_path):
    big = tmp_path / "big.json"
    big.write_text("")
    other = tmp_path / "other.json"
    other.write_text(crowd(9))
    big.write_text('{"services": []}')
    daemon, _, _ = serve(catalog=[{"type": "file", "path": str(big)}])
    load = Load(tmp_path, daemon, QUESTIONS, rate=RATE, seconds=10)
    time.sleep(0.5)
    os.replace(other, big)
    ask_until(daemon, "s999", "A", lambda reply: rcode(reply) == "NOERROR", seconds=9)
    other.write_text(crowd(8))
    os.replace(other, big)
    ask_until(daemon, "s7", "A", lambda reply: all(text.startswith("10.8.") for text in values(reply, "A")), seconds=15, tcp=True)
    load.assert_nothing_lost()
    assert len(endpoints(ask(daemon, "s500", "SRV", tcp=True))) == 100


def test_a_failing_source_loses_nothing(serve, tmp_path, http_catalog):
    http_catalog.register("web", ttl=1)
    daemon, path, _ = serve(catalog=[{"type": "http", "url": http_catalog.url, "timeout": "1s"}])
    assert endpoints(ask(daemon, "web", "SRV"))
    load = Load(tmp_path, daemon, [*QUESTIONS, "web.servicediscovery.internal SRV"], rate=RATE, seconds=7)
    time.sleep(1)
    http_catalog.behave = lambda request: request.reply(503, b"")
    time.sleep(1.5)
    path.write_text("[[broken")
    http_catalog.behave = lambda request: time.sleep(5)
    time.sleep(1.5)
    http_catalog.close()
    load.assert_nothing_lost()


@pytest.mark.threads
def test_many_changes_of_a_file_lose_nothing(serve, tmp_path):
    daemon, path, _ = serve(listen={"workers": 4})
    load = Load(tmp_path, daemon, QUESTIONS, rate=RATE, seconds=5)
    for number in range(30):
        path.write_text(toml_catalog(TIME, CALC, service(f"extra{number}", ["10.0.0.9:9"])))
        time.sleep(0.12)
    load.assert_nothing_lost()
    ask_until(daemon, "extra29", "A", lambda reply: values(reply, "A") == ["10.0.0.9"])


@pytest.mark.threads
def test_workers_sources_and_upstreams_at_once(serve, tmp_path, http_catalog):
    """Everything that crosses threads, together."""
    for number in range(20):
        http_catalog.register(f"h{number}", ttl=1)
    daemon, path, sections = serve(catalog=[{"type": "http", "url": http_catalog.url}], listen={"workers": 4})
    names = [f"n{n}.example A" for n in range(500)] + [f"h{n}.servicediscovery.internal SRV" for n in range(20)]
    load = Load(tmp_path, daemon, QUESTIONS + names, rate=min(RATE, 2000), seconds=5)
    for number in range(10):
        time.sleep(0.4)
        path.write_text(toml_catalog(TIME, CALC, service(f"extra{number}", ["10.0.0.9:9"])))
        daemon.reconfigure(**sections, zone={"ttl": f"{5 + number % 2}s"})
        assert daemon.http("/health")[0] == 200
    load.assert_nothing_lost()


def test_memory_does_not_grow_with_changes(serve):
    daemon, path, _ = serve()
    other = path.with_suffix(".other")

    def change(number):
        services = [service(f"s{n}", [f"10.0.{number}.{i + 1}:80" for i in range(10)]) for n in range(500)]
        other.write_text(toml_catalog(TIME, CALC, *services, service(f"mark{number}", ["10.0.0.1:1"])))
        os.replace(other, path)
        ask_until(daemon, f"mark{number}", "A", lambda reply: rcode(reply) == "NOERROR", seconds=4)
        return daemon.resident_bytes()

    # It goes up and down with the old tables that are still to be let go of: a leak lifts the least.
    first = [change(number) for number in range(30)][10:]
    later = [change(number) for number in range(30, 60)][10:]
    assert SANITIZED or min(later) < min(first) + (8 << 20), f"{first}, then {later}"
