"""File catalogs: their three formats, and what happens when they change, break or go."""
import os

import pytest

from support.ask import ZONE, ask, ask_until, endpoints, rcode, soa, strings, values
from support.catalog_text import instance, json_catalog, service, toml_catalog

TIME = service("time", [instance("10.0.1.7:8081", id="a", weight=50, priority=2, zone="us-east-1a")], version="2.1")
ZONE_TEXT = f"$ORIGIN {ZONE}\ntime 60 IN SRV 2 50 8081 node\nnode 60 IN A 10.0.1.7\n"


def replace(path, text):
    """As an editor does it: written beside and renamed."""
    beside = path.with_suffix(".beside")
    beside.write_text(text)
    beside.rename(path)


def overwrite(path, text):
    path.write_text(text)


@pytest.fixture
def serve(start, catalog_file):
    """serve(text, name) starts a daemon with that catalog; returns both."""

    def start_with(text, name="services.toml", **sections):
        path = catalog_file(text, name)
        return start(catalog=[{"type": "file", "path": str(path)}], **sections), path

    return start_with


@pytest.mark.parametrize("text, name", [
    (toml_catalog(TIME), "services.toml"), (json_catalog(TIME), "services.json"),
])
def test_toml_and_json_say_the_same(serve, text, name):
    daemon, _ = serve(text, name)
    assert values(ask(daemon, "time", "SRV"), "SRV") == [f"2 50 8081 ip-10-0-1-7.addr.{ZONE}"]
    assert {"id=a", "version=2.1", "zone=us-east-1a"} <= set(strings(ask(daemon, "time", "TXT"))[0])
    assert len(endpoints(ask(daemon, "2.1.time", "SRV"))) == 1


def test_zone_text_is_a_catalog_too(serve):
    daemon, _ = serve(ZONE_TEXT, "records.zone")
    assert values(ask(daemon, "time", "SRV"), "SRV") == [f"2 50 8081 node.{ZONE}"]
    assert values(ask(daemon, "time", "A"), "A") == ["10.0.1.7"]


def test_a_relative_path_is_relative_to_the_configuration(start, tmp_path_factory):
    from support.daemon import Daemon, configuration

    folder = tmp_path_factory.mktemp("relative")
    (folder / "here.toml").write_text(toml_catalog(TIME))
    daemon = Daemon(folder, config=configuration(catalog=[{"type": "file", "path": "here.toml"}]))
    try:
        assert len(endpoints(ask(daemon, "time", "SRV"))) == 1
    finally:
        assert daemon.stop() == 0


@pytest.mark.parametrize("change", [overwrite, replace])
def test_a_change_is_answered_as_soon_as_the_file_is_written(serve, change):
    daemon, path = serve(toml_catalog(TIME))
    before = soa(ask(daemon, "nosuch", "A"))[0].serial
    change(path, toml_catalog(service("time", ["10.0.1.8:1"]), service("new", ["10.0.1.9:2"])))
    ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == ["10.0.1.8"])
    assert values(ask(daemon, "new", "A"), "A") == ["10.0.1.9"]
    assert soa(ask(daemon, "nosuch", "A"))[0].serial > before


def test_a_second_change_is_seen_as_well(serve):
    daemon, path = serve(toml_catalog(TIME))
    for number in (1, 2, 3, 4):
        change = replace if number % 2 else overwrite
        change(path, toml_catalog(service("time", [f"10.0.2.{number}:80"])))
        ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == [f"10.0.2.{number}"])


def test_a_change_of_zone_text_and_json_is_seen(serve):
    daemon, path = serve(ZONE_TEXT, "records.zone")
    replace(path, ZONE_TEXT.replace("10.0.1.7", "10.0.1.99"))
    ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == ["10.0.1.99"])


@pytest.mark.parametrize("written, name", [(toml_catalog, "services.toml"), (json_catalog, "services.json")])
def test_of_a_large_file_a_change_is_read_alone_and_nothing_else_is_lost(serve, written, name):
    services = [service(f"s{n}", [f"10.1.{n // 250}.{n % 250}:80"]) for n in range(8000)]
    daemon, path = serve(written(*services), name)
    for number in (0, 1500, 2999):
        services[number] = service(f"s{number}", ["10.9.9.9:81"])
        replace(path, written(*services))
        ask_until(daemon, f"s{number}", "A", lambda reply: values(reply, "A") == ["10.9.9.9"])
    replace(path, written(*services[:700], *services[701:], service("last", ["10.8.8.8:1"])))
    ask_until(daemon, "last", "A", lambda reply: values(reply, "A") == ["10.8.8.8"])
    assert daemon.log().count(f"{name}: read 1 changed services") == 4
    assert daemon.log().count(": read 8000 services") == 1
    assert rcode(ask(daemon, "s700", "A")) == "NXDOMAIN"
    for n in [*range(0, 700, 50), 699, 701, *range(710, 8000, 100)]:
        expected = "10.9.9.9" if n in (0, 1500, 2999) else f"10.1.{n // 250}.{n % 250}"
        assert values(ask(daemon, f"s{n}", "A"), "A") == [expected]


def test_a_service_that_is_taken_out_is_nxdomain(serve):
    daemon, path = serve(toml_catalog(TIME, service("other", ["10.0.1.8:1"])))
    assert len(endpoints(ask(daemon, "other", "SRV"))) == 1
    replace(path, toml_catalog(TIME))
    ask_until(daemon, "other", "SRV", lambda reply: rcode(reply) == "NXDOMAIN")


def test_an_edit_may_empty_the_catalog(serve):
    """The mass change guard is not for files: an edit is a person's word."""
    daemon, path = serve(toml_catalog(*[service(f"s{n}", ["10.0.1.8:1"]) for n in range(10)]))
    replace(path, "")
    ask_until(daemon, "s1", "SRV", lambda reply: rcode(reply) == "NXDOMAIN")


