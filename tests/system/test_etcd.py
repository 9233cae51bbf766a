"""The source `etcd` against Debian's etcd and its own client: SkyDNS keys as CoreDNS's etcd plugin reads them, changes
as they happen, and what an operator does to a cluster."""
import os
import signal
import time

import pytest

from support.ask import (ZONE, ask, ask_edns, ask_until, assert_nodata, assert_nxdomain, ede, endpoints, rcode, strings,
                         ttls, values)
from support.daemon import SANITIZED, wait_until
from support.tls_servers import Authority

SOON = 10 if SANITIZED else 1  # seconds; the promise of 0.1 s is printed, a loaded machine keeps it less well
SERVICES, EACH = 1000, 100


@pytest.fixture
def serve(start):
    """serve(etcd, ...) starts a daemon with these clusters' first endpoints, and further keys of [[catalog]]."""

    def start_with(*clusters, environment=None, **keys):
        endpoints_of = [cluster.url for cluster in clusters]
        return start(catalog=[{"type": "etcd", "endpoints": endpoints_of, **keys}], environment=environment)

    return start_with


def target(address):
    return f"ip-{address.replace('.', '-')}.addr.{ZONE}"


def addresses(daemon, name):
    return sorted(values(ask(daemon, name, "A"), "A"))


def wait_for(daemon, name, *wanted, seconds=SOON):
    wait_until(lambda: addresses(daemon, name) == sorted(wanted), seconds, lambda: f"{name} has {addresses(daemon, name)}")


# --- the layout ---


def test_a_name_answers_with_all_keys_below_it(etcd, serve):
    etcd.put("prod/web/x1", host="10.0.0.1", port=80)
    etcd.put("prod/web/x2", host="10.0.0.2", port=81, priority=5, weight=7)
    etcd.put("prod/api/y1", host="10.0.0.3", port=82)
    etcd.put("db", host="10.0.0.4", port=83)
    daemon = serve(etcd)
    wait_for(daemon, "web.prod", "10.0.0.1", "10.0.0.2")
    assert addresses(daemon, "prod") == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    assert addresses(daemon, "x2.web.prod") == ["10.0.0.2"]
    assert addresses(daemon, "db") == ["10.0.0.4"]
    assert sorted(values(ask(daemon, "web.prod", "SRV"), "SRV")) == [f"10 100 80 {target('10.0.0.1')}",
                                                                   f"5 7 81 {target('10.0.0.2')}"]
    assert_nxdomain(ask(daemon, "x3.web.prod", "A"))
    assert_nxdomain(ask(daemon, "other", "SRV"))


def test_only_keys_below_the_zone_count(etcd, serve):
    etcd.put("web", host="10.0.0.1", port=80)
    etcd.etcdctl("put", "/skydns/internal/servicediscovery2/web", '{"host":"10.0.0.2","port":80}')
    etcd.etcdctl("put", "/other/internal/servicediscovery/web", '{"host":"10.0.0.3","port":80}')
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1")
    other = serve(etcd, prefix="/other/")
    wait_for(other, "web", "10.0.0.3")


def test_the_fields_of_a_message(etcd, serve):
    etcd.put("web/x1", host="10.0.0.1", port=80, ttl=3, text="hello", mail=True, targetstrip=1)
    etcd.put("web/x2", host="2001:db8::7", port=80)
    etcd.put("_tcp/_web/x3", host="10.0.0.3", port=80)
    etcd.put("words/x1", text="no address")
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.3")
    reply = ask(daemon, "_web._tcp", "SRV")
    assert len(endpoints(reply)) == 3 and ttls(reply.answer) == {3}
    assert values(ask(daemon, "web", "AAAA"), "AAAA") == ["2001:db8::7"]
    assert any({"id=x1", "text=hello"} <= set(told) for told in strings(ask(daemon, "web", "TXT")))
    assert_nodata(ask(daemon, "words", "SRV"))
    assert any("text=no address" in told for told in strings(ask(daemon, "words", "TXT")))


def test_groups_keep_others_out(etcd, serve):
    etcd.put("web/x1", host="10.0.0.1", port=80, group="g1")
    etcd.put("web/sub/x2", host="10.0.0.2", port=80, group="g2")
    etcd.put("web/sub/x3", host="10.0.0.3", port=80)
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.3")
    assert addresses(daemon, "sub.web") == ["10.0.0.2", "10.0.0.3"]


