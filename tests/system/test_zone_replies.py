"""zone.md, Flags and errors; TTL: what every reply of the zone carries."""
import pytest

from support.ask import (ZONE, ask, ask_edns, ask_until, assert_nodata, assert_nxdomain, ede, endpoints, has, rcode,
                         records, soa, strings, ttls, values)
from support.catalog_text import service, toml_catalog
from support.zone_catalog import ZONE_CATALOG

ZONE_TEXT = f"""
$ORIGIN {ZONE}
$TTL 60
@        IN SOA other.example. admin.example. 99 1 1 1 999
@        IN NS other.example.
high     IN SRV 1 1 80 node-1
low   3  IN SRV 1 1 80 node-1
none  0  IN SRV 1 1 80 node-1
mixed 4  IN SRV 1 1 80 node-1
mixed 2  IN SRV 1 1 81 node-2
node-1   IN A 10.1.0.1
node-2 1 IN A 10.1.0.2
text     IN TXT "left as it is" "two strings"
mail     IN MX 10 mx.example.
alias    IN CNAME node-1
*.wild   IN TXT "anything"
a.deep.name IN TXT "leaf"
odd      IN TYPE65280 \\# 4 C00C0001
"""


@pytest.fixture(scope="module")
def daemon(shared_start, tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "services.toml").write_text(ZONE_CATALOG)
    (folder / "records.zone").write_text(ZONE_TEXT)
    return shared_start(catalog=[{"type": "file", "path": str(folder / "services.toml")},
                                 {"type": "file", "path": str(folder / "records.zone")}])


@pytest.mark.parametrize("name, rdtype", [("time", "SRV"), ("time", "AAAA"), ("nosuch", "A"), (ZONE, "SOA"), ("text", "TXT")])
def test_the_zone_is_authoritative_and_never_authenticated(daemon, name, rdtype):
    reply = ask_edns(daemon, name, rdtype, want_dnssec=True)
    assert has(reply, "AA") and not has(reply, "AD")
    assert has(reply, "RA") and has(reply, "QR")


@pytest.mark.parametrize("name, rdtype", [("nosuch", "A"), ("time", "AAAA"), ("0.helloworld", "SRV"), ("empty", "A")])
def test_a_negative_answer_has_the_soa_of_the_apex_with_the_short_ttl(daemon, name, rdtype):
    record, ttl = soa(ask(daemon, name, rdtype))
    assert (ttl, record.minimum) == (2, 2)


def test_the_soa_of_a_negative_answer_is_owned_by_the_apex(daemon):
    assert ask(daemon, "nosuch", "A").authority[0].name.to_text() == ZONE


def test_answers_carry_the_ttl_of_the_zone(daemon):
    reply = ask(daemon, "time", "SRV")
    assert ttls(reply.answer) == {5} and ttls(reply.additional) == {5}


def test_a_higher_ttl_of_the_catalog_is_lowered(daemon):
    assert ttls(ask(daemon, "high", "SRV").answer) == {5}
    assert ttls(ask(daemon, "text", "TXT").answer) == {5}


def test_a_lower_ttl_of_the_catalog_stays(daemon):
    assert ttls(ask(daemon, "low", "SRV").answer) == {3}
    assert ttls(ask(daemon, "node-2", "A").answer) == {1}


def test_a_ttl_of_zero_goes_out_as_zero(daemon):
    assert ttls(ask(daemon, "none", "SRV").answer) == {0}


def test_all_records_of_a_set_carry_one_ttl(daemon):
    reply = ask(daemon, "mixed", "SRV")
    assert len(endpoints(reply)) == 2
    assert ttls(reply.answer) == {2}


def test_the_ttls_are_as_configured(start, catalog_file):
    path = catalog_file(ZONE_CATALOG)
    other = start(catalog=[{"type": "file", "path": str(path)}], zone={"ttl": "42s", "negative_ttl": "7s"})
    assert ttls(ask(other, "time", "A").answer) == {42}
    record, ttl = soa(ask(other, "nosuch", "A"))
    assert (ttl, record.minimum) == (7, 7)


