"""The catalog that the tests of zone.md share: one service for each row of its tables."""
from support.catalog_text import instance, service, toml_catalog

HELLO = "abc123.execute-api.us-east-1.amazonaws.com"
HELLO_NEXT = "def456.execute-api.us-east-1.amazonaws.com"


def many(count, third=9):
    return [instance(f"10.0.{third}.{number}:{8000 + number}") for number in range(1, count + 1)]


ZONE_CATALOG = toml_catalog(
    service("time", [
        instance("10.0.1.7:8081", id="time-1", weight=100, status="healthy", zone="us-east-1a"),
        instance("10.0.1.8:8082", id="time-2", weight=300, status="healthy", url="http://10.0.1.8:8082/now"),
    ], version="1.0"),
    service("_calc._tcp", ["10.0.1.7:9000"]),
    service("six", ["[2001:db8::1]:80"]),
    service("dual", ["10.0.2.1:80", "[2001:db8::2]:80"]),
    service("helloworld", [instance(f"{HELLO}:443", url=f"https://{HELLO}/dev")], version="1.0"),
    service("helloworld", [instance(f"{HELLO_NEXT}:443", url=f"https://{HELLO_NEXT}/dev")], version="1.1"),
    service("secure", [instance("10.0.4.1:8443", url="https://10.0.4.1:8443/x")]),
    service("tiers", [instance("10.0.5.1:80", priority=2), instance("10.0.5.2:80", priority=1),
                      instance("10.0.5.3:80", priority=3)]),
    service("zero", [instance("10.0.6.1:80", weight=0), instance("10.0.6.2:80", weight=100)]),
    service("sick", [instance("10.0.7.1:80", status="unhealthy"), instance("10.0.7.2:80", status="healthy")]),
    service("allsick", [instance("10.0.7.3:80", status="unhealthy"), instance("10.0.7.4:80", status="unhealthy")]),
    service("leaving", [instance("10.0.7.5:80", status="draining"), instance("10.0.7.6:80")]),
    service("empty"),
    service("twoports", ["10.0.8.1:80", "10.0.8.1:81", "10.0.8.2:80"]),
    service("split", [instance(f"10.0.10.{n}:80", weight=100 * n) for n in (1, 2, 3, 4)]),
    service("middle", many(18, third=11)),
    service("crowd", many(200)),
)