def test_a_bad_value_is_said_and_takes_nothing_with_it(etcd, serve):
    etcd.put("web/x1", host="10.0.0.1", port=80)
    etcd.put_text("web/x2", "no json")
    for number in range(20):
        etcd.put_text(f"web/many{number}", '{"port":"eighty"}')
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1")
    daemon.wait_for_log("passed over key '/skydns/internal/servicediscovery/web/.*eighty")
    daemon.wait_for_log("passed over 16 more keys")
    etcd.put("web/x2", host="10.0.0.2", port=80)
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.2")
    etcd.put_text("web/x2", "no json")
    wait_for(daemon, "web", "10.0.0.1")


# --- changes ---


def seconds_until(daemon, condition, change):
    """From the change's return, the earliest that it could count."""
    change()
    began = time.monotonic()
    wait_until(condition, SOON, pause=0.001)
    return time.monotonic() - began


def test_puts_and_deletes_are_seen_at_once(etcd, serve):
    keys = etcd.connection()
    keys.put("web/x1", host="10.0.0.1", port=80)
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1")
    taken = []
    for number in range(20):
        host = f"10.0.1.{number + 1}"
        taken.append(seconds_until(daemon, lambda: host in addresses(daemon, "web"),
                                   lambda: keys.put("web/x2", host=host, port=80)))
        taken.append(seconds_until(daemon, lambda: host not in addresses(daemon, "web"), lambda: keys.delete("web/x2")))
    print(f"\na change was visible after {sorted(taken)[20] * 1000:.1f} ms (median), {max(taken) * 1000:.1f} ms at most")


def test_a_name_that_was_not_there_is_seen_at_once(etcd, serve):
    etcd.put("web/x1", host="10.0.0.1", port=80)
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1")
    assert_nxdomain(ask(daemon, "new", "A"))
    etcd.put("new/x1", host="10.0.0.2", port=80)
    wait_for(daemon, "new", "10.0.0.2")
    etcd.delete("new/x1")
    ask_until(daemon, "new", "A", lambda reply: rcode(reply) == "NXDOMAIN", SOON)


def test_a_lease_that_runs_out_takes_its_key_along(etcd, serve):
    etcd.put("web/x1", host="10.0.0.1", port=80)
    etcd.put("web/x2", lease=etcd.lease(1), host="10.0.0.2", port=80)
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.2")
    watched = etcd.connection()
    wait_until(lambda: not watched.has("web/x2"), 20, pause=0.002)
    began = time.monotonic()
    wait_for(daemon, "web", "10.0.0.1")
    print(f"\na lease's end was visible {(time.monotonic() - began) * 1000:.1f} ms after etcd had it")


def test_a_whole_folder_goes_at_once(etcd, serve):
    for number in range(20):
        etcd.connection().put(f"web/x{number}", host=f"10.0.0.{number + 1}", port=80)
    daemon = serve(etcd)
    wait_until(lambda: len(addresses(daemon, "web")) == 20, SOON)
    etcd.delete("web/", "--prefix")
    ask_until(daemon, "web", "A", lambda reply: rcode(reply) == "NXDOMAIN", SOON)


# --- trouble ---


def test_a_cluster_that_is_away_leaves_its_names_and_comes_back(etcd, serve):
    etcd.put("web/x1", host="10.0.0.1", port=80)
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1")
    etcd.kill()
    daemon.wait_for_log("kept what was there: POST .*/v3/watch")
    wait_until(lambda: ede(ask_edns(daemon, "web", "A")) == [3], 15)
    assert addresses(daemon, "web") == ["10.0.0.1"]
    etcd.start()
    etcd.put("web/x2", host="10.0.0.2", port=80)
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.2", seconds=40)
    assert ede(ask_edns(daemon, "web", "A")) == []
    assert daemon.log().count(": read ") == 1, "it went on where it had stopped"


def test_a_cluster_that_is_away_at_the_start_is_read_later(etcd, serve):
    etcd.put("web/x1", host="10.0.0.1", port=80)
    etcd.kill()
    daemon = serve(etcd)
    reply = ask_edns(daemon, "web", "A")
    assert rcode(reply) == "SERVFAIL" and ede(reply) == [14]
    assert daemon.http("/ready")[0] == 503
    etcd.start()
    wait_for(daemon, "web", "10.0.0.1", seconds=40)
    assert daemon.http("/ready")[0] == 200


