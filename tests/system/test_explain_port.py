"""interface.md, The control port: GET /v1/explain says what would be answered, and why."""
import json
import time
from urllib.parse import quote

import pytest

from support.ask import ZONE, ask, ask_until, records
from support.catalog_text import instance, service, toml_catalog
from support.scripted_upstream import address_answer

TIME = toml_catalog(service("time", [instance("10.0.1.7:8081", id="a", weight=300, status="healthy"),
                                     instance("10.0.1.8:8082", id="b", weight=100, status="unhealthy"),
                                     instance("10.0.1.9:8083", id="c", status="draining")]))


@pytest.fixture
def daemon(start, catalog_file):
    return start(catalog=[{"type": "file", "name": "mine", "path": str(catalog_file(TIME))}])


def explain(daemon, name, rdtype=None):
    status, body = daemon.http(f"/v1/explain?name={quote(name)}" + (f"&type={rdtype}" if rdtype else ""))
    assert status == 200, body
    return json.loads(body)


def instances(told):
    return {one["id"]: one for one in told["service"]["instances"]}


def test_it_says_what_a_client_hears(daemon):
    for name, rdtype in (("time", "SRV"), ("time", "A"), ("time", "TXT"), ("nosuch", "SRV"), ("_tcp", "A")):
        reply, told = ask(daemon, name, rdtype, edns=0, tcp=True), explain(daemon, name, rdtype)
        assert told["from"] == "this daemon" and told["authoritative"]
        assert told["question"] == {"name": f"{name}.{ZONE}", "type": rdtype}
        for section in ("answer", "authority", "additional"):
            assert len(told[section]) == len(records(getattr(reply, section))), (name, rdtype, section)


def test_it_says_why_each_instance_is_in_or_out(daemon):
    told = explain(daemon, "time")
    a, b, c = (instances(told)[one] for one in "abc")
    assert told["rcode"] == "NOERROR" and told["fail_open"] is False and len(told["answer"]) == 1
    assert (a["in"], a["weight"], a["catalog_weight"], a["factor"], a["health"]) == (True, 300, 300, 1, "healthy")
    assert (a["host"], a["port"], a["priority"], a["source"]) == ("10.0.1.7", 8081, 1, "mine")
    assert (b["in"], b["factor"], b["health"]) == (False, 0, "unhealthy") and "weight" not in b
    assert c["in"] is False and "drains" in c["why"]
    assert all(one["why"] and one["since"] >= 0 and one["age"] >= 0 for one in (a, b, c))


def test_fail_open_is_said(start, catalog_file):
    path = catalog_file(toml_catalog(service("time", [instance("10.0.1.7:1", status="unhealthy"),
                                                      instance("10.0.1.8:1", status="unhealthy")])))
    told = explain(start(catalog=[{"type": "file", "path": str(path)}]), "time")
    assert told["fail_open"] is True and len(told["answer"]) == 2
    assert told["extended_errors"][0]["code"] == 0 and "healthy" in told["extended_errors"][0]["text"]


def test_an_unknown_name_is_an_nxdomain_explained(daemon):
    told = explain(daemon, "nosuch")
    assert told["rcode"] == "NXDOMAIN" and told["answer"] == [] and "service" not in told


def test_names_are_relative_to_the_zone_or_absolute(daemon):
    for name in ("time", "_time._tcp", "TIME", "time.servicediscovery.internal", "time.servicediscovery.internal."):
        assert explain(daemon, name)["rcode"] == "NOERROR", name
    assert explain(daemon, "time.example.")["question"]["name"] == "time.example."
    assert explain(daemon, "time.example")["question"]["name"] == f"time.example.{ZONE}"


def test_a_catalog_that_is_not_there_is_explained(start, tmp_path):
    daemon = start(catalog=[{"type": "file", "path": str(tmp_path / "later.toml")}])
    told = explain(daemon, "time")
    assert told["rcode"] == "SERVFAIL" and told["extended_errors"][0]["code"] == 14


