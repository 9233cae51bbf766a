"""The etcd-like service (contracts.md, section 5): GET /service?service_id=..., instances that are opaque strings."""
import pytest

from support.ask import (ZONE, ask, ask_edns, ask_until, assert_nodata, assert_nxdomain, ede, endpoints, rcode, strings,
                         values)


@pytest.fixture
def daemon(start, http_catalog):
    return start(catalog=[{"type": "http", "dialect": "service", "url": http_catalog.url}])


def test_the_service_is_asked_for_by_its_id(daemon, http_catalog):
    http_catalog.services["foo"] = ["10.0.0.1:80", "10.0.0.2:81"]
    assert sorted(endpoints(ask(daemon, "foo", "SRV"))) == [(f"ip-10-0-0-1.addr.{ZONE}", 80),
                                                            (f"ip-10-0-0-2.addr.{ZONE}", 81)]
    assert sorted(values(ask(daemon, "foo", "A"), "A")) == ["10.0.0.1", "10.0.0.2"]
    assert http_catalog.requests() == ["/dev/service?service_id=foo"]


@pytest.mark.parametrize("text, endpoint", [
    ("10.0.0.1:80", (f"ip-10-0-0-1.addr.{ZONE}", 80)),
    ("web.example:8080", ("web.example.", 8080)),
    ("[2001:db8::5]:443", (f"ip-2001-db8--5.addr.{ZONE}", 443)),
    ("https://api.example/dev", ("api.example.", 443)),
    ("http://10.0.0.3:8080/x", (f"ip-10-0-0-3.addr.{ZONE}", 8080)),
])
def test_an_id_with_an_address_becomes_host_and_port(daemon, http_catalog, text, endpoint):
    http_catalog.services["foo"] = [text]
    assert endpoints(ask(daemon, "foo", "SRV")) == [endpoint]


@pytest.mark.parametrize("text", ["i-0123456789abcdef0", "bar", "10.0.0.1", "host:port", "host:0", "host:70000", ":80", ""])
def test_an_opaque_id_is_told_but_never_answered(daemon, http_catalog, text):
    http_catalog.services["foo"] = [text, "10.0.0.9:90"]
    assert endpoints(ask(daemon, "foo", "SRV")) == [(f"ip-10-0-0-9.addr.{ZONE}", 90)]
    if text:
        assert [f"id={text}" in " ".join(one) for one in strings(ask(daemon, "foo", "TXT"))].count(True) >= 1
        assert text in " ".join(" ".join(one) for one in strings(ask(daemon, "_explain.foo", "TXT")))


def test_a_service_of_opaque_ids_only_is_nodata(daemon, http_catalog):
    http_catalog.services["foo"] = ["bar", "baz"]
    assert_nodata(ask(daemon, "foo", "SRV"))
    assert_nodata(ask(daemon, "foo", "A"))
    assert len(strings(ask(daemon, "foo", "TXT"))) == 2


def test_duplicates_are_folded(daemon, http_catalog):
    http_catalog.services["foo"] = ["10.0.0.1:80"] * 40 + ["10.0.0.2:80", "bar", "bar"]
    assert len(endpoints(ask(daemon, "foo", "SRV"))) == 2
    assert len(strings(ask(daemon, "foo", "TXT"))) == 3


def test_an_empty_list_is_a_service_without_instances(daemon, http_catalog):
    http_catalog.services["foo"] = []
    assert_nodata(ask(daemon, "foo", "SRV"))


def test_a_404_is_nxdomain_and_found_soon_after_it_is_registered(daemon, http_catalog):
    assert_nxdomain(ask(daemon, "foo", "SRV"))
    http_catalog.services["foo"] = ["10.0.0.1:80"]
    ask_until(daemon, "foo", "SRV", endpoints, seconds=4)


def test_a_name_with_underscores_looks_up_the_service(daemon, http_catalog):
    http_catalog.services["foo"] = ["10.0.0.1:80"]
    assert endpoints(ask(daemon, "_foo._tcp", "SRV")) == [(f"ip-10-0-0-1.addr.{ZONE}", 80)]
    assert http_catalog.requests() == ["/dev/service?service_id=foo"]


@pytest.mark.hostile
@pytest.mark.parametrize("status, body", [
    (502, {"message": "Internal server error"}), (403, {"message": "Missing Authentication Token"}),
    (429, {"message": "Too Many Requests"}), (200, {"instances": "10.0.0.1:80"}), (200, {"instances": None}), (200, {}),
    (200, []), (200, b"<html>"), (200, {"errorMessage": "it broke", "errorType": "X"}), (200, {"instances": [1, 2]}),
    (200, {"instances": [None]}), (200, {"instances": [{"host": "x"}]}),
])
def test_a_fault_is_servfail_with_22(daemon, http_catalog, status, body):
    http_catalog.behave = lambda request: request.reply(status, body)
    reply = ask_edns(daemon, "foo", "SRV")
    assert rcode(reply) == "SERVFAIL" and ede(reply) == [22], reply


@pytest.mark.hostile
def test_the_service_id_is_escaped(daemon, http_catalog):
    ask(daemon, "a&b=c.servicediscovery.internal.", "SRV")
    for path in http_catalog.requests():
        assert "&" not in path and path.count("=") == 1, path


@pytest.mark.hostile
def test_a_list_of_many_thousands_is_survived(daemon, http_catalog):
    http_catalog.services["foo"] = [f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}:80" for n in range(5_000)]
    assert rcode(ask(daemon, "foo", "A")) in ("NOERROR", "SERVFAIL")
    http_catalog.services["bar"] = ["10.0.0.1:80"]
    assert endpoints(ask(daemon, "bar", "SRV"))
