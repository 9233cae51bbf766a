"""Route 53's API of our own, which pages, checks the clock, and misbehaves when a test says so (contracts.md, 3)."""
import calendar
import email.utils
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from support.http_servers import HttpServer

NAMESPACE = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"'
MOST_SETS = 300
MOST_SKEW = 300  # seconds that AWS allows a signature


class Route53Server:
    """
    zones     [(id, name, private)]
    sets      {zone id: [RecordSet]}, in the order of the listing
    health    {health check id: [status text of each checker]}
    skew      seconds by which its clock is ahead of ours
    behave    a function (request handler, action) that may answer instead, and says whether it did; or None
    """

    def __init__(self):
        self.zones = []
        self.sets = {}
        self.health = {}
        self.skew = 0
        self.behave = None
        self._lock = threading.Lock()
        self._requests = []
        self._server = HttpServer(_Handler, self)
        self.port = self._server.port
        self.url = f"http://127.0.0.1:{self.port}"

    def serve(self, zone, *sets, name="servicediscovery.internal.", private=True):
        """Has a zone with these sets; one of that id is replaced."""
        self.zones = [one for one in self.zones if one[0] != zone] + [(zone, name, private)]
        self.sets[zone] = list(sets)

    def requests(self, action=None):
        """(action, path, when) of each request, oldest first."""
        with self._lock:
            return [one for one in self._requests if action in (None, one[0])]

    def record(self, action, path):
        with self._lock:
            self._requests.append((action, path, time.monotonic()))

    def close(self):
        """Goes away: nothing is accepted any more, and what is open is cut. May be called twice."""
        self._server.close()


class RecordSet:
    def __init__(self, name, rdtype, values, identifier="", more="", ttl=0):
        self.name = name if name.endswith(".") else f"{name}.servicediscovery.internal."
        self.key = (self.name, rdtype, identifier)
        records = "".join(f"<ResourceRecord><Value>{escape(value)}</Value></ResourceRecord>" for value in values)
        self.xml = (f"<ResourceRecordSet><Name>{self.name}</Name><Type>{rdtype}</Type>"
                    + (f"<SetIdentifier>{identifier}</SetIdentifier>" if identifier else "") + more
                    + f"<TTL>{ttl}</TTL><ResourceRecords>{records}</ResourceRecords></ResourceRecordSet>")


def srv(name, value, identifier, weight=1, check=None, policy=None):
    """One set as the ECS agent writes it, or with another policy."""
    more = policy or f"<Weight>{weight}</Weight>"
    more += f"<HealthCheckId>{check}</HealthCheckId>" if check else ""
    return RecordSet(name, "SRV", [value], identifier, more)


def error(code, message):
    return (f"<?xml version=\"1.0\"?>\n<ErrorResponse {NAMESPACE}><Error><Type>Sender</Type><Code>{code}</Code>"
            f"<Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>")


class _Handler(BaseHTTPRequestHandler):
    owner = None
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        parts = urlsplit(self.path)
        steps = parts.path.split("/")[2:]
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        action = {("hostedzonesbyname",): "zones", ("healthcheck",): "checks"}.get(tuple(steps)) or (
            "sets" if steps[0] == "hostedzone" else "status")
        self.owner.record(action, self.path)
        if self.owner.behave is not None and self.owner.behave(self, action):
            return
        if not self._is_signed():
            return
        getattr(self, f"_{action}")(steps, query)

    def reply(self, status, body, length=None, content_type="text/xml"):
        data = body.encode()
        self.send_response_only(status)
        self.send_header("Date", email.utils.formatdate(time.time() + self.owner.skew, usegmt=True))
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length or len(data)))
        self.end_headers()
        self.wfile.write(data)

    def break_off(self, body):
        """Half of the body, and the connection is gone."""
        self.reply(200, body[:len(body) // 2], length=len(body))
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def refuse(self, status, code, message="no"):
        self.reply(status, error(code, message))

    def _is_signed(self):
        when = self.headers.get("X-Amz-Date", "")
        if not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256") or not when:
            self.refuse(403, "MissingAuthenticationToken")
            return False
        signed = calendar.timegm(time.strptime(when, "%Y%m%dT%H%M%SZ"))
        if abs(signed - time.time() - self.owner.skew) > MOST_SKEW:
            self.refuse(403, "SignatureDoesNotMatch", "Signature expired")
            return False
        return True

    def _zones(self, _steps, query):
        start = query["dnsname"].rstrip(".").split(".")[::-1]
        listed = sorted((one for one in self.owner.zones if one[1].rstrip(".").split(".")[::-1] >= start),
                        key=lambda one: one[1].rstrip(".").split(".")[::-1])
        zones = "".join(
            f"<HostedZone><Id>/hostedzone/{zone}</Id><Name>{name}</Name><CallerReference>c</CallerReference>"
            f"<Config><PrivateZone>{str(private).lower()}</PrivateZone></Config></HostedZone>"
            for zone, name, private in listed)
        self.reply(200, f"<ListHostedZonesByNameResponse {NAMESPACE}><HostedZones>{zones}</HostedZones>"
                        "<IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHostedZonesByNameResponse>")

    def _sets(self, steps, query):
        sets = self.owner.sets.get(steps[1])
        if sets is None:
            self.refuse(404, "NoSuchHostedZone", f"No hosted zone found with ID: {steps[1]}")
            return
        self.reply(200, sets_page(sets, query))

    def _checks(self, _steps, _query):
        self.refuse(403, "AccessDenied", "not authorized to perform: route53:ListHealthChecks")

    def _status(self, steps, _query):
        statuses = self.owner.health.get(steps[1])
        if statuses is None:
            self.refuse(404, "NoSuchHealthCheck")
            return
        seen = "".join(f"<HealthCheckObservation><StatusReport><Status>{text}</Status></StatusReport>"
                       "</HealthCheckObservation>" for text in statuses)
        self.reply(200, f"<GetHealthCheckStatusResponse {NAMESPACE}><HealthCheckObservations>{seen}"
                        "</HealthCheckObservations></GetHealthCheckStatusResponse>")

    def log_message(self, *_):
        pass


def sets_page(sets, query):
    """The page that a query asks for. `identifier` alone starts at the front, as the API takes it."""
    most = min(int(query.get("maxitems", MOST_SETS)), MOST_SETS)
    first = 0
    if "name" in query:
        wanted = (query["name"], query["type"], query.get("identifier", ""))
        first = next(place for place, one in enumerate(sets) if one.key == wanted)
    page, rest = sets[first:first + most], sets[first + most:]
    following = ""
    if rest:
        name, rdtype, identifier = rest[0].key
        following = (f"<NextRecordName>{name}</NextRecordName><NextRecordType>{rdtype}</NextRecordType>"
                     + (f"<NextRecordIdentifier>{identifier}</NextRecordIdentifier>" if identifier else ""))
    return (f"<?xml version=\"1.0\"?>\n<ListResourceRecordSetsResponse {NAMESPACE}><ResourceRecordSets>"
            + "".join(one.xml for one in page) + "</ResourceRecordSets>"
            f"<IsTruncated>{str(bool(rest)).lower()}</IsTruncated>{following}<MaxItems>{most}</MaxItems>"
            "</ListResourceRecordSetsResponse>")
