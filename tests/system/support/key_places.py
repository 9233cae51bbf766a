"""The places that hand out AWS's keys, as contracts.md, section 4, describes them: a container's endpoint, an
instance's metadata service, STS. A test may make them misbehave."""
import json
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

from support.aws_gate import Keys
from support.http_servers import HttpServer

ROLE = "task-role"
IMDS_TOKEN_TTL = "21600"


def in_seconds(seconds):
    return datetime.fromtimestamp(time.time() + seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class KeyPlace:
    """One server for all three, on a free port.

    keys        what is handed out
    lives       seconds until that expires
    token       what the container's endpoint wants as Authorization; None: nothing
    instead     replies that come first, oldest first: (status, body) or None, which hangs up
    asked       (method, path, headers, body) of each request, oldest first
    """

    def __init__(self, keys=Keys("ASIAPLACE", "place/secret+1", "place-token")):
        self.keys = keys
        self.lives = 6 * 3600
        self.token = None
        self.instead = []
        self.asked = []
        self.sessions = set()  # tokens of the metadata service that are good
        self._server = HttpServer(_Handler, self)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def paths(self):
        return [f"{method} {path}" for method, path, _, _ in self.asked]

    def close(self):
        self._server.close()

    # -- what each answers: (status, body)

    def container(self, headers):
        if self.token is not None and headers.get("Authorization") != self.token:
            return 401, {"code": "AccessDenied", "message": "the token is not known"}
        return 200, {"RoleArn": "arn:aws:iam::123456789012:role/task", **self._keys("Token")}

    def session(self, headers):
        if headers.get("X-aws-ec2-metadata-token-ttl-seconds") != IMDS_TOKEN_TTL:
            return 400, b"Bad Request"
        self.sessions.add(f"session-{len(self.sessions)}")
        return 200, f"session-{len(self.sessions) - 1}".encode()

    def metadata(self, path, headers):
        if headers.get("X-aws-ec2-metadata-token") not in self.sessions:
            return 401, b"Unauthorized"
        if path == "":
            return 200, ROLE.encode()
        if path != ROLE:
            return 404, b"Not Found"
        return 200, {"Code": "Success", "LastUpdated": in_seconds(-60), "Type": "AWS-HMAC", **self._keys("Token")}

    def sts(self, body):
        asked = {name: value for name, (value,) in parse_qs(body.decode()).items()}
        if asked.get("Action") != "AssumeRoleWithWebIdentity" or asked.get("Version") != "2011-06-15":
            return sts_error(400, "InvalidAction", "not an action of this service")
        keys = "".join(f"<{name}>{value}</{name}>" for name, value in self._keys("SessionToken").items())
        return 200, (
            '<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
            f"<AssumeRoleWithWebIdentityResult><Credentials>{keys}</Credentials>"
            f"<AssumedRoleUser><Arn>{asked['RoleArn']}</Arn></AssumedRoleUser></AssumeRoleWithWebIdentityResult>"
            "<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>").encode()

    def _keys(self, token_field):
        return {"AccessKeyId": self.keys.id, "SecretAccessKey": self.keys.secret, token_field: self.keys.token,
                "Expiration": in_seconds(self.lives)}


def sts_error(status, code, message):
    return status, (
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
        f"<Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>").encode()


class _Handler(BaseHTTPRequestHandler):
    owner = None
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.owner.asked.append((self.command, self.path, dict(self.headers), body))
        reply = self.owner.instead.pop(0) if self.owner.instead else self._usual(body)
        if reply is None:
            self.close_connection = True
            return
        status, said = reply
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST = answer

    def _usual(self, body):
        roles = "/latest/meta-data/iam/security-credentials/"
        if (self.command, self.path) == ("PUT", "/latest/api/token"):
            return self.owner.session(self.headers)
        if self.command == "GET" and self.path.startswith(roles):
            return self.owner.metadata(self.path[len(roles):], self.headers)
        if (self.command, self.path) == ("GET", "/v1/credentials"):
            return self.owner.container(self.headers)
        if (self.command, self.path) == ("POST", "/"):
            return self.owner.sts(body)
        return 404, b"Not Found"

    def log_message(self, *_):
        pass
