"""An HTTP catalog that misbehaves: each row of contracts.md, 1.4, and worse. Without data it is SERVFAIL and EDE 22;
with old data it is that data and EDE 3; never NXDOMAIN, never a crash."""
import socket
import struct
import time

import pytest

from support.ask import ask, ask_edns, ask_until, ede, endpoints, rcode

pytestmark = pytest.mark.hostile

LAMBDA_ERROR = {"errorMessage": "it broke", "errorType": "KeyError", "stackTrace": [["/var/task/x.py", 3, "f", "x"]]}
GOOD = {"endpoint_url": "https://api.example/dev", "ttl": 300, "status": "healthy"}


def says(status, body, content_type="application/json"):
    return lambda request: request.reply(status, body, content_type)


def without(key):
    return {name: value for name, value in GOOD.items() if name != key}


def raw(text, hold=0):
    """Writes these bytes as the whole reply and hangs up."""

    def behave(request):
        request.wfile.write(text)
        request.wfile.flush()
        time.sleep(hold)
        request.hang_up()

    return behave


def reset(request):
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.hang_up()


def endless(request):
    """Chunks for as long as somebody reads."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        for _ in range(20_000):
            request.wfile.write(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
    except OSError:
        pass
    request.hang_up()


def hangs(request):
    time.sleep(4)
    request.hang_up()


FAULTS = {
    "unsigned": says(403, {"message": "Missing Authentication Token"}),
    "bad signature": says(403, {"message": "The request signature we calculated does not match"}),
    "not allowed": says(403, {"Message": "User: arn:aws:iam::1:user/x is not authorized"}),
    "throttled": says(429, {"message": "Too Many Requests"}),
    "gateway time-out": says(504, {"message": "Endpoint request timed out"}),
    "lambda error as 200": says(200, LAMBDA_ERROR),
    "lambda error beside a good answer": says(200, {**GOOD, **LAMBDA_ERROR}),
    "internal error": says(502, {"message": "Internal server error"}),
    "server error": says(500, b"oops", "text/plain"),
    "unavailable": says(503, b"", "text/plain"),
    "html": says(200, b"<!DOCTYPE html><html><body>Log in</body></html>", "text/html"),
    "empty body": says(200, b""),
    "no json": says(200, b"{"),
    "deep json": says(200, b"[" * 100_000),
    "a list": says(200, [GOOD]),
    "null": says(200, b"null"),
    "a string": says(200, b'"healthy"'),
    "no url": says(200, without("endpoint_url")),
    "no status": says(200, without("status")),
    "no ttl": says(200, without("ttl")),
    "url is a number": says(200, {**GOOD, "endpoint_url": 7}),
    "status is null": says(200, {**GOOD, "status": None}),
    "ttl is a word": says(200, {**GOOD, "ttl": "soon"}),
    "ttl is a list": says(200, {**GOOD, "ttl": [300]}),
    "ttl is true": says(200, {**GOOD, "ttl": True}),
    "not utf-8": says(200, b'{"endpoint_url":"https://\xff\xfe/","ttl":300,"status":"healthy"}'),
    "huge body": says(200, b'{"x":"' + b"a" * 20_000_000 + b'"}'),
    "endless body": endless,
    "closed mid-body": raw(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"endpoint_url":'),
    "closed at once": raw(b""),
    "reset": reset,
    "no http": raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "endless header": raw(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 1_000_000),
    "hangs": hangs,
    "hangs mid-body": raw(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"endpo', hold=4),
    "redirect to nowhere": raw(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"),
    "redirect to a file": raw(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"),
    "created": says(201, b"null"),
    "no content": raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
}


@pytest.fixture
def daemon(start, http_catalog):
    return start(catalog=[{"type": "http", "url": http_catalog.url, "timeout": "1s"}])


@pytest.mark.parametrize("fault", FAULTS)
def test_without_data_a_fault_is_servfail_with_22(daemon, http_catalog, fault):
    http_catalog.behave = FAULTS[fault]
    reply = ask_edns(daemon, "web", "SRV")
    assert rcode(reply) == "SERVFAIL", reply
    assert ede(reply) in ([22], [23]) if fault in ("reset", "closed at once") else ede(reply) == [22], reply
    http_catalog.behave = None
    http_catalog.register("other")
    assert endpoints(ask(daemon, "other", "SRV")), "it goes on"


def test_a_kept_connection_that_the_server_resets_is_made_anew(daemon, http_catalog):
    used = set()

    def only_once(request):
        """A server whose idle time ends just as the next request arrives."""
        if request.client_address in used:
            reset(request)
            return False
        used.add(request.client_address)
        return True

    http_catalog.admit = only_once
    for name in ("web", "other", "third"):
        http_catalog.register(name)
        assert endpoints(ask(daemon, name, "SRV")), name
    assert len(used) >= 3


QUICK_FAULTS = ["unsigned", "throttled", "gateway time-out", "lambda error as 200", "internal error", "html", "no json",
                "no url", "closed mid-body", "reset", "hangs", "ttl is a word"]


@pytest.mark.parametrize("fault", QUICK_FAULTS)
def test_with_old_data_a_fault_is_stale_data_with_3(daemon, http_catalog, fault):
    http_catalog.register("web", ttl=1, endpoint_url="https://api.example/")
    assert endpoints(ask(daemon, "web", "SRV"))
    http_catalog.behave = FAULTS[fault]
    reply = ask_until(daemon, "web", "SRV", lambda reply: 3 in ede(reply), seconds=7, edns=0)
    assert rcode(reply) == "NOERROR" and endpoints(reply) == [("api.example.", 443)]


def test_after_a_fault_the_name_is_found_again_soon(daemon, http_catalog):
    http_catalog.behave = FAULTS["throttled"]
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    http_catalog.behave = None
    http_catalog.register("web")
    ask_until(daemon, "web", "SRV", endpoints, seconds=6)


def test_a_failing_catalog_is_not_hammered(daemon, http_catalog):
    http_catalog.behave = FAULTS["internal error"]
    for _ in range(100):
        assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    assert len(http_catalog.requests()) <= 20


def test_a_burst_of_names_does_not_grow_without_bound(daemon, http_catalog):
    """Each name of a hostile client is one look-up; none of them stays for good."""
    from support.ask import ask_many

    ask_many(daemon, [f"junk{n}" for n in range(500)], "A")
    before = daemon.resident_bytes()
    ask_many(daemon, [f"more{n}" for n in range(3000)], "A")
    daemon.assert_memory_stays(before, 24 << 20)
    http_catalog.register("web")
    ask_until(daemon, "web", "SRV", endpoints, seconds=4)