@pytest.mark.parametrize("name, good, broken, line", [
    ("services.toml", toml_catalog(TIME), '[[service]]\nname = "time"\n[[service.instance]\nhost = 3\n', 3),
    ("services.toml", toml_catalog(TIME), '[[service]]\nname = "time"\n[[service.instance]]\nhost = "10.0.0.1"\nport = 70000\n', 5),
    ("services.toml", toml_catalog(TIME), '[[service]]\nname = "time"\n[[service.instance]]\nport = "x"\nhost = "10.0.0.1"\n', 4),
    ("services.json", json_catalog(TIME), '{"services": [\n{"name": "time",\n"instances": [}]}', 3),
    ("records.zone", ZONE_TEXT, f"$ORIGIN {ZONE}\nnode 60 IN A 10.0.1.7\nbad 60 IN A not-an-address\n", 3),
])
def test_a_broken_file_keeps_the_old_table_and_the_log_says_where(serve, name, good, broken, line):
    daemon, path = serve(good, name)
    assert len(endpoints(ask(daemon, "time", "SRV"))) == 1
    replace(path, broken)
    daemon.wait_for_log(rf"{name}:{line}\b")
    assert values(ask(daemon, "time", "A"), "A") == ["10.0.1.7"]
    replace(path, good.replace("10.0.1.7", "10.0.1.77"))
    ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == ["10.0.1.77"])


def test_a_broken_file_is_said_once(serve):
    daemon, path = serve(toml_catalog(TIME))
    replace(path, "[[service]\n")
    daemon.wait_for_log(r"services\.toml:1")
    for _ in range(50):
        ask(daemon, "time", "SRV")
    assert daemon.log().count("services.toml:1") == 1


def test_a_file_that_goes_keeps_what_it_said(serve):
    daemon, path = serve(toml_catalog(TIME))
    os.unlink(path)
    daemon.wait_for_log(r"services\.toml")
    assert values(ask(daemon, "time", "A"), "A") == ["10.0.1.7"]
    path.write_text(toml_catalog(service("time", ["10.0.1.8:1"])))
    ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == ["10.0.1.8"], seconds=5)


def test_a_file_broken_at_start_stops_nothing(serve):
    daemon, path = serve("[[service]\n")
    daemon.wait_for_log(r"services\.toml:1")
    assert rcode(ask(daemon, "time", "SRV")) == "SERVFAIL"
    replace(path, toml_catalog(TIME))
    ask_until(daemon, "time", "SRV", endpoints, seconds=5)


@pytest.fixture
def two_catalogs(start, catalog_file):
    def start_with(first, second):
        paths = [catalog_file(first, "first.toml"), catalog_file(second, "second.toml")]
        return start(catalog=[{"type": "file", "path": str(path)} for path in paths]), paths

    return start_with


def test_two_catalogs_are_one_table(two_catalogs):
    daemon, _ = two_catalogs(toml_catalog(TIME, service("only", ["10.1.0.1:1"])),
                             toml_catalog(service("time", ["10.0.9.9:9"]), service("other", ["10.1.0.2:2"])))
    assert sorted(values(ask(daemon, "time", "A"), "A")) == ["10.0.1.7", "10.0.9.9"]
    assert values(ask(daemon, "only", "A"), "A") == ["10.1.0.1"]
    assert values(ask(daemon, "other", "A"), "A") == ["10.1.0.2"]


def test_an_instance_in_two_catalogs_counts_once_and_the_first_describes_it(two_catalogs):
    daemon, _ = two_catalogs(toml_catalog(service("time", [instance("10.0.1.7:80", id="first", weight=7)])),
                             toml_catalog(service("time", [instance("10.0.1.7:80", id="second", weight=9)])))
    assert values(ask(daemon, "time", "SRV"), "SRV") == [f"1 7 80 ip-10-0-1-7.addr.{ZONE}"]
    assert ["id=first"] == [part for part in strings(ask(daemon, "time", "TXT"))[0] if part.startswith("id=")]


def test_the_two_spellings_of_two_catalogs_are_one_service(two_catalogs):
    daemon, _ = two_catalogs(toml_catalog(service("time", ["10.0.1.7:80"])),
                             toml_catalog(service("_time._tcp", ["10.0.1.8:80", "10.0.1.7:80"])))
    for name in ("time", "_time._tcp"):
        assert sorted(values(ask(daemon, name, "A"), "A")) == ["10.0.1.7", "10.0.1.8"]
        assert len(endpoints(ask(daemon, name, "SRV"))) == 2


def test_what_one_catalog_loses_another_still_has(two_catalogs):
    daemon, paths = two_catalogs(toml_catalog(service("time", ["10.0.1.7:80"])),
                                 toml_catalog(service("time", ["10.0.1.8:80"])))
    replace(paths[0], toml_catalog(service("unrelated", ["10.3.0.1:1"])))
    ask_until(daemon, "time", "A", lambda reply: values(reply, "A") == ["10.0.1.8"])


def test_a_service_name_that_is_no_name_is_said_with_its_place(serve):
    daemon, path = serve(toml_catalog(TIME))
    replace(path, toml_catalog(service("x" * 64, ["10.0.0.1:1"])))
    daemon.wait_for_log(r"services\.toml:\d+")
    assert values(ask(daemon, "time", "A"), "A") == ["10.0.1.7"]


def test_without_any_catalog_it_forwards(start, upstream):
    from support.scripted_upstream import address_answer

    elsewhere = upstream(address_answer)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    assert values(ask(daemon, "web.example.", "A"), "A") == ["192.0.2.1"]
