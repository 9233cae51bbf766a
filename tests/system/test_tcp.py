"""forwarding.md, Listening: TCP (RFC 7766, 7828, 9210)."""
import socket
import struct
import time

import dns.edns
import pytest

from support.ask import TcpClient, ask, endpoints, framed, in_zone, option, question, values
from support.scripted_upstream import ScriptedUpstream, address_answer
from support.zone_catalog import ZONE_CATALOG

KEEPALIVE = 11


def slow_script(asked):
    if asked.name.lower().startswith("slow"):
        time.sleep(0.7)
    return address_answer(asked)


@pytest.fixture(scope="module")
def elsewhere():
    one = ScriptedUpstream(slow_script)
    yield one
    one.close()


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    path = tmp_path_factory.mktemp("catalog") / "services.toml"
    path.write_text(ZONE_CATALOG)
    return [{"type": "file", "path": str(path)}]


@pytest.fixture(scope="module")
def daemon(shared_start, catalog, elsewhere):
    return shared_start(catalog=catalog, forward={"upstreams": [elsewhere.text]})


def zone_query(name="time", rdtype="SRV", **how):
    return question(in_zone(name), rdtype, **how)


def test_many_queries_use_one_connection(daemon):
    with TcpClient(daemon.tcp[0]) as client:
        for _ in range(50):
            query = zone_query()
            client.send(query)
            reply = client.receive()
            assert reply.id == query.id and len(endpoints(reply)) == 2


def test_queries_sent_at_once_are_all_answered(daemon):
    queries = [zone_query() for _ in range(200)]
    with TcpClient(daemon.tcp[0]) as client:
        client.send(*queries)
        ids = [client.receive().id for _ in queries]
    assert sorted(ids) == sorted(query.id for query in queries)


def test_a_quick_answer_does_not_wait_for_a_slow_one(daemon):
    slow, quick = question("slow1.example."), zone_query()
    with TcpClient(daemon.tcp[0]) as client:
        client.send(slow, quick)
        assert client.receive().id == quick.id
        assert client.receive().id == slow.id


def test_a_query_may_come_byte_by_byte(daemon):
    query = zone_query()
    with TcpClient(daemon.tcp[0]) as client:
        for byte in framed(query.to_wire()):
            client.socket.sendall(bytes([byte]))
            time.sleep(0.002)
        assert client.receive().id == query.id


def test_a_query_may_be_cut_anywhere(daemon):
    first, second = zone_query(), zone_query()
    stream = framed(first.to_wire()) + framed(second.to_wire())
    for cut in range(1, len(stream), 7):
        with TcpClient(daemon.tcp[0]) as client:
            client.socket.sendall(stream[:cut])
            time.sleep(0.005)
            client.socket.sendall(stream[cut:])
            assert {client.receive().id, client.receive().id} == {first.id, second.id}


def test_length_and_body_come_in_one_write(daemon):
    with TcpClient(daemon.tcp[0]) as client:
        client.send(zone_query())
        data = client.socket.recv(65535)
        assert len(data) == 2 + struct.unpack("!H", data[:2])[0]


@pytest.mark.parametrize("name", ["time.servicediscovery.internal.", "slow2.example."])
def test_a_half_closed_connection_still_gets_its_answers(daemon, name):
    queries = [question(name, "A") for _ in range(5)]
    with TcpClient(daemon.tcp[0]) as client:
        client.send(*queries)
        client.socket.shutdown(socket.SHUT_WR)
        assert sorted(client.receive().id for _ in queries) == sorted(query.id for query in queries)
        assert client.receive() is None


def test_a_large_answer_to_a_slow_reader_is_whole(daemon):
    queries = [zone_query("crowd") for _ in range(600)]  # some 9 MB of answers: more than any socket buffer
    with TcpClient(daemon.tcp[0]) as client:
        client.send(*queries)
        time.sleep(0.5)
        headers = [client.receive_bytes()[:8] for _ in queries]
    assert {header[:2] for header in headers} == {struct.pack("!H", query.id) for query in queries}
    assert {struct.unpack("!H", header[6:8])[0] for header in headers} == {200}, "ANCOUNT"


def test_an_idle_connection_is_closed(start, catalog):
    daemon = start(catalog=catalog, listen={"tcp_idle": "1s"})
    with TcpClient(daemon.tcp[0]) as client, TcpClient(daemon.tcp[0]) as silent:
        for _ in range(4):
            client.send(zone_query())
            assert client.receive() is not None
            time.sleep(0.4)
        assert silent.is_closed(0.5), "it never said anything"
        assert client.is_closed(3)


def test_a_connection_with_half_a_query_is_closed(start, catalog):
    daemon = start(catalog=catalog, listen={"tcp_idle": "1s"})
    with TcpClient(daemon.tcp[0]) as client:
        client.socket.sendall(framed(zone_query().to_wire())[:-3])
        assert client.is_closed(4)


def test_at_the_limit_the_oldest_idle_connection_goes(start, catalog):
    daemon = start(catalog=catalog, listen={"tcp_connections": 4})
    clients = [TcpClient(daemon.tcp[0]) for _ in range(4)]
    try:
        for client in clients[1:] + clients[:1]:  # now clients[1] is the one idle longest
            client.send(zone_query())
            assert client.receive() is not None
            time.sleep(0.02)
        with TcpClient(daemon.tcp[0]) as newest:
            newest.send(zone_query())
            assert len(endpoints(newest.receive())) == 2
            assert clients[1].is_closed(2)
            for client in (clients[0], clients[2], clients[3]):
                client.send(zone_query())
                assert client.receive() is not None
    finally:
        for client in clients:
            client.socket.close()


def test_keepalive_is_told_to_those_who_ask(daemon):
    ask_keepalive = [dns.edns.GenericOption(KEEPALIVE, b"")]
    told = option(ask(daemon, "time", "SRV", tcp=True, options=ask_keepalive), KEEPALIVE)
    assert told == struct.pack("!H", 100), "10 s in units of 100 ms"


def test_keepalive_is_as_configured(start, catalog):
    daemon = start(catalog=catalog, listen={"tcp_idle": "3s"})
    reply = ask(daemon, "time", "SRV", tcp=True, options=[dns.edns.GenericOption(KEEPALIVE, b"")])
    assert option(reply, KEEPALIVE) == struct.pack("!H", 30)


def test_keepalive_is_not_told_unasked_or_over_udp(daemon):
    assert option(ask(daemon, "time", "SRV", tcp=True, edns=0), KEEPALIVE) is None
    assert option(ask(daemon, "time", "SRV", options=[dns.edns.GenericOption(KEEPALIVE, b"")]), KEEPALIVE) is None


def test_a_slow_answer_outlives_the_idle_time(start, catalog, upstream):
    def script(asked):
        time.sleep(2)
        return address_answer(asked)

    elsewhere = upstream(script)
    spare = upstream(script)
    daemon = start(catalog=catalog, listen={"tcp_idle": "1s"}, forward={"upstreams": [elsewhere.text, spare.text]})
    assert values(ask(daemon, "late.example.", "A", tcp=True), "A") == ["192.0.2.1"]