def test_what_changed_while_the_history_was_compacted_is_read_anew(etcd, serve):
    etcd.put("web/x1", host="10.0.0.1", port=80)
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1")
    daemon.send_signal(signal.SIGSTOP)
    etcd.kill()
    etcd.start()
    etcd.put("web/x2", host="10.0.0.2", port=80)
    etcd.delete("web/x1")
    etcd.compact()
    daemon.send_signal(signal.SIGCONT)
    wait_for(daemon, "web", "10.0.0.2", seconds=40)
    daemon.wait_for_log("etcd has compacted its history up to revision 4: all keys are read anew")


def test_compaction_under_a_watch_that_stands_changes_nothing(etcd, serve):
    etcd.put("web/x1", host="10.0.0.1", port=80)
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1")
    for number in range(5):
        etcd.put(f"web/y{number}", host=f"10.0.1.{number + 1}", port=80)
        etcd.compact()
    wait_until(lambda: len(addresses(daemon, "web")) == 6, SOON)
    assert daemon.log().count(": read ") == 1


def test_a_restored_cluster_with_a_lower_revision_is_read_anew(etcd, serve):
    for number in range(10):
        etcd.put("web/x1", host=f"10.0.0.{number + 1}", port=80)
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.10")
    etcd.kill()
    etcd.forget_all()
    etcd.start()
    etcd.put("web/z1", host="10.0.9.1", port=80)
    wait_for(daemon, "web", "10.0.9.1", seconds=40)
    daemon.wait_for_log(r"etcd was restored: it is at revision \d+, after 11: all keys are read anew")
    etcd.put("web/z2", host="10.0.9.2", port=80)
    wait_for(daemon, "web", "10.0.9.1", "10.0.9.2")


def test_a_restored_cluster_that_lost_most_is_believed_when_it_was_seen_three_times(etcd, serve):
    for number in range(10):
        etcd.put(f"web/x{number}", host=f"10.0.0.{number + 1}", port=80)
    daemon = serve(etcd)
    wait_until(lambda: len(addresses(daemon, "web")) == 10, SOON)
    daemon.send_signal(signal.SIGSTOP)
    etcd.kill()
    etcd.forget_all()
    etcd.start()
    etcd.put("web/z1", host="10.0.9.1", port=80)
    daemon.send_signal(signal.SIGCONT)
    wait_until(lambda: daemon.log().count(": read ") == 2, 20)
    assert len(addresses(daemon, "web")) == 10
    wait_for(daemon, "web", "10.0.9.1", seconds=40)
    assert daemon.log().count(": read ") == 4


def test_a_server_that_falls_silent_is_noticed(etcd, serve):
    etcd.put("web/x1", host="10.0.0.1", port=80)
    daemon = serve(etcd)
    wait_for(daemon, "web", "10.0.0.1")
    time.sleep(3)  # it is asked how far it is by now
    etcd.freeze()
    frozen = time.monotonic()
    ask_until(daemon, "web", "A", lambda reply: ede(reply) == [3], 15, edns=0)
    old_after = time.monotonic() - frozen
    print(f"old {old_after:.1f} s after etcd was frozen")
    assert 2 < old_after < 6
    assert addresses(daemon, "web") == ["10.0.0.1"]
    etcd.thaw()
    etcd.put("web/x2", host="10.0.0.2", port=80)
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.2", seconds=40)


def test_the_second_endpoint_takes_over(etcd, new_etcd, serve):
    """Two clusters that hold the same: what counts here is that the other is asked, and believed."""
    other = new_etcd()
    for cluster in (etcd, other):
        cluster.put("web/x1", host="10.0.0.1", port=80)
    other.put("web/x2", host="10.0.0.2", port=80)
    daemon = serve(etcd, other)
    wait_for(daemon, "web", "10.0.0.1")
    etcd.kill()
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.2", seconds=20)
    other.put("web/x3", host="10.0.0.3", port=80)
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.2", "10.0.0.3")


# --- who may ---


