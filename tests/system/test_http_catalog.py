"""HTTP catalogs of the blog series (contracts.md, section 1): asked name by name, kept, refreshed, stale."""
import time

import pytest

from support.ask import (ZONE, ask, ask_edns, ask_many, ask_until, assert_nodata, assert_nxdomain, ede, ede_text,
                         endpoints, rcode, soa, strings, ttls, values)
from support.catalog_text import service, toml_catalog
from support.daemon import wait_until
from support.scripted_upstream import address_answer


def source(catalog, **keys):
    return {"type": "http", "url": catalog.url, **keys}


@pytest.fixture
def serve(start, http_catalog):
    """serve(**keys of [[catalog]]) starts a daemon that asks `http_catalog`."""
    return lambda **keys: start(catalog=[source(http_catalog, **keys)])


def test_a_name_is_fetched_when_first_asked_for(serve, http_catalog):
    http_catalog.register("helloworld")
    daemon = serve()
    assert http_catalog.requests() == []
    reply = ask_edns(daemon, "helloworld", "SRV")
    assert endpoints(reply) == [("helloworld.execute-api.us-east-1.amazonaws.com.", 443)]
    assert ede(reply) == []
    assert http_catalog.requests() == ["/dev/catalog/helloworld/1.0"]


def test_an_answer_is_kept_for_its_ttl(serve, http_catalog):
    http_catalog.register("helloworld", ttl=300)
    daemon = serve()
    for _ in range(20):
        assert endpoints(ask(daemon, "helloworld", "SRV"))
    assert len(http_catalog.requests()) == 1


def test_one_fetch_serves_many_askers(serve, http_catalog):
    http_catalog.register("helloworld")
    http_catalog.delay = 0.5
    daemon = serve()
    replies = ask_many(daemon, ["helloworld"] * 50, "SRV")
    assert all(len(endpoints(reply)) == 1 for reply in replies)
    assert len(http_catalog.requests()) == 1


def test_the_endpoint_url_is_whole_in_uri_and_txt(serve, http_catalog):
    http_catalog.register("helloworld", endpoint_url="https://api.example/dev/v2?x=1")
    daemon = serve()
    assert values(ask(daemon, "helloworld", "URI"), "URI") == ['1 100 "https://api.example/dev/v2?x=1"']
    (told,) = strings(ask(daemon, "helloworld", "TXT"))
    assert {"url=https://api.example/dev/v2?x=1", "status=healthy", "version=1.0"} <= set(told)


@pytest.mark.parametrize("url, endpoint", [
    ("https://api.example/dev", ("api.example.", 443)),
    ("http://api.example/", ("api.example.", 80)),
    ("http://api.example:8080", ("api.example.", 8080)),
    ("https://10.0.0.7:8443/x", (f"ip-10-0-0-7.addr.{ZONE}", 8443)),
    ("http://[2001:db8::7]:81/", (f"ip-2001-db8--7.addr.{ZONE}", 81)),
    ("HTTPS://API.example/dev", ("api.example.", 443)),
])
def test_the_endpoint_becomes_host_and_port(serve, http_catalog, url, endpoint):
    http_catalog.register("web", endpoint_url=url)
    (target, port), = endpoints(ask(serve(), "web", "SRV"))
    assert (target.lower(), port) == endpoint


@pytest.mark.parametrize("text", ["notarealurl1", "", "https://", "https://host:99999/", "http://[::1", "ftp:/x"])
def test_an_endpoint_that_is_no_url_has_no_address_but_is_told(serve, http_catalog, text):
    http_catalog.entries["odd", "1.0"] = {"endpoint_url": text, "ttl": 300, "status": "healthy"}
    daemon = serve()
    assert endpoints(ask(daemon, "odd", "SRV")) == []
    assert rcode(ask(daemon, "odd", "A")) in ("NOERROR", "SERVFAIL")
    http_catalog.register("good")
    assert endpoints(ask(daemon, "good", "SRV")), "the daemon survives it"


