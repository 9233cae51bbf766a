"""interface.md, signpostd: the ready line, sd_notify, exit codes, --check, --version, precedence of what is set."""
import os
import re
import signal
import socket

import pytest

from support.ask import ask, endpoints, rcode, ttls, values
from support.catalog_text import service, toml_catalog
from support.daemon import configuration, run
from support.ports import free_port

TIME = toml_catalog(service("time", ["10.0.0.1:80"]))


@pytest.fixture
def file_catalog(catalog_file):
    path = catalog_file(TIME)
    return [{"type": "file", "path": str(path)}]


# --- the ready line ---


def test_the_ready_line_names_what_listens_in_the_order_configured(start):
    daemon = start(listen={"addresses": ["[::1]:0", "127.0.0.1:0", "127.0.0.3:0"]})
    assert re.fullmatch(r"ready udp=\[::1\]:(\d+),127\.0\.0\.1:(\d+),127\.0\.0\.3:(\d+) "
                        r"tcp=\[::1\]:\1,127\.0\.0\.1:\2,127\.0\.0\.3:\3 control=127\.0\.0\.1:\d+", daemon.ready_line)


def test_a_port_that_is_given_is_taken(start):
    port = free_port()
    daemon = start(listen={"addresses": [f"127.0.0.1:{port}"]})
    assert daemon.udp == daemon.tcp == [("127.0.0.1", port)]


def test_without_a_control_port_the_ready_line_leaves_it_out(start):
    daemon = start(control={"listen": ""})
    assert re.fullmatch(r"ready udp=127\.0\.0\.1:\d+ tcp=127\.0\.0\.1:\d+", daemon.ready_line)


def test_one_line_on_standard_output_is_all(start):
    daemon = start()
    ask(daemon, "localhost.", "A")
    daemon.send_signal(signal.SIGHUP)
    daemon.stop()
    assert daemon.rest_of_output() == b""


def test_it_listens_when_it_says_ready(start):
    for _ in range(5):
        assert values(ask(start(), "localhost.", "A"), "A") == ["127.0.0.1"]


def test_a_catalog_that_is_slow_does_not_hold_up_the_start(start, http_catalog):
    import time

    http_catalog.delay = 5
    began = time.monotonic()
    start(catalog=[{"type": "http", "url": http_catalog.url, "services": ["a/1", "b/1"]}])
    assert time.monotonic() - began < 3


def test_systemd_is_told(start, tmp_path):
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(path))
        systemd.settimeout(5)
        daemon = start(environment={"NOTIFY_SOCKET": str(path)})
        assert b"READY=1" in systemd.recv(4096).split(b"\n")
        daemon.stop()


def test_systemd_is_told_over_an_abstract_socket(start):
    name = f"signpost-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name}")
        systemd.settimeout(5)
        start(environment={"NOTIFY_SOCKET": f"@{name}"})
        assert b"READY=1" in systemd.recv(4096).split(b"\n")


def test_a_notify_socket_that_is_not_there_harms_nobody(start):
    daemon = start(environment={"NOTIFY_SOCKET": "/nowhere/notify"})
    assert rcode(ask(daemon, "localhost.", "A")) == "NOERROR"


# --- exit codes ---


def test_a_bad_configuration_ends_with_1_and_its_place(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text('[listen]\naddresses = ["127.0.0.1:0"]\nworkers = "many"\n')
    ended = run("--config", path)
    assert ended.returncode == 1 and ended.stdout == ""
    assert f"{path}:3:" in ended.stderr


def test_a_missing_configuration_ends_with_1(tmp_path):
    ended = run("--config", tmp_path / "nosuch.toml")
    assert ended.returncode == 1 and "nosuch.toml" in ended.stderr


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM], ids=["udp", "tcp"])
def test_an_address_in_use_ends_with_2_and_names_it(tmp_path, kind):
    path = tmp_path / "c.toml"
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            other.listen()
        text = "127.0.0.1:%d" % other.getsockname()[1]
        path.write_text(configuration(listen={"addresses": [text]}))
        ended = run("--config", path)
    assert ended.returncode == 2 and text in ended.stderr and ended.stdout == ""


