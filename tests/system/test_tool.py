"""interface.md, signpost: lookup, explain, services and check, each with --json, with a control port and without."""
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from support.ask import ZONE
from support.catalog_text import instance, service, toml_catalog
from support.daemon import NOBODY, ROOT, run, wait_until
from support.scripted_upstream import address_answer, always, answer
from support.tool import run_tool, run_words

CATALOG = toml_catalog(service("time", [instance("10.0.1.7:8081", id="a", weight=300, status="healthy"),
                                        instance("10.0.1.8:8082", id="b", weight=100, status="healthy"),
                                        instance("10.0.1.9:8083", id="c", weight=100, status="unhealthy")]),
                       service("calc", [instance("10.0.2.1:1", weight=7)], version="1.0"),
                       service("calc", [instance("10.0.2.2:1", weight=9)], version="1.1"))


@pytest.fixture
def daemon(start, catalog_file):
    return start(catalog=[{"type": "file", "name": "mine", "path": str(catalog_file(CATALOG))}])


def is_plain(raw):
    """Nothing that a terminal acts on."""
    return all(32 <= byte < 127 or byte == 10 for byte in raw)


# --- lookup ---


def test_lookup_prints_what_dig_would_and_what_it_means(daemon):
    said = run_tool(daemon, "lookup", "time")
    assert said.status == 0 and said.err == ""
    assert f"\n;time.{ZONE} IN SRV\n" in said.out
    assert f"\ntime.{ZONE} 5 IN SRV 1 300 8081 ip-10-0-1-7.addr.{ZONE}\n" in said.out
    assert f"\nip-10-0-1-8.addr.{ZONE} 5 IN A 10.0.1.8\n" in said.out
    assert f"\ntime.{ZONE} SRV: 2 records; the server answers for this name itself\n" in said.out
    assert said.row("75 %")[1:] == [f"ip-10-0-1-7.addr.{ZONE}", "8081", "1", "300"]
    assert said.row("25 %")[1:] == [f"ip-10-0-1-8.addr.{ZONE}", "8082", "1", "100"]


def test_lookup_as_json(daemon):
    told = run_tool(daemon, "lookup", "time", "--json").json
    assert told["question"] == {"name": f"time.{ZONE}", "type": "SRV"} and told["rcode"] == "NOERROR"
    assert sorted(share["percent"] for share in told["shares"]) == [25, 75]
    assert told["authoritative"] and not told["stale"] and not told["fail_open"] and len(told["answer"]) == 2


def test_lookup_of_no_such_name_or_no_data_is_1(daemon):
    said = run_tool(daemon, "lookup", "nosuch")
    assert said.status == 1 and "there is no such name" in said.out
    said = run_tool(daemon, "lookup", "time", "AAAA")
    assert said.status == 1 and "has no such record" in said.out
    assert run_tool(daemon, "lookup", "nosuch", "--json").json["rcode"] == "NXDOMAIN"


def test_lookup_with_nobody_there_is_2():
    for words in ((), ("--json",)):
        said = run_words("lookup", "time", "--server", NOBODY, *words)
        assert said.status == 2 and said.out == ""
        assert said.err.startswith("signpost: ") and NOBODY in said.err


def test_lookup_of_a_failure_is_2_and_says_why(start):
    said = run_tool(start(), "lookup", "web.example")  # its upstream refuses
    assert said.status == 2 and "could not answer (SERVFAIL)" in said.out and "Network Error" in said.out


def test_lookup_says_what_came_from_upstream(start, upstream):
    said = run_tool(start(forward={"upstreams": [upstream(address_answer).text]}), "lookup", "web.example")
    assert said.status == 0 and "web.example. A: 1 record; the server heard it from upstream" in said.out


def test_lookup_says_stale(start, upstream):
    elsewhere = upstream(lambda asked: address_answer(asked, ttl=1))
    daemon = start(forward={"upstreams": [elsewhere.text]})
    assert run_tool(daemon, "lookup", "web.example").status == 0
    elsewhere.close()
    said = wait_until(lambda: (heard := run_tool(daemon, "lookup", "web.example", "--json")).json["stale"] and heard, 10)
    assert said.status == 0
    assert "the answer is stale" in run_tool(daemon, "lookup", "web.example").out


def test_lookup_says_fail_open(start, catalog_file):
    path = catalog_file(toml_catalog(service("time", [instance("10.0.1.7:1", status="unhealthy")])))
    daemon = start(catalog=[{"type": "file", "path": str(path)}])
    assert "fail open: no instance is healthy" in run_tool(daemon, "lookup", "time").out
    assert run_tool(daemon, "lookup", "time", "--json").json["fail_open"] is True


