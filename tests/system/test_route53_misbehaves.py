"""A Route 53 that throttles, breaks off, says something else, or keeps another time: what was known stays."""
import time

import pytest

from support.ask import ask, ask_edns, ask_until, ede, endpoints, rcode, strings, values
from support.daemon import wait_until
from support.moto_route53 import KEYS
from support.route53_server import RecordSet, Route53Server, error, sets_page, srv

A_ZONE = "Z1EXAMPLE"


@pytest.fixture
def route53():
    server = Route53Server()
    yield server
    server.close()


@pytest.fixture
def serve(start, route53):
    def serve_one(zone=A_ZONE, refresh="1s", **keys):
        return start(environment=KEYS, catalog=[
            {"type": "route53", "zone": zone, "endpoint": route53.url, "refresh": refresh, **keys}])

    return serve_one


def calc(port, identifier="a"):
    return srv("calc", f"1 1 {port} h.example.com", identifier)


def hears(daemon, name, ports, seconds=10):
    return ask_until(daemon, name, "SRV", lambda heard: sorted(port for _, port in endpoints(heard)) == ports, seconds)


def test_throttled_at_first_it_starts_all_the_same(serve, route53):
    """One throttled call kept CoreDNS from starting (coredns#4899)."""
    route53.serve(A_ZONE, calc(80))
    refused = []

    def throttle(handler, _action):
        if len(refused) == 2:
            return False
        refused.append(handler.path)
        handler.refuse(400, "Throttling", "Rate exceeded")
        return True

    route53.behave = throttle
    daemon = serve()
    reply = ask_edns(daemon, "calc", "SRV")
    assert (rcode(reply), ede(reply)) == ("SERVFAIL", [14]), "not read yet, so never NXDOMAIN"
    hears(daemon, "calc", [80])
    moments = [when for _, _, when in route53.requests()]
    assert moments[1] - moments[0] > 0.9 and moments[2] - moments[1] > 1.9, "it rests longer each time"


def test_throttled_for_long_it_says_so_and_keeps_what_it_had(serve, route53):
    route53.serve(A_ZONE, calc(80))
    daemon = serve()
    hears(daemon, "calc", [80])
    route53.behave = lambda handler, _action: handler.refuse(400, "Throttling", "Rate exceeded") or True
    time.sleep(4)
    reply = ask_edns(daemon, "calc", "SRV")
    assert endpoints(reply) == [("h.example.com.", 80)]
    wait_until(lambda: ede(ask_edns(daemon, "calc", "SRV")) == [3], 5)
    assert len(route53.requests()) < 10, "it asks ever less"
    route53.behave = None
    wait_until(lambda: ede(ask_edns(daemon, "calc", "SRV")) == [], 20)


def test_a_page_that_breaks_off_keeps_the_whole_old_zone(serve, route53):
    many = [srv(f"s{i:03}", "1 1 80 h.example.com", "a") for i in range(400)]
    route53.serve(A_ZONE, *many)
    daemon = serve()
    hears(daemon, "s399", [80], 20)

    def break_second_page(handler, action):
        if action != "sets" or "name=" not in handler.path:
            return False
        handler.break_off(sets_page(route53.sets[A_ZONE], {"name": "s300.servicediscovery.internal.", "type": "SRV",
                                                           "identifier": "a"}))
        return True

    route53.behave = break_second_page
    route53.serve(A_ZONE, *[srv(f"s{i:03}", "1 1 81 h.example.com", "a") for i in range(400)])
    daemon.wait_for_log(r"kept what was there", seconds=20)
    for name in ("s000", "s399"):
        assert endpoints(ask(daemon, name, "SRV")) == [("h.example.com.", 80)]
    route53.behave = None
    hears(daemon, "s000", [81], 20)


@pytest.mark.parametrize("body, said", [
    ("<html><body>Please sign in</body></html>", "found <html>"),
    ("", "found ''"),
    ("<ListResourceRecordSetsResponse><ResourceRecordSets>", "found '<ListResourceRecordSetsResponse>"),
])
def test_a_body_that_is_no_page_is_said(serve, route53, body, said):
    route53.behave = lambda handler, _action: handler.reply(200, body) or True
    daemon = serve()
    daemon.wait_for_log("not read: ListResourceRecordSets: expected the XML document "
                        "<ListResourceRecordSetsResponse>, " + said, seconds=10)
    status, text = daemon.http("/ready")
    assert status == 503 and said in text


