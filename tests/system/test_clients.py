"""Programs that people use, as clients: dig, kdig, and glibc's getaddrinfo."""
import os
import re
import subprocess

import pytest

from support.ask import ZONE
from support.daemon import BINARY, configuration
from support.scripted_upstream import ScriptedUpstream, address_answer
from support.zone_catalog import HELLO, ZONE_CATALOG


@pytest.fixture(scope="module")
def daemon(shared_start, tmp_path_factory):
    path = tmp_path_factory.mktemp("catalog") / "services.toml"
    path.write_text(ZONE_CATALOG)
    elsewhere = ScriptedUpstream(address_answer)
    yield shared_start(catalog=[{"type": "file", "path": str(path)}], forward={"upstreams": [elsewhere.text]},
                       listen={"addresses": ["127.0.0.1:0", "[::1]:0"]})
    elsewhere.close()


def dig(daemon, *arguments, program="dig"):
    host, port = daemon.address
    ended = subprocess.run([program, f"@{host}", "-p", str(port), *arguments], capture_output=True, text=True,
                           timeout=20, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "WARNING" not in ended.stdout.upper().replace("WARNING: RECURSION", ""), ended.stdout
    return ended.stdout


PROGRAMS = pytest.mark.parametrize("program", ["dig", "kdig"])


@PROGRAMS
def test_the_line_of_the_readme(daemon, program):
    said = dig(daemon, "SRV", "1.0.helloworld.servicediscovery.internal", program=program)
    assert re.search(rf"\sIN\s+SRV\s+1 100 443 {re.escape(HELLO)}\.", said)


@PROGRAMS
@pytest.mark.parametrize("how", [[], ["+tcp"], ["+noedns"], ["+dnssec"]], ids=lambda how: "".join(how) or "plain")
@pytest.mark.parametrize("name, rdtype, expected", [
    (f"time.{ZONE}", "A", "10.0.1.7"), (f"_time._tcp.{ZONE}", "SRV", "8082"), (f"time.{ZONE}", "TXT", "id=time-1"),
    (f"secure.{ZONE}", "TYPE65", ""), ("web.example.", "A", "192.0.2.1"), (f"six.{ZONE}", "AAAA", "2001:db8::1"),
    (f"_services._dns-sd._udp.{ZONE}", "PTR", "_time._tcp"), (ZONE, "SOA", "ns."), (f"1.0.helloworld.{ZONE}", "URI", "/dev"),
])
def test_they_read_our_answers(daemon, program, how, name, rdtype, expected):
    said = dig(daemon, name, rdtype, *how, program=program)
    assert "NOERROR" in said and expected in said


def test_they_retry_a_truncated_answer_over_tcp(daemon):
    said = dig(daemon, f"crowd.{ZONE}", "SRV")
    assert "retrying in TCP mode" in said and "ANSWER: 200" in said


def test_kdig_sees_cookies_and_padding_answered(daemon):
    said = dig(daemon, f"time.{ZONE}", "A", "+cookie", program="kdig")
    assert "COOKIE" in said and "10.0.1.7" in said


def test_dig_keeps_a_connection_open_for_several_names(daemon):
    host, port = daemon.address
    said = dig(daemon, "+tcp", "+keepopen", f"time.{ZONE}", "A", f"@{host}", f"six.{ZONE}", "AAAA", f"@{host}", "web.example.", "A")
    assert "10.0.1.7" in said and "2001:db8::1" in said and "192.0.2.1" in said


def test_dig_checks_the_server_cookie_it_gets_back(daemon):
    assert "(good)" in dig(daemon, f"time.{ZONE}", "A", "+cookie=0123456789abcdef")


def test_kdig_asks_over_ipv6(daemon):
    host, port = daemon.udp[1]
    said = subprocess.run(["kdig", f"@{host}", "-p", str(port), f"time.{ZONE}", "A"], capture_output=True, text=True,
                          timeout=20, check=True).stdout
    assert "10.0.1.7" in said


# --- glibc, in namespaces of its own: there the daemon has port 53 and resolv.conf names it ---

INSIDE = r"""
set -e
ip link set lo up
mount --bind "$1/resolv.conf" /etc/resolv.conf
mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf
mount --bind "$1/hosts" /etc/hosts
"$2" --config "$1/signpost.toml" > "$1/ready" 2> "$1/log" &
daemon=$!
trap 'kill $daemon; wait $daemon' EXIT
for _ in $(seq 300); do grep -q ^ready "$1/ready" && break; sleep 0.05; done
"$3" "$1/ask.py"
"""

ASK = """
import json, socket
def look_up(name, **how):
    try:
        found = socket.getaddrinfo(name, 80, type=socket.SOCK_STREAM, **how)
        return sorted({entry[4][0] for entry in found})
    except socket.gaierror as error:
        return socket.EAI_NONAME == error.errno and "no such name" or str(error)
def name_of(address):
    try:
        return socket.getnameinfo((address, 0), socket.NI_NAMEREQD)[0]
    except socket.gaierror as error:
        return str(error)
print(json.dumps({
    "time": look_up("time.servicediscovery.internal"), "searched": look_up("time"), "six": look_up("six"),
    "dual": look_up("dual", family=socket.AF_INET6), "nosuch": look_up("nosuch.servicediscovery.internal"),
    "crowd": len(look_up("crowd")), "target": look_up("ip-10-0-1-7.addr.servicediscovery.internal"),
    "localhost": look_up("localhost", family=socket.AF_INET), "reverse": name_of("10.0.1.7"),
    "v4 only": look_up("time", family=socket.AF_INET6),
}))
"""


def may_unshare():
    return os.geteuid() == 0 and subprocess.run(["unshare", "--net", "--mount", "true"], check=False,
                                                capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def glibc(tmp_path_factory):
    """What getaddrinfo and getnameinfo say when the daemon is the nameserver of resolv.conf."""
    import json

    if not may_unshare():
        pytest.skip("the kernel gives us no network and mount namespace")
    folder = tmp_path_factory.mktemp("glibc")
    (folder / "services.toml").write_text(ZONE_CATALOG)
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\nsearch servicediscovery.internal\noptions edns0 trust-ad\n")
    (folder / "nsswitch.conf").write_text("hosts: dns\n")
    (folder / "hosts").write_text("")
    (folder / "ask.py").write_text(ASK)
    (folder / "signpost.toml").write_text(configuration(
        listen={"addresses": ["127.0.0.1:53"]}, catalog=[{"type": "file", "path": str(folder / "services.toml")}],
        control={"listen": ""}, forward={"upstreams": [], "resolv_conf": "/etc/resolv.conf"}))
    ended = subprocess.run(["unshare", "--net", "--mount", "sh", "-c", INSIDE, "sh", str(folder), BINARY, "/usr/bin/python3"],
                           capture_output=True, text=True, timeout=60, check=False)
    log = (folder / "log").read_text() if (folder / "log").exists() else ""
    assert ended.returncode == 0, ended.stdout + ended.stderr + log
    return json.loads(ended.stdout)


@pytest.mark.parametrize("what, expected", [
    ("time", ["10.0.1.7", "10.0.1.8"]), ("searched", ["10.0.1.7", "10.0.1.8"]), ("six", ["2001:db8::1"]),
    ("dual", ["2001:db8::2"]), ("nosuch", "no such name"), ("crowd", 200), ("target", ["10.0.1.7"]),
    ("localhost", ["127.0.0.1"]), ("reverse", "ip-10-0-1-7.addr.servicediscovery.internal"),
])
def test_getaddrinfo_finds_it(glibc, what, expected):
    assert glibc[what] == expected


def test_getaddrinfo_hears_that_there_is_no_address_of_that_family(glibc):
    assert isinstance(glibc["v4 only"], str)