def test_an_address_of_another_machine_ends_with_2(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text(configuration(listen={"addresses": ["192.0.2.1:0"]}))
    ended = run("--config", path)
    assert ended.returncode == 2 and "192.0.2.1" in ended.stderr


def test_a_control_port_in_use_ends_with_2(tmp_path):
    path = tmp_path / "c.toml"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        text = "127.0.0.1:%d" % other.getsockname()[1]
        path.write_text(configuration(control={"listen": text}))
        ended = run("--config", path)
    assert ended.returncode == 2 and text in ended.stderr


@pytest.mark.parametrize("arguments", [["--nosuch"], ["--listen", "nonsense"], ["--catalog", "carrier-pigeon:x"],
                                       ["--log-level", "loud"], ["--upstream", "192.0.2.999"]])
def test_a_bad_command_line_ends_with_1_and_says_what(arguments):
    ended = run(*arguments)
    assert ended.returncode == 1
    assert arguments[-1].lstrip("-") in ended.stderr


# --- --check and --version ---


def test_check_of_a_good_file_ends_with_0(tmp_path):
    path = tmp_path / "good.toml"
    path.write_text(configuration())
    assert run("--config", path, "--check").returncode == 0


def test_check_shows_place_line_and_caret(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text('[listen]\naddresses = ["127.0.0.1:53"]\ntcp_conections = 5\n')
    ended = run("--config", path, "--check")
    assert ended.returncode == 1
    said = (ended.stdout + ended.stderr).splitlines()
    at = next(n for n, line in enumerate(said) if line.startswith(f"{path}:3:1: "))
    assert "tcp_connections" in said[at], "the nearest known key"
    assert "tcp_conections = 5" in said[at + 1]
    assert said[at + 2].index("^") == said[at + 1].index("tcp_conections")


@pytest.mark.parametrize("text, line", [
    ("[listen\n", 1), ("[zone]\nttl = 5\n", 2), ("[zone]\nttl = \"5 parsecs\"\n", 2), ("[cache]\nsize = \"-1\"\n", 2),
    ("[nosuch]\nx = 1\n", 1), ("[[catalog]]\ntype = \"fil\"\n", 2), ("[[catalog]]\ntype = \"file\"\n", 1),
    ("[forward]\nupstreams = [\"10.0.0.2\", \"x\"]\n", 2), ("[forward]\npolicy = \"best\"\n", 2),
    ("[listen]\nallow = [\"10.0.0.0/33\"]\n", 2), ("[zone]\nname = \"a..b\"\n", 2), ("[zone]\n\nttl = \"5s\"\nttl = \"6s\"\n", 4),
    ("[[catalog]]\ntype = \"http\"\nurl = \"gopher://x\"\n", 3), ("[listen]\naddresses = [\"localhost:53\"]\n", 2),
])
def test_each_bad_value_is_said_with_its_line(tmp_path, text, line):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    ended = run("--config", path, "--check")
    assert ended.returncode == 1
    assert re.search(rf"^{re.escape(str(path))}:{line}:\d+: \S", ended.stdout + ended.stderr, re.MULTILINE), ended


def test_the_shipped_sample_is_good():
    from support.daemon import ROOT

    assert run("--config", ROOT / "conf/signpost.toml", "--check").returncode == 0


def test_version_prints_it():
    ended = run("--version")
    assert ended.returncode == 0
    assert re.search(r"\b\d+\.\d+\.\d+\b", ended.stdout) and ended.stderr == ""


# --- command line, environment, file ---


def test_the_command_line_alone_is_enough(start, upstream, catalog_file):
    from support.scripted_upstream import address_answer

    elsewhere, path = upstream(address_answer), catalog_file(TIME)
    daemon = start(config='[listen]\naddresses = ["127.0.0.1:0"]\n[state]\npath = ""\n',
                   arguments=["--listen", "127.0.0.1:0", "--listen", "127.0.0.3:0", "--control", "127.0.0.1:0",
                              "--upstream", elsewhere.text, "--catalog", f"file:{path}"])
    assert [host for host, _ in daemon.udp] == ["127.0.0.1", "127.0.0.3"]
    assert len(endpoints(ask(daemon, "time", "SRV"))) == 1
    assert values(ask(daemon, "web.example.", "A"), "A") == ["192.0.2.1"]


@pytest.mark.parametrize("dialect", ["catalog", "service"])
def test_an_http_catalog_may_be_given_on_the_command_line(start, http_catalog, dialect):
    http_catalog.register("web")
    http_catalog.services["web"] = ["10.0.0.1:80"]
    daemon = start(arguments=["--catalog", f"http+{dialect}:{http_catalog.url}"])
    assert len(endpoints(ask(daemon, "web", "SRV"))) == 1


def test_the_environment_wins_over_the_file(start, file_catalog):
    daemon = start(catalog=file_catalog, zone={"ttl": "7s"}, environment={"SIGNPOST_ZONE_TTL": "9s"})
    assert ttls(ask(daemon, "time", "A").answer) == {9}


def test_the_command_line_wins_over_the_environment(start):
    daemon = start(environment={"SIGNPOST_LISTEN_ADDRESSES": "127.0.0.4:0"}, arguments=["--listen", "127.0.0.5:0"])
    assert [host for host, _ in daemon.udp] == ["127.0.0.5"]


def test_a_list_in_the_environment_has_commas(start):
    daemon = start(environment={"SIGNPOST_LISTEN_ADDRESSES": "127.0.0.4:0,[::1]:0"})
    assert [host for host, _ in daemon.udp] == ["127.0.0.4", "::1"]


def test_an_unknown_variable_is_a_warning(start):
    daemon = start(environment={"SIGNPOST_PORT_53_UDP_ADDR": "10.0.0.1"})
    daemon.wait_for_log(r"SIGNPOST_PORT_53_UDP_ADDR")


def test_a_bad_value_in_the_environment_stops_with_its_name(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text(configuration())
    ended = run("--config", path, environment={"SIGNPOST_ZONE_TTL": "soon"})
    assert ended.returncode == 1 and "SIGNPOST_ZONE_TTL" in ended.stderr


def test_a_key_that_is_not_yet_in_effect_is_a_warning(start):
    daemon = start(control={"token_file": "token"})
    daemon.wait_for_log(r"not yet in effect")


# --- logs ---


def test_logs_are_lines_with_module_and_level(start, catalog_file):
    path = catalog_file("[[service]\n")
    daemon = start(catalog=[{"type": "file", "path": str(path)}])
    daemon.wait_for_log(r"(?m)^.*\[\w+\]\s+(warn|warning|error)\s.*services\.toml:1")


def test_json_logs_are_one_object_a_line(start, catalog_file):
    import json

    path = catalog_file('[[service]\nname = "quote \\" and \u00e9"\n')
    daemon = start(catalog=[{"type": "file", "path": str(path)}], arguments=["--log-format", "json"])
    daemon.wait_for_log(r"services\.toml")
    lines = daemon.log().splitlines()
    assert lines and all(isinstance(json.loads(line), dict) for line in lines)


def test_the_log_level_is_obeyed(start):
    quiet = start(arguments=["--log-level", "error"])
    ask(quiet, "localhost.", "A")
    quiet.stop()
    assert quiet.log() == ""
