"""zone.md, Which instances, which order, which weight: the choice as clients see it."""
import socket
from collections import Counter

import pytest

from support.ask import ask, ask_edns, endpoints, has, question, rcode, records, values, in_zone
from support.catalog_text import instance, service, toml_catalog
from support.statistics import assert_fits
from support.zone_catalog import ZONE_CATALOG

ANSWERS = 20_000
SPLIT = {"10.0.10.1": 100, "10.0.10.2": 200, "10.0.10.3": 300, "10.0.10.4": 400}


@pytest.fixture(scope="module")
def daemon(shared_start, tmp_path_factory):
    path = tmp_path_factory.mktemp("catalog") / "services.toml"
    path.write_text(ZONE_CATALOG)
    return shared_start(catalog=[{"type": "file", "path": str(path)}])


def first_of_many(daemon, name, rdtype, read, count):
    """What `read` finds in the first answer record's rdata, counted over `count` replies. By hand: dnspython would take minutes."""
    packet = question(in_zone(name), rdtype).to_wire()
    rdata_at = len(packet) + 12  # the owner is a pointer: 2, type 2, class 2, TTL 4, length 2
    seen = Counter()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(10)
        client.connect(daemon.address)
        for _ in range(count):
            client.send(packet)
            reply = client.recv(65535)
            assert reply[len(packet):len(packet) + 2] == b"\xc0\x0c"
            seen[read(reply[rdata_at:])] += 1
    return seen


def read_address(rdata):
    return socket.inet_ntoa(rdata[:4])


def read_target(rdata):
    """`ip-10-0-10-1` of an SRV record as an address."""
    label = rdata[7:7 + rdata[6]].decode()
    return label.removeprefix("ip-").replace("-", ".")


def test_the_first_address_follows_the_weights(daemon):
    assert_fits(first_of_many(daemon, "split", "A", read_address, ANSWERS), SPLIT)


def test_the_first_srv_follows_the_weights(daemon):
    assert_fits(first_of_many(daemon, "split", "SRV", read_target, ANSWERS), SPLIT)


def test_equal_weights_are_chosen_equally(daemon):
    seen = first_of_many(daemon, "twoports", "SRV", lambda rdata: rdata[4:30], 6000)
    assert_fits(seen, {key: 1 for key in seen})
    assert len(seen) == 3


def test_srv_and_its_addresses_are_in_one_order(daemon):
    for _ in range(20):
        reply = ask(daemon, "split", "SRV")
        targets = [target for target, _ in endpoints(reply)]
        assert [record.split()[0] for record in records(reply.additional)] == targets


def test_every_instance_is_in_every_answer(daemon):
    for _ in range(20):
        assert set(values(ask(daemon, "split", "A"), "A")) == set(SPLIT)


def test_max_answers_gives_a_weighted_sample_and_no_truncation(start, catalog_file):
    path = catalog_file(toml_catalog(service("many", [instance(f"10.2.0.{n}:80") for n in range(1, 101)])))
    daemon = start(catalog=[{"type": "file", "path": str(path)}], zone={"max_answers": 3})
    seen = set()
    for _ in range(300):
        reply = ask(daemon, "many", "A")
        assert len(values(reply, "A")) == 3 and not has(reply, "TC")
        seen.update(values(reply, "A"))
    assert len(seen) > 90
    assert len(endpoints(ask(daemon, "many", "SRV"))) == 3


def test_the_weight_floor_leaves_no_zero(start, catalog_file):
    path = catalog_file(ZONE_CATALOG)
    daemon = start(catalog=[{"type": "file", "path": str(path)}], zone={"weight_floor": 1})
    assert {text.split()[1] for text in values(ask(daemon, "zero", "SRV"), "SRV")} == {"1", "100"}


def test_weights_too_large_for_srv_are_scaled_with_their_ratio(start, catalog_file):
    path = catalog_file(toml_catalog(service("huge", [instance("10.2.0.1:80", weight=100_000),
                                                      instance("10.2.0.2:80", weight=400_000)])))
    daemon = start(catalog=[{"type": "file", "path": str(path)}])
    low, high = sorted(int(text.split()[1]) for text in values(ask(daemon, "huge", "SRV"), "SRV"))
    assert 1 <= low < high <= 65535
    assert high / low == pytest.approx(4, rel=0.01)


def test_additional_is_dropped_before_the_answer_is_cut(daemon):
    reply = ask_edns(daemon, "middle", "SRV")
    assert not has(reply, "TC")
    assert len(endpoints(reply)) == 18
    assert len(records(reply.additional)) < 18
    assert len(reply.to_wire()) <= 1232


def test_too_large_for_udp_is_truncated_with_as_many_as_fit(daemon):
    reply = ask(daemon, "crowd", "SRV")
    assert has(reply, "TC") and has(reply, "AA")
    assert rcode(reply) == "NOERROR"
    assert 1 <= len(endpoints(reply)) < 200
    assert records(reply.additional) == []
    larger = ask_edns(daemon, "crowd", "SRV")
    assert has(larger, "TC") and len(endpoints(larger)) > len(endpoints(reply))


def test_over_tcp_the_answer_is_whole(daemon):
    reply = ask(daemon, "crowd", "SRV", tcp=True)
    assert not has(reply, "TC")
    assert len(set(endpoints(reply))) == 200
    assert len(records(reply.additional)) == 200
    assert len(set(values(ask(daemon, "crowd", "A", tcp=True), "A"))) == 200


def test_more_than_tcp_can_carry_is_cut_and_harms_nobody(start, catalog_file):
    path = catalog_file(toml_catalog(service("vast", [f"10.{n >> 8}.{n & 255}.1:80" for n in range(3000)])))
    daemon = start(catalog=[{"type": "file", "path": str(path)}])
    reply = ask(daemon, "vast", "SRV", tcp=True)
    assert has(reply, "TC") and 500 < len(endpoints(reply)) < 3000
    assert len(values(ask(daemon, "vast", "A", tcp=True), "A")) == 3000