def test_tls_with_our_own_authority_and_certificate(new_etcd, serve, tmp_path):
    authority = Authority(tmp_path)
    ca_file = authority.environment["SSL_CERT_FILE"]
    etcd = new_etcd(tls=authority.certificate("IP:127.0.0.1", "DNS:localhost"), authority=ca_file)
    etcd.put("web/x1", host="10.0.0.1", port=80)
    ours = authority.certificate("DNS:signpost")
    daemon = serve(etcd, ca_file=str(ca_file), cert_file=f"{ours}.pem", key_file=f"{ours}.key")
    wait_for(daemon, "web", "10.0.0.1", seconds=5)
    etcd.put("web/x2", host="10.0.0.2", port=80)
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.2")
    stranger = serve(etcd, ca_file=str(ca_file))
    stranger.wait_for_log("not read: POST https://.*/v3/kv/range")
    unbelieving = serve(etcd)
    unbelieving.wait_for_log("not read: POST https://.*certificate")


def test_a_user_with_a_password(etcd, serve, tmp_path):
    etcd.put("web/x1", host="10.0.0.1", port=80)
    etcd.demand_password("reader", "secret")
    nobody = serve(etcd)
    nobody.wait_for_log("etcdserver: user name is empty")
    password = tmp_path / "password"
    password.write_text("wrong\n")
    daemon = serve(etcd, user="reader", password_file=str(password))
    daemon.wait_for_log("as reader: HTTP 400: etcdserver: authentication failed, invalid user ID or password")
    password.write_text("secret\n")
    wait_for(daemon, "web", "10.0.0.1", seconds=10)
    etcd.put("web/x2", host="10.0.0.2", port=80)
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.2")
    etcd.kill()
    etcd.start()  # which forgets its tokens
    etcd.put("web/x3", host="10.0.0.3", port=80)
    wait_for(daemon, "web", "10.0.0.1", "10.0.0.2", "10.0.0.3", seconds=40)
    assert "secret" not in daemon.log() and "wrong" not in daemon.log()


# --- a large catalog ---


def cpu_seconds(daemon):
    """Of all its threads."""
    tasks = f"/proc/{daemon.pid}/task"
    return sum(int(open(f"{tasks}/{thread}/schedstat", encoding="ascii").read().split()[0]) for thread in os.listdir(tasks)) / 1e9


@pytest.mark.skipif(SANITIZED, reason="it measures")
def test_100_000_instances(etcd, serve):
    """Issue 4, Must show: the first table within 3 s; a changed key visible within 100 ms, for at most 5 ms of CPU."""
    keys = etcd.connection()
    keys.put_many((f"s{n}/i{i}", {"host": f"10.{n // 250}.{n % 250}.{i + 1}", "port": 1000 + i})
                  for n in range(SERVICES) for i in range(EACH))
    began = time.monotonic()
    daemon = serve(etcd)
    ask_until(daemon, f"s{SERVICES - 1}", "SRV", lambda reply: len(endpoints(reply)) == EACH, 30, tcp=True)
    first = time.monotonic() - began
    loading, memory = cpu_seconds(daemon), daemon.resident_bytes() / 2**20

    taken, changes = [], 100
    for number in range(changes):
        name = f"s{number * 7}"
        wanted = (target("10.200.0.1"), 2000 + number)
        taken.append(seconds_until(daemon, lambda: wanted in endpoints(ask(daemon, name, "SRV", tcp=True)),
                                   lambda: keys.put(f"{name}/i3", host="10.200.0.1", port=2000 + number)))
    time.sleep(0.5)
    before = cpu_seconds(daemon)
    for number in range(changes):
        keys.put(f"s{number * 7}/i4", host="10.200.0.2", port=2000 + number)
        time.sleep(0.03)
    each = (cpu_seconds(daemon) - before) / changes
    print(f"\n{SERVICES * EACH} instances: first table after {first:.2f} s ({loading:.2f} s of CPU), {memory:.0f} MiB; one changed key: "
          f"visible after {sorted(taken)[changes // 2] * 1000:.1f} ms (median), {max(taken) * 1000:.1f} ms (most), "
          f"{each * 1000:.2f} ms of CPU")
    assert first < 15 and loading < 3 and each < 0.005 and max(taken) < 1
    assert memory < 150
