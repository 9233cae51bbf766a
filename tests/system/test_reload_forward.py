"""Issue 3, item 9: upstreams, rules, the cache's size and the zone change under load; no query is lost, and the cache stays."""
import os
import time
from collections import Counter

import pytest

from support.ask import ask, ask_many, ask_until, values
from support.catalog_text import service, toml_catalog
from support.fast_upstream import FastUpstream
from support.timed_load import TimedLoad

RATE = int(os.environ.get("SIGNPOST_TEST_RELOAD_RATE", "1500"))
SECONDS = 4
KEPT = [f"kept{number}.example" for number in range(200)]
TIME = "time.servicediscovery.internal"
IN_ZONE = "10.0.0.1"
ONE, TWO, RULED = "192.0.2.1", "192.0.2.2", "192.0.2.3"


@pytest.fixture
def upstreams():
    """By their addresses: every answer says whose it is."""
    running = {address: FastUpstream(address=address) for address in (ONE, TWO, RULED)}
    yield running
    for one in running.values():
        one.close()


@pytest.fixture
def serve(start, catalog_file, upstreams):
    """A daemon that has the names of KEPT in its cache."""
    path = catalog_file(toml_catalog(service("time", [f"{IN_ZONE}:80"])))

    def sections(**changed):
        return {"catalog": [{"type": "file", "path": str(path)}], "forward": {"upstreams": [upstreams[ONE].text]}, **changed}

    def start_with(**changed):
        daemon = start(**sections(**changed))
        ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == [IN_ZONE])
        ask_many(daemon, [f"{name}." for name in KEPT])
        return daemon

    start_with.sections = sections
    return start_with


def name_of(number):
    """A third is new, a third is in the cache, a third is ours."""
    return (f"new{number}.example", KEPT[number // 3 % len(KEPT)], TIME)[number % 3]


def under_load(daemon, *reloads, name_of=name_of):
    """The replies to a load during which the daemon goes through `reloads`, again and again."""
    load = TimedLoad(daemon.address, name_of, RATE, SECONDS)
    turn = 0
    while time.monotonic() < load.began + SECONDS - 0.5:
        time.sleep(0.3)
        daemon.reconfigure(**reloads[turn % len(reloads)])
        turn += 1
    replies = load.end()
    assert set(load.rcodes()) == {"NOERROR"}, load.describe()
    return replies


def asked_for_kept(upstreams):
    """How often upstream was asked for each name of KEPT."""
    asked = sum((one.names for one in upstreams.values()), Counter())
    return {name: asked[name] for name in KEPT}


@pytest.mark.threads
@pytest.mark.parametrize("workers", [1, 2])
def test_upstreams_change(serve, upstreams, workers):
    listen = {"workers": workers}
    daemon = serve(listen=listen)
    before = asked_for_kept(upstreams)
    forwards = [{"upstreams": [upstreams[address].text for address in addresses], "policy": policy}
                for addresses, policy in [((TWO,), "fastest"), ((ONE, TWO), "random"), ((TWO, ONE), "sequential"), ((ONE,), "fastest")]]
    replies = under_load(daemon, *(serve.sections(forward=forward, listen=listen) for forward in forwards))
    assert {ONE, TWO, IN_ZONE} == {reply.address for reply in replies}
    assert asked_for_kept(upstreams) == before, "the cache stayed"


def test_the_last_upstreams_are_those_that_are_asked(serve, upstreams):
    daemon = serve()
    daemon.reconfigure(**serve.sections(forward={"upstreams": [upstreams[TWO].text]}))
    ask_until(daemon, "time", "A", lambda _: values(ask(daemon, f"n{time.monotonic_ns()}.example."), "A") == [TWO])
    before = upstreams[ONE].count
    ask_many(daemon, [f"later{number}.example." for number in range(200)])
    assert upstreams[ONE].count == before


def test_rules_come_and_go(serve, upstreams):
    daemon = serve()
    before = asked_for_kept(upstreams)
    plain = {"upstreams": [upstreams[ONE].text]}
    ruled = {**plain, "zone": [{"suffix": "ruled.example", "upstreams": [upstreams[RULED].text]}]}
    replies = under_load(daemon, serve.sections(forward=ruled), serve.sections(forward=plain),
                         name_of=lambda number: f"new{number}.ruled.example" if number % 4 == 0 else name_of(number))
    assert {reply.address for reply in replies} == {ONE, RULED, IN_ZONE}
    assert all(name.endswith(".ruled.example") for name in upstreams[RULED].names if "signpost-loop" not in name)
    assert asked_for_kept(upstreams) == before, "the cache stayed"


def test_the_cache_is_larger_and_smaller(serve, upstreams):
    daemon = serve(cache={"size": "32MiB"})
    before = asked_for_kept(upstreams)
    replies = under_load(daemon, *(serve.sections(cache={"size": size}) for size in ("64MiB", "8MiB", "auto", "16MiB")))
    assert {reply.address for reply in replies} == {ONE, IN_ZONE}
    assert asked_for_kept(upstreams) == before, "the cache stayed"


def test_a_smaller_cache_lets_go_of_what_does_not_fit(serve, upstreams):
    daemon = serve(cache={"size": "32MiB"})
    names = [f"many{number}.example." for number in range(6000)]
    ask_many(daemon, names)
    daemon.reconfigure(**serve.sections(cache={"size": "1MiB"}))
    daemon.wait_for_log("was reloaded")
    ask_many(daemon, names)
    asked = sum(upstreams[ONE].names[name.rstrip(".")] for name in names)
    assert 6000 < asked < 12_000, "some were forgotten, some were kept"


def test_the_zone_has_another_name(serve, upstreams):
    """What was forwarded under the new name, and is in the cache, does not hide the zone."""
    daemon = serve()
    before = asked_for_kept(upstreams)
    replies = under_load(daemon, serve.sections(zone={"name": "other.example"}), serve.sections(),
                         name_of=lambda number: "time.other.example" if number % 4 == 0 else name_of(number))
    assert {reply.address for reply in replies} == {ONE, IN_ZONE}
    daemon.reconfigure(**serve.sections(zone={"name": "other.example"}))
    ask_until(daemon, "time.other.example.", "A", lambda reply: values(reply, "A") == [IN_ZONE])
    assert values(ask(daemon, f"{TIME}.", "A"), "A") == [ONE], "no longer ours"
    assert asked_for_kept(upstreams) == before, "the cache stayed"