def test_the_tutorials_own_row_that_is_no_url_is_shown_in_txt(serve, http_catalog):
    http_catalog.register("testservice1", endpoint_url="notarealurl1")
    daemon = serve()
    assert_nodata(ask(daemon, "testservice1", "SRV"))
    assert any("url=notarealurl1" in one for one in strings(ask(daemon, "testservice1", "TXT")))


@pytest.mark.parametrize("ttl", [300, "300", 3e2, 300.4])
def test_a_ttl_is_a_number_or_a_numeric_string(serve, http_catalog, ttl):
    http_catalog.register("web", ttl=ttl)
    daemon = serve()
    for _ in range(3):
        assert endpoints(ask(daemon, "web", "SRV"))
    assert len(http_catalog.requests()) == 1


def test_a_ttl_written_as_3e2_is_understood(serve, http_catalog):
    body = b'{"status":"healthy","endpoint_url":"https://api.example/","ttl":3E+2}'
    http_catalog.behave = lambda request: request.reply(200, body)
    daemon = serve()
    for _ in range(3):
        assert endpoints(ask(daemon, "web", "SRV")) == [("api.example.", 443)]
    assert len(http_catalog.requests()) == 1


def test_the_default_version_answers_for_names_without_one(serve, http_catalog):
    http_catalog.register("web", "3.2", "https://three.example/")
    daemon = serve(default_version="3.2")
    assert endpoints(ask(daemon, "web", "SRV")) == [("three.example.", 443)]
    assert http_catalog.requests() == ["/dev/catalog/web/3.2"]


@pytest.mark.parametrize("name", ["1.1.web", "1.1._web._tcp"])
def test_a_version_is_looked_up_by_itself(serve, http_catalog, name):
    http_catalog.register("web", "1.1", "https://next.example/")
    assert endpoints(ask(serve(), name, "SRV")) == [("next.example.", 443)]
    assert "/dev/catalog/web/1.1" in http_catalog.requests()


def test_a_name_with_underscores_looks_up_the_service(serve, http_catalog):
    http_catalog.register("web")
    daemon = serve()
    assert len(endpoints(ask(daemon, "_web._tcp", "SRV"))) == 1
    assert len(endpoints(ask(daemon, "web", "SRV"))) == 1
    assert http_catalog.requests() == ["/dev/catalog/web/1.0"]


def test_a_service_has_every_version_that_was_fetched(serve, http_catalog):
    http_catalog.register("web", "1.0", "https://one.example/")
    http_catalog.register("web", "1.1", "https://two.example/")
    daemon = serve()
    assert endpoints(ask(daemon, "web", "SRV")) == [("one.example.", 443)]
    ask(daemon, "1.1.web", "SRV")
    assert sorted(endpoints(ask(daemon, "web", "SRV"))) == [("one.example.", 443), ("two.example.", 443)]


def test_configured_services_are_fetched_at_start(serve, http_catalog):
    http_catalog.register("web", "1.0", "https://one.example/")
    http_catalog.register("web", "1.1", "https://two.example/")
    daemon = serve(services=["web/1.0", "web/1.1"])
    wait_until(lambda: len(http_catalog.requests()) == 2, 5)
    ask_until(daemon, "web", "SRV", lambda reply: len(endpoints(reply)) == 2)
    assert sorted(http_catalog.requests()) == ["/dev/catalog/web/1.0", "/dev/catalog/web/1.1"]


def test_a_404_is_nxdomain_and_found_soon_after_it_is_registered(serve, http_catalog):
    daemon = serve()
    reply = ask(daemon, "late", "SRV")
    assert_nxdomain(reply)
    assert soa(reply)[1] == 2
    http_catalog.register("late")
    ask_until(daemon, "late", "SRV", endpoints, seconds=4)


def test_a_404_is_not_asked_for_again_at_once(serve, http_catalog):
    daemon = serve()
    for _ in range(20):
        assert_nxdomain(ask(daemon, "nosuch", "SRV"))
    assert len(http_catalog.requests()) <= 2


