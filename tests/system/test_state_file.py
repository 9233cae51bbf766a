"""What one run knew, the next one knows (forwarding.md, Answer cache; interface.md, [state])."""
import os
import re
import random
import signal
import stat
import threading
import time

import dns.exception
import pytest

from support.ask import (ask, ask_edns, ask_until, ede, ede_text, endpoints, in_zone, question, rcode, send, ttls,
                         values)
from support.catalog_text import json_catalog, service, toml_catalog
from support.daemon import Daemon, wait_until
from support.ports import free_port
from support.scripted_upstream import address_answer


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def restart(start, daemon, **sections):
    assert daemon.stop() == 0
    return start(**sections)


def test_answers_survive_a_restart_and_go_on_counting_down(start, upstream, state):
    elsewhere = upstream(address_answer)
    sections = {"forward": {"upstreams": [elsewhere.text]}, "state": {"path": str(state)}}
    daemon = start(**sections)
    ask(daemon, "web.example.", "A")
    daemon = restart(start, daemon, **sections)
    time.sleep(1.1)
    reply = ask_edns(daemon, "web.example.", "A")
    (left,) = ttls(reply.answer)
    assert values(reply, "A") == ["192.0.2.1"] and left < 60 and ede(reply) == []
    assert len(elsewhere.asked("web.example.")) == 1


def test_what_has_expired_meanwhile_is_stale(start, upstream, state):
    elsewhere = upstream(lambda asked: address_answer(asked, ttl=1))
    sections = {"forward": {"upstreams": [elsewhere.text]}, "state": {"path": str(state)}}
    daemon = start(**sections)
    ask(daemon, "web.example.", "A")
    assert daemon.stop() == 0
    elsewhere.close()
    time.sleep(1.1)
    reply = ask_edns(start(**sections), "web.example.", "A")
    assert values(reply, "A") == ["192.0.2.1"] and ttls(reply.answer) == {30} and ede(reply) == [3]


def test_the_file_is_for_our_user_alone(start, upstream, state):
    daemon = start(state={"path": str(state)})
    assert daemon.stop() == 0
    assert stat.S_IMODE(os.stat(state).st_mode) == 0o600
    assert not state.with_name("state.new").exists()


def test_an_http_catalogs_names_are_answered_stale_at_once(start, http_catalog, state):
    http_catalog.register("helloworld", ttl=1)
    sections = {"catalog": [{"type": "http", "url": http_catalog.url}], "state": {"path": str(state)}}
    daemon = start(**sections)
    known = endpoints(ask(daemon, "helloworld", "SRV"))
    assert known and daemon.stop() == 0
    http_catalog.close()
    time.sleep(1.1)
    daemon = start(**sections)
    began = time.monotonic()
    reply = ask_edns(daemon, "helloworld", "SRV")
    assert endpoints(reply) == known and ede(reply) == [3]
    assert time.monotonic() - began < 0.5


def test_a_catalog_file_that_is_gone_leaves_its_last_word(start, catalog_file, state):
    path = catalog_file(toml_catalog(service("time", ["10.0.1.7:8080"])))
    sections = {"catalog": [{"type": "file", "path": str(path)}], "state": {"path": str(state)}}
    daemon = start(**sections)
    known = endpoints(ask(daemon, "time", "SRV"))
    assert len(known) == 1 and daemon.stop() == 0
    os.unlink(path)
    daemon = start(**sections)
    reply = ask_edns(daemon, "time", "SRV")
    assert endpoints(reply) == known and ede(reply) == [3] and max(ttls(reply.answer)) <= 30
    assert re.search(r"services\.toml: \d+ s old", ede_text(reply)), "source and age"
    assert ede(ask_edns(daemon, "gone", "A")) == [19], "NXDOMAIN, as far as is known"
    catalog_file(toml_catalog(service("time", ["10.0.1.8:8080"])))
    ask_until(daemon, "time", "SRV", lambda reply: endpoints(reply) != known and ede(reply) == [], edns=0)


def test_a_zone_files_records_are_marked_too(start, catalog_file, state):
    path = catalog_file("$ORIGIN servicediscovery.internal.\nweb 300 IN A 198.51.100.7\n*.wild 300 IN TXT hello\n", "z.zone")
    sections = {"catalog": [{"type": "file", "path": str(path)}], "state": {"path": str(state)}}
    daemon = start(**sections)
    assert ede(ask_edns(daemon, "web", "A")) == []
    assert daemon.stop() == 0
    os.unlink(path)
    daemon = start(**sections)
    for name, rdtype in (("web", "A"), ("x.wild", "TXT")):
        reply = ask_edns(daemon, name, rdtype)
        assert len(reply.answer) == 1 and ede(reply) == [3], name


