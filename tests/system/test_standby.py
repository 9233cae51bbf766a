"""standby_for: a catalog that is read only while another one is away."""
import time

from support.ask import ask, ask_edns, ask_until, assert_nxdomain, ede, endpoints, rcode
from support.catalog_text import service, toml_catalog
from support.daemon import configuration, run
from support.moto_route53 import KEYS
from support.relays import STALE_AFTER, catalog, target, targets
from support.route53_server import Route53Server, srv


def standby(path, **keys):
    return {"type": "file", "path": str(path), "name": "own", "standby_for": "relay", **keys}


def test_a_standby_is_read_only_while_its_primary_is_away(relay, reader, catalog_file):
    own = catalog_file(catalog("10.0.0.77"), "own.toml")
    one = relay(catalog())
    two = reader(one, standby(own))
    ask_until(two, "time", "SRV", endpoints, seconds=5)
    time.sleep(STALE_AFTER + 1)
    assert "own: read" not in two.log()
    assert targets(two) == [target("10.0.0.1")]
    port = one.control[1]
    one.stop()
    began = time.monotonic()
    ask_until(two, "time", "SRV", lambda reply: endpoints(reply)[0][0] == target("10.0.0.77"), seconds=8)
    took = time.monotonic() - began
    assert took > STALE_AFTER - 0.5
    reply = ask_edns(two, "time", "SRV")
    assert len(endpoints(reply)) == 1 and ede(reply) == [], "the primary's old word is set aside"
    relay(catalog("10.0.0.2"), control={"listen": f"127.0.0.1:{port}"})
    ask_until(two, "time", "SRV", lambda reply: endpoints(reply)[0][0] == target("10.0.0.2"), seconds=15)
    assert len(targets(two)) == 1
    assert "catalog relay:" not in two.http("/ready")[1]
    print(f"the standby took over {took:.1f} s after the relay had gone")


def test_the_cloud_is_not_asked_while_the_relay_is_there(relay, reader):
    cloud = Route53Server()
    try:
        cloud.serve("Z1EXAMPLE", srv("time", "1 1 80 of.the.cloud.example", "a"))
        one = relay(catalog())
        two = reader(one, {"type": "route53", "zone": "Z1EXAMPLE", "endpoint": cloud.url, "refresh": "1s",
                           "name": "own", "standby_for": "relay"}, environment=KEYS)
        ask_until(two, "time", "SRV", endpoints, seconds=5)
        time.sleep(STALE_AFTER + 1)
        assert cloud.requests() == []
        port = one.control[1]
        one.stop()
        ask_until(two, "time", "SRV", lambda reply: endpoints(reply)[0][0] == "of.the.cloud.example.", seconds=10)
        relay(catalog(), control={"listen": f"127.0.0.1:{port}"})
        ask_until(two, "time", "SRV", lambda reply: endpoints(reply)[0][0] == target("10.0.0.1"), seconds=15)
        asked = len(cloud.requests())
        time.sleep(3)
        assert len(cloud.requests()) <= asked + 1, "one may have been on its way"
    finally:
        cloud.close()


def test_a_standby_serves_when_the_primary_never_answered(reader, catalog_file):
    two = reader("http://127.0.0.1:1", standby(catalog_file(catalog("10.0.0.77"))))
    assert rcode(ask(two, "time", "SRV")) == "SERVFAIL"
    ask_until(two, "time", "SRV", endpoints, seconds=8)
    assert_nxdomain(ask(two, "nosuch", "SRV"))
    assert "catalog relay:" not in two.http("/ready")[1]


def test_a_primary_that_cannot_be_replaced_goes_on_stale(relay, reader, tmp_path):
    one = relay(catalog())
    two = reader(one, standby(tmp_path / "nosuch.toml"))
    ask_until(two, "time", "SRV", endpoints, seconds=5)
    one.stop()
    two.wait_for_log("own: not read", seconds=10)
    reply = ask_edns(two, "time", "SRV")
    assert endpoints(reply) and ede(reply) == [3]


def test_a_relay_that_is_there_keeps_the_standby_out_whatever_it_lacks(start, reader, catalog_file, tmp_path):
    one = start(catalog=[{"type": "file", "path": str(catalog_file(catalog()))},
                         {"type": "file", "path": str(tmp_path / "nosuch.toml"), "name": "broken"}])
    two = reader(one, standby(catalog_file(catalog("10.0.0.77"), "own.toml")))
    two.wait_for_log("its source broken has not been read yet")
    time.sleep(STALE_AFTER + 1)
    assert targets(two) == [target("10.0.0.1")]
    assert "own: read" not in two.log()


def test_a_reload_does_not_bring_the_primarys_old_word_back(relay, reader, catalog_file):
    own = standby(catalog_file(catalog("10.0.0.77"), "own.toml"))
    one = relay(catalog())
    two = reader(one, own)
    ask_until(two, "time", "SRV", endpoints, seconds=5)
    one.stop()
    ask_until(two, "time", "SRV", lambda reply: endpoints(reply)[0][0] == target("10.0.0.77"), seconds=8)
    url = f"http://127.0.0.1:{one.control[1]}"
    more = {"type": "file", "path": str(catalog_file(toml_catalog(service("more", ["10.0.0.5:80"])), "more.toml"))}
    two.reconfigure(catalog=[{"type": "signpost", "url": url, "name": "relay"}, own, more])
    ask_until(two, "more", "SRV", endpoints, seconds=5)
    assert targets(two) == [target("10.0.0.77")]


def test_a_standby_of_an_unknown_catalog_is_an_error(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text(configuration(catalog=[{"type": "file", "path": "a", "name": "main"},
                                           {"type": "file", "path": "b", "standby_for": "mian"}]))
    ended = run("--check", "--config", path)
    assert ended.returncode == 1 and "did you mean 'main'?" in ended.stderr + ended.stdout