def test_a_name_of_an_asking_catalog_is_asked_for_first(start, http_catalog):
    http_catalog.register("helloworld")
    daemon = start(catalog=[{"type": "http", "name": "theirs", "url": http_catalog.url}])
    told = explain(daemon, "helloworld", "URI")
    assert told["rcode"] == "NOERROR"
    (one,) = told["service"]["instances"]
    assert one["source"] == "theirs" and "stale" not in one
    assert len(http_catalog.requests("helloworld")) == 1


def test_stale_data_says_why(start, http_catalog):
    http_catalog.register("helloworld", ttl=1)
    daemon = start(catalog=[{"type": "http", "name": "theirs", "url": http_catalog.url}])
    assert "stale" not in explain(daemon, "helloworld", "URI")["service"]["instances"][0]
    http_catalog.close()
    time.sleep(1.2)
    told = explain(daemon, "helloworld", "URI")
    assert [error["code"] for error in told["extended_errors"]] == [3]
    assert told["service"]["instances"][0]["stale"]


def test_hosts_of_instances_are_looked_up_first(start, upstream, catalog_file):
    elsewhere = upstream(address_answer)
    path = catalog_file(toml_catalog(service("time", [instance("web.example:80")])))
    daemon = start(catalog=[{"type": "file", "path": str(path)}], forward={"upstreams": [elsewhere.text]})
    told = explain(daemon, "time", "A")
    assert [record.split()[-1] for record in told["answer"]] == ["192.0.2.1"]


def test_other_names_are_remembered_or_upstreams(start, upstream):
    elsewhere = upstream(address_answer)
    daemon = start(forward={"upstreams": [elsewhere.text]})
    told = explain(daemon, "web.example.", "A")
    assert told["from"] == "upstream" and "rcode" not in told and not elsewhere.asked("web.example.")
    ask_until(daemon, "web.example.", "A", lambda reply: reply.answer)
    told = explain(daemon, "web.example.", "A")
    assert told["from"] == "answer cache" and told["answer"][0].split()[-1] == "192.0.2.1"


def test_who_may_not_ask_is_told_so(start, catalog_file):
    daemon = start(catalog=[{"type": "file", "path": str(catalog_file(TIME))}], listen={"allow": ["10.9.9.9/32"]})
    told = explain(daemon, "time")
    assert told["rcode"] == "REFUSED" and told["extended_errors"][0]["code"] == 18
    assert len(told["service"]["instances"]) == 3


@pytest.mark.hostile
@pytest.mark.parametrize("query", ["", "?", "?name", "?name=", "?name=a..b", f"?name={'a' * 64}", "?type=SRV",
                                   "?name=time&type=", "?name=time&type=NOSUCH", "?name=time&type=TYPE65536",
                                   f"?name={'a.' * 130}", "?name=%5C"])
def test_what_is_missing_or_bad_is_400_with_the_fields_name(daemon, query):
    status, body = daemon.http(f"/v1/explain{query}")
    assert status == 400 and json.loads(body)["error_message"].split(":")[0] in ("name", "type"), body


@pytest.mark.hostile
@pytest.mark.parametrize("name", ["%00", "%FF%FE", "a%0Ab", "%22%5C%22", "%1B[2J", "*", "_explain.time", "_tcp", "@",
                                  "_services._dns-sd._udp", "ip-10-0-1-7.addr", "1.0.0.127.in-addr.arpa.", ".",
                                  "localhost.", "version.bind."])
@pytest.mark.parametrize("rdtype", ["SRV", "ANY", "PTR", "OPT", "AXFR", "TYPE0", "TYPE65535"])
def test_odd_questions_harm_nobody(shared, name, rdtype):
    status, body = shared.http(f"/v1/explain?name={name}&type={rdtype}")
    assert status in (200, 400)
    json.loads(body)


@pytest.fixture(scope="module")
def shared(shared_start, tmp_path_factory):
    path = tmp_path_factory.mktemp("catalog") / "services.toml"
    path.write_text(TIME)
    return shared_start(catalog=[{"type": "file", "path": str(path)}])


def test_other_methods_are_405(daemon):
    for method in ("POST", "DELETE", "PUT"):
        assert daemon.http("/v1/explain?name=time", method=method)[0] == 405
