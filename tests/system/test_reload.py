"""interface.md, Signals: SIGHUP changes what runs without losing a query; SIGTERM ends it cleanly."""
import signal
import socket
import threading
import time

import pytest

from support.ask import TcpClient, ask, ask_until, endpoints, in_zone, question, rcode, ttls, values
from support.catalog_text import service, toml_catalog
from support.daemon import configuration, wait_until
from support.scripted_upstream import address_answer

TIME = toml_catalog(service("time", ["10.0.0.1:80"]))


@pytest.fixture
def files(catalog_file):
    first = catalog_file(TIME, "first.toml")
    second = catalog_file(toml_catalog(service("time", ["10.0.0.2:80"]), service("new", ["10.0.0.3:80"])), "second.toml")
    return [{"type": "file", "path": str(path)} for path in (first, second)]


def test_a_good_file_is_applied(start, files):
    daemon = start(catalog=files[:1])
    assert ttls(ask(daemon, "time", "A").answer) == {5}
    daemon.reconfigure(catalog=files[1:], zone={"ttl": "11s"})
    ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == ["10.0.0.2"], seconds=5)
    ask_until(daemon, "new", "A", lambda reply: ttls(reply.answer) == {11}, seconds=2)


def test_the_port_stays(start, files):
    daemon = start(catalog=files[:1])
    daemon.reconfigure(catalog=files[1:])
    ask_until(daemon, "new", "A", lambda reply: values(reply, "A") == ["10.0.0.3"], seconds=5)
    assert len(endpoints(ask(daemon, "time", "SRV", tcp=True))) == 1


@pytest.mark.parametrize("broken", ["[listen\n", "[zone]\nttl = 3\n", "[nosuch]\n", ""])
def test_a_bad_file_changes_nothing_and_is_said(start, files, broken):
    daemon = start(catalog=files[:1])
    text = configuration(catalog=files[1:]) + "\n[zone2]\nx = 1\n" if not broken else broken
    daemon.write_config(text)
    daemon.send_signal(signal.SIGHUP)
    daemon.wait_for_log(r"signpost\.toml:\d+:\d+")
    assert values(ask(daemon, "time", "A"), "A") == ["10.0.0.1"]
    daemon.reconfigure(catalog=files[1:])
    ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == ["10.0.0.2"], seconds=5)


def test_a_file_that_is_gone_changes_nothing(start, files):
    daemon = start(catalog=files[:1])
    daemon.config_path.unlink()
    daemon.send_signal(signal.SIGHUP)
    daemon.wait_for_log(r"signpost\.toml")
    assert values(ask(daemon, "time", "A"), "A") == ["10.0.0.1"]


def test_upstreams_change(start, upstream):
    one = upstream(lambda asked: address_answer(asked, value="192.0.2.1", ttl=0))
    two = upstream(lambda asked: address_answer(asked, value="192.0.2.2", ttl=0))
    daemon = start(forward={"upstreams": [one.text]})
    assert values(ask(daemon, "web.example.", "A"), "A") == ["192.0.2.1"]
    daemon.reconfigure(forward={"upstreams": [two.text]})
    ask_until(daemon, "web.example.", "A", lambda reply: values(reply, "A") == ["192.0.2.2"], seconds=5)


def test_the_cache_survives(start, upstream):
    elsewhere = upstream(address_answer)
    daemon = start(forward={"upstreams": [elsewhere.text]}, zone={"ttl": "5s"})
    ask(daemon, "kept.example.", "A")
    daemon.reconfigure(forward={"upstreams": [elsewhere.text]}, zone={"negative_ttl": "9s"})
    ask_until(daemon, "nosuch.invalid.", "A", lambda reply: rcode(reply) == "NXDOMAIN")
    time.sleep(0.5)
    ask(daemon, "kept.example.", "A")
    assert len(elsewhere.asked("kept.example.")) == 1


def test_who_may_ask_changes(start):
    daemon = start(listen={"allow": ["127.0.0.1"]})
    assert rcode(ask(daemon, "localhost.", "A")) == "NOERROR"
    daemon.reconfigure(listen={"allow": ["10.0.0.0/8"]})
    ask_until(daemon, "localhost.", "A", lambda reply: rcode(reply) == "REFUSED", seconds=5)


def test_addresses_and_workers_stay_until_the_next_start_and_that_is_said(start):
    daemon = start(listen={"addresses": ["127.0.0.1:0"]})
    daemon.reconfigure(listen={"addresses": ["127.0.0.1:0", "127.0.0.6:0"]})
    daemon.wait_for_log(r"listen\.addresses.*next start")
    assert rcode(ask(daemon, "localhost.", "A")) == "NOERROR"