def test_what_a_catalog_said_for_long_is_marked_until_it_answers(start, http_catalog, state):
    http_catalog.register("helloworld", ttl=300)
    sections = {"catalog": [{"type": "http", "url": http_catalog.url}], "state": {"path": str(state)}}
    daemon = start(**sections)
    known = endpoints(ask(daemon, "helloworld", "SRV"))
    assert daemon.stop() == 0
    daemon = start(**sections)
    first = ask_edns(daemon, "helloworld", "SRV")
    assert endpoints(first) == known and ede(first) == [3]
    ask_until(daemon, "helloworld", "SRV", lambda reply: ede(reply) == [] and endpoints(reply) == known, edns=0)


def test_what_was_known_outlives_a_crash(start, catalog_file, state, tmp_path):
    path = catalog_file(toml_catalog(service("time", ["10.0.1.7:8080"])))
    sections = {"catalog": [{"type": "file", "path": str(path)}], "state": {"path": str(state)}}
    daemon = Daemon(tmp_path, **sections)
    known = endpoints(ask(daemon, "time", "SRV"))
    wait_until(state.exists, 10)
    assert daemon.stop(signal.SIGKILL) == -signal.SIGKILL
    os.unlink(path)
    reply = ask_edns(start(**sections), "time", "SRV")
    assert endpoints(reply) == known and ede(reply) == [3]


class AskingAllTheWhile:
    """Asks names of a large catalog, from before the daemon is there until the with block ends."""

    def __init__(self, port, names):
        self._daemon, self._names, self._over = ("127.0.0.1", port), names, threading.Event()
        self._thread = threading.Thread(target=self._ask_on)
        self.replies = []

    def _ask_on(self):
        while not self._over.is_set():
            name, rdtype, wanted = random.choice(self._names)
            try:
                reply = send(self._daemon, question(in_zone(name), rdtype), timeout=5 if self.replies else 0.02)
            except dns.exception.Timeout:
                assert not self.replies, "it listens, and does not answer"
                continue
            self.replies.append((name, rdtype, rcode(reply), len(reply.answer) > 0, wanted))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


def test_a_large_catalogs_names_are_right_from_the_first_answer_on(start, catalog_file, state):
    count = 8000
    services = [service(f"s{i}", [{"id": "a", "host": f"10.1.{i // 250}.{i % 250}", "port": 80, "version": "1.0"}])
                for i in range(count)]
    path = catalog_file(json_catalog(*services, service("api.web", ["10.2.0.1:80"])), "services.json")
    port = free_port()
    sections = {"catalog": [{"type": "file", "path": str(path)}], "state": {"path": str(state)},
                "listen": {"addresses": [f"127.0.0.1:{port}"]}}
    daemon = start(**sections)
    assert daemon.stop() == 0
    os.unlink(path)
    names = [("gone", "SRV", ("NXDOMAIN", False)), ("web", "A", ("NOERROR", False)),
             ("_api.web._tcp", "SRV", ("NOERROR", True))]
    for i in range(count):
        names += [(f"s{i}", "SRV", ("NOERROR", True)), (f"_s{i}._tcp", "SRV", ("NOERROR", True)),
                  (f"1.0.s{i}", "A", ("NOERROR", True)), (f"a.s{i}", "A", ("NOERROR", True)),
                  (f"ip-10-1-{i // 250}-{i % 250}.addr", "A", ("NOERROR", True)),
                  (f"x.s{i}", "A", ("NXDOMAIN", False))]
    with AskingAllTheWhile(port, names) as asking:
        start(**sections)
        wait_until(lambda: len(asking.replies) >= 300, 20)
    assert [one for one in asking.replies if one[2:4] != one[4]] == []


def test_another_catalogs_word_is_not_taken(start, catalog_file, state):
    path = catalog_file(toml_catalog(service("time", ["10.0.1.7:8080"])))
    daemon = start(catalog=[{"type": "file", "path": str(path)}], state={"path": str(state)})
    assert daemon.stop() == 0
    daemon = start(catalog=[{"type": "file", "path": str(path) + ".other"}], state={"path": str(state)})
    assert rcode(ask(daemon, "time", "SRV")) == "SERVFAIL", "that one has not been read"


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "empty", "folder"])
def test_a_damaged_file_is_refused_and_said(start, upstream, state, damage):
    elsewhere = upstream(address_answer)
    sections = {"forward": {"upstreams": [elsewhere.text]}, "state": {"path": str(state)}}
    daemon = start(**sections)
    ask(daemon, "web.example.", "A")
    assert daemon.stop() == 0
    kept = bytearray(state.read_bytes())
    state.unlink()
    if damage == "folder":
        state.mkdir()
    else:
        kept[-10] ^= 1
        state.write_bytes({"cut": kept[:-7], "flipped": kept, "foreign": b"not ours\n" * 9, "empty": b""}[damage])
    daemon = start(**sections)
    daemon.wait_for_log("starting without it")
    assert values(ask(daemon, "web.example.", "A"), "A") == ["192.0.2.1"]
    assert len(elsewhere.asked("web.example.")) == 2


def test_a_folder_that_is_not_there_is_said_and_stops_nothing(start, tmp_path):
    daemon = start(state={"path": str(tmp_path / "no" / "such" / "state")})
    assert daemon.stop() == 0
    assert "cannot be written" in daemon.log()