def test_a_404_after_its_ttl_takes_the_name_away(serve, http_catalog):
    http_catalog.register("web", ttl=1)
    daemon = serve()
    assert endpoints(ask(daemon, "web", "SRV"))
    http_catalog.entries.clear()
    ask_until(daemon, "web", "SRV", lambda reply: rcode(reply) == "NXDOMAIN", seconds=5)


def test_the_answers_ttl_is_the_catalogs_where_that_is_lower(serve, http_catalog):
    http_catalog.register("short", ttl=2)
    http_catalog.register("long", ttl=300)
    daemon = serve()
    assert ttls(ask(daemon, "short", "SRV").answer) <= {0, 1, 2}
    assert ttls(ask(daemon, "long", "SRV").answer) == {5}


def test_a_change_is_seen_after_the_ttl(serve, http_catalog):
    http_catalog.register("web", endpoint_url="https://one.example/", ttl=1)
    daemon = serve()
    assert endpoints(ask(daemon, "web", "SRV")) == [("one.example.", 443)]
    http_catalog.register("web", endpoint_url="https://two.example/", ttl=1)
    ask_until(daemon, "web", "SRV", lambda reply: endpoints(reply) == [("two.example.", 443)], seconds=5)


def test_a_name_in_use_is_refreshed_ahead_and_nobody_waits(serve, http_catalog):
    http_catalog.register("web", ttl=2)
    daemon = serve()
    ask(daemon, "web", "SRV")
    http_catalog.delay = 0.3
    slowest = 0
    for _ in range(60):
        began = time.monotonic()
        reply = ask_edns(daemon, "web", "SRV")
        slowest = max(slowest, time.monotonic() - began)
        assert endpoints(reply) and ede(reply) == []
        time.sleep(0.08)
    assert len(http_catalog.requests()) >= 2
    assert slowest < 0.3


def test_a_name_that_nobody_asks_for_is_not_refreshed(serve, http_catalog):
    http_catalog.register("web", ttl=1)
    daemon = serve()
    ask(daemon, "web", "SRV")
    time.sleep(3.5)
    assert len(http_catalog.requests()) <= 3


def test_when_the_catalog_is_away_old_data_is_answered_as_stale(serve, http_catalog):
    http_catalog.register("web", ttl=1)
    daemon = serve()
    assert endpoints(ask(daemon, "web", "SRV"))
    http_catalog.close()
    reply = ask_until(daemon, "web", "SRV", lambda reply: 3 in ede(reply), seconds=6, edns=0)
    assert rcode(reply) == "NOERROR" and len(endpoints(reply)) == 1
    assert max(ttls(reply.answer)) <= 30
    assert ede_text(reply) != "", "source and age are said"


def test_data_within_its_ttl_is_fresh_though_the_catalog_is_away(serve, http_catalog):
    http_catalog.register("web", ttl=300)
    daemon = serve()
    ask(daemon, "web", "SRV")
    http_catalog.close()
    reply = ask_edns(daemon, "web", "SRV")
    assert endpoints(reply) and ede(reply) == []


def test_stale_data_is_fresh_again_when_the_catalog_is_back(serve, http_catalog):
    http_catalog.register("web", ttl=1)
    daemon = serve()
    ask(daemon, "web", "SRV")
    http_catalog.behave = lambda request: request.reply(503, b"", "text/plain")
    ask_until(daemon, "web", "SRV", lambda reply: 3 in ede(reply), seconds=6, edns=0)
    http_catalog.behave = None
    http_catalog.register("web", ttl=300, endpoint_url="https://back.example/")
    reply = ask_until(daemon, "web", "SRV", lambda reply: endpoints(reply) == [("back.example.", 443)], seconds=15, edns=0)
    assert ede(reply) == []