def test_an_open_connection_survives(start, files):
    daemon = start(catalog=files[:1])
    with TcpClient(daemon.tcp[0]) as client:
        client.send(question(in_zone("time"), "A"))
        assert values(client.receive(), "A") == ["10.0.0.1"]
        daemon.reconfigure(catalog=files[1:])
        ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == ["10.0.0.2"], seconds=5)
        client.send(question(in_zone("time"), "A"))
        assert values(client.receive(), "A") == ["10.0.0.2"]


def test_a_query_in_flight_is_answered_though_a_reload_comes_between(start, upstream, files):
    def slowly(asked):
        time.sleep(0.8)
        return address_answer(asked)

    elsewhere = upstream(slowly)
    daemon = start(catalog=files[:1], forward={"upstreams": [elsewhere.text]})
    replies = []
    waiting = threading.Thread(target=lambda: replies.append(ask(daemon, "web.example.", "A")))
    waiting.start()
    time.sleep(0.2)
    daemon.reconfigure(catalog=files[1:], forward={"upstreams": [elsewhere.text]})
    waiting.join()
    assert values(replies[0], "A") == ["192.0.2.1"]


@pytest.mark.threads
def test_many_reloads_in_a_row(start, files):
    daemon = start(catalog=files[:1], listen={"workers": 4})
    for number in range(20):
        daemon.reconfigure(catalog=files[number % 2:][:1], listen={"workers": 4})
        assert rcode(ask(daemon, "time", "A")) == "NOERROR"
    daemon.reconfigure(catalog=files[1:], listen={"workers": 4})
    ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == ["10.0.0.2"], seconds=5)


# --- the end ---


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_0(start, how):
    daemon = start()
    began = time.monotonic()
    assert daemon.stop(how) == 0
    assert time.monotonic() - began < 2, "there was nothing to wait for"


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_replies_in_flight_leave_before_it_ends(start, upstream, tcp):
    def slowly(asked):
        time.sleep(1)
        return address_answer(asked)

    elsewhere = upstream(slowly)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    replies = []
    waiting = threading.Thread(target=lambda: replies.append(ask(daemon, "web.example.", "A", tcp=tcp)))
    waiting.start()
    wait_until(elsewhere.asked, 2)
    daemon.send_signal(signal.SIGTERM)
    waiting.join()
    assert values(replies[0], "A") == ["192.0.2.1"]
    assert daemon.process.wait(6) == 0


def test_an_upstream_that_never_answers_does_not_hold_up_the_end(start, upstream):
    elsewhere = upstream(lambda asked: None)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect(daemon.address)
        client.send(question("web.example.").to_wire())
        wait_until(elsewhere.asked, 2)
        began = time.monotonic()
        assert daemon.stop() == 0
        assert time.monotonic() - began < 6


def test_idle_connections_do_not_hold_up_the_end(start):
    daemon = start()
    with TcpClient(daemon.tcp[0]) as silent, TcpClient(daemon.tcp[0]) as used:
        used.send(question("localhost."))
        assert used.receive() is not None
        began = time.monotonic()
        assert daemon.stop() == 0
        assert time.monotonic() - began < 6
        assert silent.is_closed(1)


def test_a_catalog_that_hangs_does_not_hold_up_the_end(start, http_catalog):
    http_catalog.delay = 30
    daemon = start(catalog=[{"type": "http", "url": http_catalog.url, "services": ["a/1"], "timeout": "20s"}])
    wait_until(http_catalog.requests, 5)
    began = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - began < 6


def test_a_second_signal_harms_nobody(start):
    daemon = start()
    for _ in range(3):
        daemon.send_signal(signal.SIGTERM)
    assert daemon.process.wait(6) == 0


def test_sigusr1_and_sigpipe_do_not_end_it(start):
    daemon = start()
    for number in (signal.SIGUSR1, signal.SIGPIPE):
        daemon.send_signal(number)
    time.sleep(0.2)
    assert rcode(ask(daemon, "localhost.", "A")) == "NOERROR"


def test_a_dump_names_services_and_upstream_servers(start, catalog_file, upstream):
    elsewhere = upstream(address_answer)
    path = catalog_file(toml_catalog(service("time", ["10.0.0.1:80", "10.0.0.2:80"])))
    daemon = start(catalog=[{"type": "file", "path": str(path)}], forward={"upstreams": [elsewhere.text]})
    ask(daemon, "web.example.", "A")
    daemon.send_signal(signal.SIGUSR1)
    daemon.wait_for_log(r"service time\.servicediscovery\.internal\.: 2 of 2 instances")
    daemon.wait_for_log(rf"upstream {elsewhere.text}: round trip \d+ us, 0 failures")
