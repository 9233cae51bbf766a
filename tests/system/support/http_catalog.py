"""A live HTTP catalog as contracts.md, sections 1 and 5, describes it; a test may make it misbehave."""
import json
import threading
import time
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, unquote, urlsplit

from support.http_servers import HttpServer

MISSING_TOKEN = {"message": "Missing Authentication Token"}


class HttpCatalog:
    """Both dialects on one port, below the stage `/dev`.

    entries   {("helloworld", "1.0"): {"endpoint_url": ..., "ttl": 300, "status": "healthy"}}
    services  {"foo": ["10.0.0.1:80", ...]}
    delay     seconds before each reply
    admit     a function (request handler) that is asked first, or None; when it says no, it has answered
    behave    a function (request handler) that answers instead, or None
    """

    def __init__(self, port=0):
        self.entries = {}
        self.services = {}
        self.delay = 0
        self.admit = None
        self.behave = None
        self._lock = threading.Lock()
        self._requests = []
        self._server = HttpServer(_Handler, self, port)
        self.port = self._server.port
        self.url = f"http://127.0.0.1:{self.port}/dev"

    def register(self, name, version="1.0", endpoint_url=None, ttl=300, status="healthy"):
        url = endpoint_url or f"https://{name}.execute-api.us-east-1.amazonaws.com/dev"
        self.entries[name, version] = {"endpoint_url": url, "ttl": ttl, "status": status}

    def requests(self, containing=""):
        """The paths asked for, as they were on the wire, oldest first."""
        with self._lock:
            return [path for path in self._requests if containing in path]

    def record(self, path):
        with self._lock:
            self._requests.append(path)

    def close(self):
        """Goes away: nothing is accepted any more, and what is open is cut. May be called twice."""
        self._server.close()


class _Handler(BaseHTTPRequestHandler):
    owner = None
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.owner.record(self.path)
        if self.owner.delay:
            time.sleep(self.owner.delay)
        if self.owner.admit is not None and not self.owner.admit(self):
            return
        if self.owner.behave is not None:
            self.owner.behave(self)
            return
        parts = urlsplit(self.path)
        steps = [unquote(step) for step in parts.path.split("/")[1:]]
        if len(steps) == 4 and steps[:2] == ["dev", "catalog"]:
            self._look_up(steps[2], steps[3])
        elif steps == ["dev", "service"]:
            self._discover(parse_qs(parts.query).get("service_id", [""])[0])
        else:
            self.reply(403, MISSING_TOKEN)

    def reply(self, status, body, content_type="application/json", **headers):
        """Headers' names are written with _ for -; `Date` takes the place of our own."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response_only(status)
        self.send_header("Date", headers.pop("Date", self.date_time_string()))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def hang_up(self):
        self.close_connection = True

    def _look_up(self, name, version):
        entry = self.owner.entries.get((name, version))
        if entry is None:
            self.reply(404, {"error_message": "Service Not Found"})
        else:
            self.reply(200, entry)

    def _discover(self, service_id):
        instances = self.owner.services.get(service_id)
        if instances is None:
            self.reply(404, {"message": f"Service {service_id} not found"})
        else:
            self.reply(200, {"instances": instances})

    def log_message(self, *_):
        pass