def test_the_zone_has_the_name_that_is_configured(start, catalog_file):
    path = catalog_file(ZONE_CATALOG)
    other = start(catalog=[{"type": "file", "path": str(path)}], zone={"name": "svc.test"})
    assert len(endpoints(ask(other, "time.svc.test.", "SRV"))) == 2
    assert_nxdomain(ask(other, "nosuch.svc.test.", "A"))


def test_zone_text_srv_records_become_instances(daemon):
    reply = ask(daemon, "high", "SRV")
    assert endpoints(reply) == [(f"node-1.{ZONE}", 80)]
    assert records(reply.additional) == [f"node-1.{ZONE} A 10.1.0.1"]
    assert values(ask(daemon, "high", "A"), "A") == ["10.1.0.1"]
    assert endpoints(ask(daemon, "_high._tcp", "SRV")) == [(f"node-1.{ZONE}", 80)]


def test_other_zone_text_stands_as_it_is(daemon):
    assert strings(ask(daemon, "text", "TXT")) == [["left as it is", "two strings"]]
    assert values(ask(daemon, "mail", "MX"), "MX") == ["10 mx.example."]
    assert values(ask(daemon, "odd", "TYPE65280"), "TYPE65280") == ["\\# 4 c00c0001"]


def test_soa_and_ns_of_zone_text_are_ignored(daemon):
    assert values(ask(daemon, ZONE, "NS"), "NS") == [f"ns.{ZONE}"]
    assert "other.example." not in values(ask(daemon, ZONE, "SOA"), "SOA")[0]


def test_an_alias_of_zone_text_is_followed(daemon):
    reply = ask(daemon, "alias", "A")
    assert values(reply, "CNAME") == [f"node-1.{ZONE}"]
    assert values(reply, "A") == ["10.1.0.1"]


def test_wildcards_of_zone_text_cover_what_is_not_there(daemon):
    reply = ask(daemon, "x.wild", "TXT")
    assert strings(reply) == [["anything"]]
    assert reply.answer[0].name.to_text() == f"x.wild.{ZONE}"
    assert strings(ask(daemon, "y.x.wild", "TXT")) == [["anything"]]
    assert_nodata(ask(daemon, "x.wild", "A"))
    assert_nodata(ask(daemon, "wild", "TXT"))


def test_names_above_a_record_are_empty_non_terminals(daemon):
    assert_nodata(ask(daemon, "deep.name", "TXT"))
    assert_nodata(ask(daemon, "name", "TXT"))
    assert_nxdomain(ask(daemon, "b.deep.name", "TXT"))


def test_a_catalog_that_has_not_loaded_is_servfail_and_never_nxdomain(start, tmp_path):
    path = tmp_path / "later.toml"
    daemon = start(catalog=[{"type": "file", "path": str(path)}])
    for name in ("time", "nosuch"):
        reply = ask_edns(daemon, name, "SRV")
        assert rcode(reply) == "SERVFAIL" and ede(reply) == [14], reply
    path.write_text(toml_catalog(service("time", ["10.0.0.1:80"])))
    ask_until(daemon, "time", "SRV", endpoints, seconds=5)
    assert_nxdomain(ask(daemon, "nosuch", "SRV"))


def test_what_one_catalog_knows_is_answered_while_another_has_not_loaded(start, tmp_path, catalog_file):
    path = catalog_file(toml_catalog(service("time", ["10.0.0.1:80"])))
    daemon = start(catalog=[{"type": "file", "path": str(path)},
                            {"type": "file", "path": str(tmp_path / "missing.toml")}])
    assert len(endpoints(ask(daemon, "time", "SRV"))) == 1
    assert rcode(ask(daemon, "nosuch", "SRV")) == "SERVFAIL"
