"""interface.md, The control port: /health, /ready and /metrics."""
import re
import socket
import time

import pytest

from support.ask import ask, ask_many, rcode
from support.catalog_text import service, toml_catalog
from support.daemon import wait_until
from support.scripted_upstream import address_answer

TIME = toml_catalog(service("time", ["10.0.0.1:80"]))


def test_health_is_200_while_it_runs(start):
    assert start().http("/health")[0] == 200


def test_ready_is_200_when_sources_and_an_upstream_have_answered(start, upstream, catalog_file):
    elsewhere, path = upstream(address_answer), catalog_file(TIME)
    daemon = start(catalog=[{"type": "file", "path": str(path)}], forward={"upstreams": [elsewhere.text]})
    wait_until(lambda: daemon.http("/ready")[0] == 200, 5, lambda: daemon.http("/ready"))


def test_ready_is_503_with_the_reason_while_a_source_has_not_loaded(start, upstream, tmp_path):
    elsewhere, path = upstream(address_answer), tmp_path / "later.toml"
    daemon = start(catalog=[{"type": "file", "path": str(path)}], forward={"upstreams": [elsewhere.text]})
    status, body = daemon.http("/ready")
    assert status == 503 and "later.toml" in body
    path.write_text(TIME)
    wait_until(lambda: daemon.http("/ready")[0] == 200, 6, lambda: daemon.http("/ready"))


def test_ready_is_503_with_the_reason_while_no_upstream_works(start, catalog_file):
    daemon = start(catalog=[{"type": "file", "path": str(catalog_file(TIME))}])
    rcode(ask(daemon, "web.example.", "A"))
    status, body = daemon.http("/ready")
    assert status == 503 and "upstream" in body
    assert daemon.http("/health")[0] == 200


def metric(daemon, line):
    """The value on the line of /metrics that begins so, or None."""
    status, body = daemon.http("/metrics")
    assert status == 200
    found = [text.rsplit(" ", 1) for text in body.splitlines() if text.rsplit(" ", 1)[0] == line]
    assert len(found) < 2, found
    return float(found[0][1]) if found else None


def test_metrics_say_how_each_source_does(start, catalog_file, http_catalog):
    path = catalog_file(TIME)
    http_catalog.register("helloworld", ttl=300)
    daemon = start(catalog=[{"type": "file", "name": "mine", "path": str(path)},
                            {"type": "http", "name": "theirs", "url": http_catalog.url}])
    before = time.time()
    assert metric(daemon, 'signpost_source_names{source="mine"}') == 1
    assert metric(daemon, 'signpost_source_requests_total{source="theirs"}') == 0
    assert metric(daemon, 'signpost_source_last_refresh_timestamp_seconds{source="theirs"}') is None
    ask(daemon, "helloworld", "A")
    assert metric(daemon, 'signpost_source_requests_total{source="theirs"}') == 1
    assert metric(daemon, 'signpost_source_names{source="theirs"}') == 1
    assert abs(metric(daemon, 'signpost_source_last_refresh_timestamp_seconds{source="theirs"}') - before) < 5
    path.write_text("[[service")
    wait_until(lambda: metric(daemon, 'signpost_source_failures_total{source="mine"}') == 1, 5)
    assert metric(daemon, 'signpost_source_up{source="mine"}') == 0


def test_ready_says_how_each_source_does(start, catalog_file):
    daemon = start(catalog=[{"type": "file", "name": "mine", "path": str(catalog_file(TIME))}])
    assert re.search(r"^source mine: last good refresh \d+ s ago, 1 names, 0 failures, 0 requests, 0 throttled$",
                     daemon.http("/ready")[1], re.MULTILINE)


@pytest.mark.threads
@pytest.mark.parametrize("workers", [1, 2])
def test_metrics_count_what_clients_ask_of_every_worker(start, upstream, workers):
    elsewhere = upstream(address_answer)
    daemon = start(listen={"workers": workers}, forward={"upstreams": [elsewhere.text]})
    ask_many(daemon, [f"n{number}.example." for number in range(40)])
    assert metric(daemon, "signpost_queries_total") == 40
    assert metric(daemon, "signpost_cache_entries") >= 40
    assert metric(daemon, f'signpost_upstream_up{{upstream="{elsewhere.text}"}}') == 1


def test_other_paths_are_404_and_other_methods_405(start):
    daemon = start()
    assert daemon.http("/nosuch")[0] == 404
    assert daemon.http("/health", method="POST")[0] in (404, 405)
    assert daemon.http("/health", method="DELETE")[0] in (404, 405)


@pytest.mark.hostile
@pytest.mark.parametrize("data", [b"\r\n\r\n", b"GET\r\n\r\n", b"\0" * 100, b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
                                  b"GET /health HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n", b"POST /health HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"])
def test_odd_requests_harm_nobody(start, data):
    daemon = start()
    with socket.create_connection(daemon.control, 5) as client:
        try:
            client.sendall(data)
            client.settimeout(0.5)
            client.recv(4096)
        except OSError:
            pass
    assert daemon.http("/health")[0] == 200


def test_connections_that_say_nothing_do_not_hold_up_others(start):
    daemon = start()
    silent = [socket.create_connection(daemon.control, 5) for _ in range(30)]
    try:
        assert daemon.http("/health")[0] == 200
        assert rcode(ask(daemon, "localhost.", "A")) == "NOERROR"
    finally:
        for one in silent:
            one.close()