def test_lookup_goes_to_tcp_for_what_udp_cannot_carry(start, catalog_file):
    path = catalog_file(toml_catalog(service("large", [f"10.1.{one // 250}.{one % 250}:80" for one in range(300)])))
    daemon = start(catalog=[{"type": "file", "path": str(path)}])
    told = run_tool(daemon, "lookup", "large", "--json").json
    assert len(told["answer"]) == 300 and told["truncated"] is False


def test_lookup_of_another_zone(start, catalog_file):
    daemon = start(catalog=[{"type": "file", "path": str(catalog_file(CATALOG))}], zone={"name": "corp.example"})
    assert run_tool(daemon, "lookup", "time", "--zone", "corp.example").status == 0
    assert "time.corp.example. SRV: 2 records" in run_tool(daemon, "lookup", "time.corp.example", "SRV").out


# --- explain ---


def test_explain_reads_the_control_port(daemon):
    said = run_tool(daemon, "explain", "time")
    assert said.status == 0 and said.err == "signpost: read from the control port http://{}:{}\n".format(*daemon.control)
    assert f"time.{ZONE} SRV: NOERROR, 2 records, from this daemon" in said.out
    assert said.row("a")[1:7] == ["-", "10.0.1.7:8081", "in", "1", "300 (300 x 1)", "healthy"]
    assert said.row("c")[1:7] == ["-", "10.0.1.9:8083", "out", "1", "- (100 x 0)", "unhealthy"]
    assert "others are healthy" in said.row("c")[8]


def test_explain_as_json_is_the_ports_document(daemon):
    told = run_tool(daemon, "explain", "time", "--json").json
    assert [one["id"] for one in told["service"]["instances"]] == ["a", "b", "c"]


def test_explain_without_a_control_port_asks_dns(start, catalog_file):
    daemon = start(catalog=[{"type": "file", "path": str(catalog_file(CATALOG))}], control={"listen": ""})
    said = run_tool(daemon, "explain", "time")
    assert said.status == 0 and "asked over DNS alone" in said.err
    assert said.row("a")[1] == "in" and said.row("c")[1] == "out" and "catalog says unhealthy" in said.row("c")[2]
    told = run_tool(daemon, "explain", "time", "--json").json
    assert [one["in"] for one in told["service"]["instances"]] == [True, True, False]


@pytest.mark.parametrize("control", [True, False])
def test_explain_of_an_unknown_name_is_1(daemon, control):
    said = run_tool(daemon, "explain", "nosuch", control=control)
    assert said.status == 1 and "NXDOMAIN" in said.out


def test_explain_of_what_is_no_name_is_2(daemon):
    for control in (True, False):
        said = run_tool(daemon, "explain", "a..b", control=control)
        assert said.status == 2 and said.out == "" and "label is empty" in said.err


def test_explain_of_a_name_of_others_stays_here(start, upstream):
    elsewhere = upstream(address_answer)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    assert "upstream must say" in run_tool(daemon, "explain", "web.example.").out
    said = run_tool(daemon, "explain", "web.example.", control=False)
    assert said.status == 2 and "only names below" in said.err and not elsewhere.asked()


# --- services ---

TABLE = [("calc", "1.0", 1, 1, 7), ("calc", "1.1", 1, 1, 9), ("time", "", 3, 2, 400)]


@pytest.mark.parametrize("control", [True, False])
def test_services_is_a_table_of_the_catalog(daemon, control):
    said = run_tool(daemon, "services", control=control)
    assert said.status == 0 and ("over DNS alone" in said.err) is not control
    assert [line.split() for line in said.out.splitlines()[1:]] == [
        [name, version or "-", *map(str, numbers)] for name, version, *numbers in TABLE]
    told = run_tool(daemon, "services", "--json", control=control).json["services"]
    assert [tuple(row.values()) for row in told] == TABLE


def test_services_of_an_empty_catalog(start):
    for control in (True, False):
        said = run_tool(start(), "services", "--json", control=control)
        assert said.status == 0 and said.json == {"services": []}, said


@pytest.mark.parametrize("words", [("explain", "time"), ("services",)])
def test_with_the_daemon_away_it_is_2(words):
    said = run_words(*words, "--server", NOBODY, "--control", NOBODY)
    assert said.status == 2 and said.out == "" and "nothing listens" in said.err


# --- check ---


@pytest.mark.parametrize("text", ["", "[zone]\nttl = 'soon'\n", "[zon]\n", "[[catalog]\n"])
def test_check_says_what_the_daemon_says(tmp_path, text):
    path = tmp_path / "signpost.toml"
    path.write_text(text)
    theirs, ours = run("--config", path, "--check"), run_words("check", path)
    assert (ours.status, ours.out, ours.err) == (theirs.returncode, theirs.stdout, theirs.stderr)
    told = run_words("check", path, "--json")
    assert told.status == theirs.returncode and told.err == ""
    assert told.json == {"file": str(path), "valid": not text, "said": theirs.stderr}