def test_without_a_connection_and_without_data_it_is_servfail_with_23(serve, http_catalog):
    http_catalog.close()
    reply = ask_edns(serve(), "web", "SRV")
    assert rcode(reply) == "SERVFAIL" and ede(reply) == [23], reply


def test_a_catalog_that_hangs_is_servfail_with_22_while_the_client_still_waits(serve, http_catalog):
    http_catalog.delay = 4
    daemon = serve()
    began = time.monotonic()
    reply = ask_edns(daemon, "web", "SRV")
    assert rcode(reply) == "SERVFAIL" and ede(reply) == [22], reply
    assert 1.0 < time.monotonic() - began < 3


def test_a_slow_catalogs_answer_is_there_for_the_next_query(serve, http_catalog):
    http_catalog.register("web")
    http_catalog.delay = 2
    daemon = serve(timeout="5s")
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    http_catalog.delay = 0
    ask_until(daemon, "web", "SRV", endpoints, seconds=4)


def test_a_slow_catalog_does_not_hold_up_other_names(start, http_catalog, catalog_file):
    http_catalog.delay = 3
    path = catalog_file(toml_catalog(service("time", ["10.0.0.1:80"])))
    daemon = start(catalog=[{"type": "file", "path": str(path)}, source(http_catalog)])
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(ask, daemon, f"slow{n}", "SRV") for n in range(8)]
        time.sleep(0.2)
        began = time.monotonic()
        assert endpoints(ask(daemon, "time", "SRV")) == [(f"ip-10-0-0-1.addr.{ZONE}", 80)]
        assert time.monotonic() - began < 1
        assert {rcode(one.result()) for one in waiting} == {"SERVFAIL"}


def test_an_unhealthy_entry_that_is_all_there_is_is_answered_and_said(serve, http_catalog):
    http_catalog.register("web", status="unhealthy")
    reply = ask_edns(serve(), "web", "SRV")
    assert len(endpoints(reply)) == 1 and ede(reply) == [0]


def test_a_status_nobody_knows_counts_as_healthy(serve, http_catalog):
    http_catalog.register("web", status="warming up")
    daemon = serve()
    reply = ask_edns(daemon, "web", "SRV")
    assert len(endpoints(reply)) == 1 and ede(reply) == []
    assert "status=warming up" in strings(ask(daemon, "web", "TXT"))[0]


@pytest.mark.hostile
@pytest.mark.parametrize("label", ["a\\\"b", "a/b", "a b", "a\\000b", "a%2fb", "a?b", "a#b", "\\255", "a\\\\b", "a\\.b"])
def test_a_name_from_outside_cannot_change_the_request(serve, http_catalog, label):
    daemon = serve()
    reply = ask(daemon, f"{label}.{ZONE}", "SRV")
    assert rcode(reply) in ("NXDOMAIN", "REFUSED", "FORMERR")
    safe = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-%/")
    for path in http_catalog.requests():
        assert set(path) <= safe, path
        assert path.startswith("/dev/catalog/") and path.endswith("/1.0") and path.count("/") == 4, path


def test_the_zones_own_names_are_not_looked_up(serve, http_catalog):
    daemon = serve()
    ask(daemon, ZONE, "SOA")
    ask(daemon, ZONE, "NS")
    ask(daemon, "ns", "A")
    ask(daemon, "_services._dns-sd._udp", "PTR")
    assert http_catalog.requests() == []


def test_the_catalogs_own_name_is_looked_up_through_our_own_upstream(start, upstream, http_catalog):
    """A daemon that is its host's only nameserver must not ask itself by way of the C library."""
    http_catalog.register("helloworld")
    elsewhere = upstream(lambda asked: address_answer(asked, value="127.0.0.1"))
    url = http_catalog.url.replace("127.0.0.1", "catalog.example")
    daemon = start(catalog=[{"type": "http", "url": url}], forward={"upstreams": [elsewhere.text]})
    assert endpoints(ask(daemon, "helloworld", "SRV"))
    assert elsewhere.asked("catalog.example.")