def test_another_zone_first_is_not_taken(serve, route53):
    """The API lists zones from a name on; the first need not have it (contracts.md, 2.4)."""
    route53.serve("Z9", calc(80), name="zeta.internal.")
    daemon = serve(zone="servicediscovery.internal")
    daemon.wait_for_log("expected a hosted zone servicediscovery.internal in this account, found none")
    assert rcode(ask(daemon, "calc", "SRV")) == "SERVFAIL"
    assert not route53.requests("sets"), "nothing of the other zone was read"


def test_two_zones_of_one_name_are_an_error_that_lists_them(serve, route53):
    route53.serve("Z1", calc(80))
    route53.serve("Z2", calc(81))
    daemon = serve(zone="servicediscovery.internal")
    daemon.wait_for_log("expected one private hosted zone servicediscovery.internal, found 2: Z1, Z2; set the "
                        "catalog's zone to the id of one")
    route53.zones = route53.zones[1:]
    hears(daemon, "calc", [81])


@pytest.mark.parametrize("skew", [-3600, 3600])
def test_a_clock_that_is_wrong_is_made_up_for(serve, route53, skew):
    route53.skew = skew
    route53.serve(A_ZONE, calc(80))
    daemon = serve()
    hears(daemon, "calc", [80])
    daemon.wait_for_log("this host's clock is 3600 s (behind|ahead of) AWS's")


def test_access_denied_names_the_permission(serve, route53):
    route53.behave = lambda handler, _action: handler.refuse(403, "AccessDenied", "User: x is not authorized") or True
    daemon = serve(refresh="30s")
    daemon.wait_for_log(r"AccessDenied: 'User: x is not authorized'; allow route53:ListResourceRecordSets on "
                        rf"arn:aws:route53:::hostedzone/{A_ZONE} for these credentials")
    time.sleep(3)
    assert len(route53.requests()) == 1, "it is not asked for in a hurry"


def test_one_set_that_makes_no_sense_does_not_cost_the_zone(serve, route53):
    route53.serve(A_ZONE, srv("bad", "1 1 80", "a"), RecordSet("strange", "WORD", ["1"]), calc(80))
    daemon = serve()
    hears(daemon, "calc", [80])
    daemon.wait_for_log(r"route53 Z1EXAMPLE: left out 2 that make no sense: .*'strange.servicediscovery.internal.' WORD")


def test_health_chooses_and_comes_back(serve, route53):
    route53.serve(A_ZONE,
                  srv("db", "1 1 80 h.example.com", "one", policy="<Failover>PRIMARY</Failover>", check="c1"),
                  srv("db", "1 1 81 h.example.com", "two", policy="<Failover>SECONDARY</Failover>"))
    route53.health["c1"] = ["Success: OK"] * 2 + ["Failure: time-out"] * 14  # 12.5 %
    daemon = serve()
    hears(daemon, "db", [81], 20)
    assert any("status=unhealthy" in told and "health_check=c1" in told for told in strings(ask(daemon, "db", "TXT")))
    (explained,) = [told[0] for told in strings(ask(daemon, "_explain.db", "TXT")) if told[0].startswith("one ")]
    assert "out" in explained and "unhealthy" in explained


def test_an_api_that_is_away_makes_the_data_stale_not_gone(serve, route53):
    route53.serve(A_ZONE, calc(80), RecordSet("db", "A", ["10.0.0.1"]))
    daemon = serve()
    hears(daemon, "calc", [80])
    route53.close()
    wait_until(lambda: ede(ask_edns(daemon, "calc", "SRV")) == [3], 10)
    assert endpoints(ask(daemon, "calc", "SRV")) == [("h.example.com.", 80)]
    assert values(ask(daemon, "db", "A"), "A") == ["10.0.0.1"]


def test_sources_share_one_budget(start, route53):
    for i in range(3):
        route53.serve(f"Z{i}", *[srv(f"s{i}{k:04}", "1 1 80 h.example.com", "a") for k in range(1500)])
    start(environment=KEYS, catalog=[{"type": "route53", "zone": f"Z{i}", "endpoint": route53.url, "refresh": "1s"}
                                     for i in range(3)])
    time.sleep(5)
    moments = [when for _, _, when in route53.requests()]
    assert 15 <= len(moments) <= 22, "4 a second, all sources together"
    assert min(b - a for a, b in zip(moments, moments[1:])) > 0.15


def test_an_error_that_is_no_xml_falls_back_to_its_status(serve, route53):
    route53.behave = lambda handler, _action: handler.reply(404, "no such page") or True
    serve().wait_for_log("Route 53 refused ListResourceRecordSets: HTTP 404$|HTTP 404\n")


def test_the_error_body_of_the_wild_is_read(serve, route53):
    route53.behave = lambda handler, _action: handler.reply(404, error("NoSuchHostedZone", "none")) or True
    serve().wait_for_log("NoSuchHostedZone: 'none'; check the catalog's zone")