def test_check_knows_the_environment_and_missing_files(tmp_path):
    sample, bad = ROOT / "conf/signpost.toml", {"SIGNPOST_ZONE_TTL": "soon"}
    assert run_words("check", sample).status == 0
    assert run_words("check", sample, environment=bad).err == run("--config", sample, "--check", environment=bad).stderr
    assert run_words("check", tmp_path / "nosuch").status == 1


# --- the words ---


@pytest.mark.parametrize("words", [(), ("nosuch",), ("lookup",), ("lookup", "time", "NOSUCH"), ("explain",), ("check",),
                                   ("lookup", "time", "--server", "here"), ("services", "--control", "localhost")])
def test_what_is_not_understood_is_2_and_a_sentence(words):
    said = run_words(*words)
    assert said.status == 2 and said.out == "" and said.err.startswith("signpost: ") and said.err.count("\n") == 1


def test_help_and_version():
    assert run_words("--version").out.startswith("signpost ") and "services" in run_words("--help").out


# --- hostile ---

ESCAPES = "\x1b]0;owned\x07\x1b[2J\r\n\x9b31m"


@pytest.mark.hostile
def test_hostile_texts_never_reach_the_terminal(start, catalog_file):
    evil = '"a\\u001b[2J\\u0007\\r\\n"'
    path = catalog_file('{"services":[{"name":"time","instances":[{"host":"10.0.0.1","port":1,'
                        f'"id":{evil},"status":{evil},"rack":{evil}}}]}}]}}', name="services.json")
    daemon = start(catalog=[{"type": "file", "name": "x\x1b[2J", "path": str(path)}])
    for words in (("lookup", "time"), ("lookup", "time", "TXT"), ("lookup", "_explain.time.servicediscovery.internal", "TXT"),
                  ("explain", "time"), ("services",)):
        for control in (True, False):
            for json in ((), ("--json",)):
                said = run_tool(daemon, *words, *json, control=control)
                assert said.status == 0 and is_plain(said.raw), said.raw


@pytest.mark.hostile
def test_hostile_answers_never_reach_the_terminal(upstream):
    text = "".join(f"\\{byte:03}" for byte in range(256) if byte not in (34, 92))[:900]
    server = upstream(always(f'\\027\\010\\007.example. 5 IN TXT "{text[:800]}"'))
    said = run_words("lookup", "\\027\\010\\007.example.", "TXT", "--server", server.text)
    assert is_plain(said.raw), said.raw


@pytest.mark.hostile
@pytest.mark.parametrize("reply", [b"", b"\0" * 11, b"\xff" * 600])
def test_hostile_bytes_of_a_server_are_2(upstream, reply):
    server = upstream(lambda asked: asked.message.to_wire()[:2] + reply)
    said = run_words("lookup", "time", "--server", server.text, seconds=30)
    assert said.status == 2 and said.out == "" and is_plain(said.raw)


@pytest.mark.hostile
def test_an_error_that_a_server_makes_up_is_shown_harmlessly(upstream):
    server = upstream(lambda asked: answer(asked, rcode="REFUSED"))
    said = run_words("lookup", "web.example", "--server", server.text)
    assert said.status == 2 and "refuses to answer (REFUSED)" in said.out


BODIES = [b"", b"<html>", b"[" * 200_000, b"{}", b'{"services":5}', b'{"services":[[[]]],"question":{},"from":"\x1b"}',
          b'{"services":[{"name":"\\u001b[2J","instances":[{"weight":-1e400}]}]}', ESCAPES.encode("latin-1") * 1000,
          b'{"question":{"name":"\\u001b"},"from":"\\u001b[2J","rcode":"\\n","service":{"instances":[{"id":"\\u0007"}]}}']


@pytest.mark.hostile
@pytest.mark.parametrize("status", [200, 400, 404, 500])
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_whatever_answers_on_the_control_port_harms_nobody(daemon, status, body):
    with AnyServer(status, body) as control:
        for words in (("explain", "time"), ("services",)):
            said = run_words(*words, "--server", "{}:{}".format(*daemon.address), "--control", control)
            assert said.status in (0, 1, 2) and is_plain(said.raw), said.raw


class AnyServer:
    """An HTTP server with one answer to everything; its address as `with` gives it."""

    def __init__(self, status, body):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self):
        self._thread.start()
        return "{}:{}".format(*self._server.server_address)

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.mark.hostile
def test_a_control_port_that_hangs_up_is_none(daemon):
    with socket.create_server(("127.0.0.1", 0)) as server:
        def hang_up():
            server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        said = run_words("explain", "time", "--server", "{}:{}".format(*daemon.address),
                         "--control", "{}:{}".format(*server.getsockname()))
        thread.join(5)
    assert said.status == 0 and "over DNS alone" in said.err
