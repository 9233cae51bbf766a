"""zone.md, Health, over time: who asked, how often an instance fell, how old the news of it is."""
import re
import time

import pytest

from support.ask import TcpClient, ask, ask_until, endpoints, question, in_zone, strings
from support.catalog_text import service, toml_catalog
from support.daemon import wait_until
from support.instances import Instance


@pytest.fixture
def instances():
    """instances(n) starts n servers."""
    started = []

    def begin(count):
        new = [Instance() for _ in range(count)]
        started.extend(new)
        return new

    yield begin
    for one in started:
        one.close()


def weights(daemon, name):
    return {record.port: record.weight for rrset in ask(daemon, name, "SRV").answer for record in rrset}


def explained(daemon, name, place):
    texts = ["".join(parts) for parts in strings(ask(daemon, f"_explain.{name}", "TXT", tcp=True))]
    return next((text for text in texts if place in text), "")


# --- on demand ---

SERVICES = 24


@pytest.mark.threads
@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_whichever_worker_is_asked_the_probes_begin(start, catalog_file, instances, tcp):
    """Each question has a port of its own, so each worker gets some of them: that one gets none of 24 is one in 16 million."""
    servers = instances(SERVICES)
    text = toml_catalog(*[service(f"s{n}", [one.address]) for n, one in enumerate(servers)])
    daemon = start(catalog=[{"type": "file", "path": str(catalog_file(text))}], listen={"workers": 2},
                   health={"probe": [{"type": "tcp", "interval": "200ms", "on_demand": True}]})
    for number in range(0, SERVICES, 2):
        ask(daemon, f"s{number}", "SRV", tcp=tcp)
    wait_until(lambda: all(one.connections >= 2 for one in servers[::2]), 10)
    assert sum(one.connections for one in servers[1::2]) == 0, "nobody asked for those"
    for number in range(1, SERVICES, 2):
        ask(daemon, f"s{number}", "A", tcp=tcp)
    wait_until(lambda: all(one.connections >= 2 for one in servers), 10)


def test_a_service_that_is_asked_for_is_probed_by_both_of_its_names_and_by_version(start, catalog_file, instances):
    servers = instances(3)
    text = toml_catalog(service("plain", [servers[0].address]), service("under", [servers[1].address]),
                        service("old", [servers[2].address], version="1.0"))
    daemon = start(catalog=[{"type": "file", "path": str(catalog_file(text))}],
                   health={"probe": [{"type": "tcp", "interval": "200ms", "on_demand": True}]})
    time.sleep(0.5)
    assert [one.connections for one in servers] == [0, 0, 0]
    for name in ("PLAIN", "_under._tcp", "1.0.old"):
        ask(daemon, name, "SRV")
    wait_until(lambda: all(one.connections >= 2 for one in servers), 10)


# --- flap damping ---

RISE = 3


def test_who_fell_twice_needs_twice_the_good_probes(start, catalog_file, instances):
    steady, flapping = instances(2)
    text = toml_catalog(service("web", [steady.address, flapping.address]))
    daemon = start(catalog=[{"type": "file", "path": str(catalog_file(text))}],
                   health={"slow_start": "off", "probe": [{"type": "tcp", "interval": "250ms", "rise": RISE, "fall": 2, "on_demand": False}]})
    here = {port for port in (steady.port, flapping.port)}
    for needed in (RISE, 2 * RISE, 4 * RISE):
        flapping.refuse()
        ask_until(daemon, "web", "SRV", lambda reply: {port for _, port in endpoints(reply)} == {steady.port}, 10)
        seen, heard = flapping.connections, set()
        flapping.listen()

        def is_in():
            heard.update(re.findall(r"probe good (\d+ of \d+) times to come back", explained(daemon, "web", f":{flapping.port} ")))
            return set(weights(daemon, "web")) == here

        wait_until(is_in, 20)
        wait_until(lambda: flapping.connections - seen >= needed, 2)
        assert flapping.connections - seen <= needed + 1, "each probe is one connection; the next may have come"
        assert {text.split()[-1] for text in heard} <= {str(needed)}, heard
        assert heard or needed == RISE, "what is said is at most a second old, and that is soon over"
    assert daemon.log().count("is in again") == 3


# --- confidence ---

GOOD, BAD = 8081, 8082


@pytest.fixture
def two_versions(start, http_catalog):
    """A service whose version 2.0 its catalog calls unhealthy."""
    http_catalog.register("web", "1.0", f"http://10.0.0.1:{GOOD}/", ttl=1)
    http_catalog.register("web", "2.0", f"http://10.0.0.2:{BAD}/", ttl=1, status="unhealthy")
    catalog = {"type": "http", "url": http_catalog.url, "services": ["web/1.0", "web/2.0"], "default_version": "1.0", "timeout": "1s"}
    daemon = start(catalog=[catalog], health={"max_age": "2s", "slow_start": "off"})
    ask_until(daemon, "web", "SRV", lambda reply: endpoints(reply), 10)
    wait_until(lambda: "out" in explained(daemon, "web", f":{BAD} "), 10)
    return daemon


def test_bad_news_that_is_repeated_does_not_age(two_versions, http_catalog):
    before = len(http_catalog.requests("/web/2.0"))
    end = time.monotonic() + 5
    while time.monotonic() < end:
        assert set(weights(two_versions, "web")) == {GOOD}
        time.sleep(0.05)
    assert len(http_catalog.requests("/web/2.0")) > before + 2


def test_old_bad_news_is_no_news(two_versions, http_catalog):
    http_catalog.close()
    closed = time.monotonic()
    factors, texts = [], []

    def is_full():
        here = weights(two_versions, "web")
        factors.append(here.get(BAD, 0) / here[GOOD])
        texts.append(explained(two_versions, "web", f":{BAD} "))
        return factors[-1] == 1

    wait_until(is_full, 15, lambda: f"{factors[-1]}: {texts[-1]}", pause=0.01)
    assert time.monotonic() - closed > 2, "for max_age it is as good as new"
    assert factors == sorted(factors) and factors[0] == 0
    assert len({factor for factor in factors if 0 < factor < 1}) >= 5, "it slides"
    fading = [text for text in texts if "health data is old and counts less and less, factor 0." in text]
    assert fading and all(" in: " in text for text in fading), texts
    assert "less and less" not in texts[0] and " out: " in texts[0]
