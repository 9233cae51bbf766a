"""Admits requests as API Gateway does with IAM: the signature is made again with AWS's own client, and compared."""
import re
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import formatdate

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SKEW_ALLOWED = 300
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})")


@dataclass
class Keys:
    id: str
    secret: str
    token: str = ""


class AwsGate:
    """For HttpCatalog.admit.

    keys     those that are good, by id
    expired  ids of keys that were good once
    ahead    seconds by which AWS's clock is ahead of this host's
    used     (key id, region, service) of each request that was admitted, oldest first
    refused  the code of each that was not
    """

    def __init__(self, *keys):
        self.keys = {one.id: one for one in keys}
        self.expired = set()
        self.ahead = 0
        self.used = []
        self.refused = []
        self._lock = threading.Lock()

    def __call__(self, request):
        code, message, who = self._judge(request)
        with self._lock:
            if code:
                self.refused.append(code)
            else:
                self.used.append(who)
        if code:
            request.reply(403, {"message": message}, x_amzn_ErrorType=code, Date=formatdate(self.now(), usegmt=True))
        return not code

    def now(self):
        return time.time() + self.ahead

    def ids_used(self):
        with self._lock:
            return [who[0] for who in self.used]

    def _judge(self, request):
        said = AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
        if not said:
            return "MissingAuthenticationTokenException", "Missing Authentication Token", None
        key_id, _, region, service, names, signature = said.groups()
        who = (key_id, region, service)
        if key_id in self.expired:
            return "ExpiredTokenException", "The security token included in the request is expired", who
        keys = self.keys.get(key_id)
        if not keys or request.headers.get("X-Amz-Security-Token", "") != keys.token:
            return "UnrecognizedClientException", "The security token included in the request is invalid.", who
        if abs(_signed_at(request) - self.now()) > SKEW_ALLOWED:
            return "InvalidSignatureException", "Signature expired: it is not from now", who
        if not {"host", "x-amz-date"} <= set(names.split(";")) or signature != _signature(request, keys, said):
            return "InvalidSignatureException", "The request signature we calculated does not match", who
        return "", "", who


def _signed_at(request):
    made = datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
    return made.replace(tzinfo=timezone.utc).timestamp()


def _signature(request, keys, said):
    """What botocore makes of the request as it came, of the headers that were signed."""
    _, _, region, service, names, _ = said.groups()
    again = AWSRequest(method=request.command, url=f"http://{request.headers['Host']}{request.path}",
                       headers={name: request.headers[name] for name in names.split(";") if name != "host"})
    again.context["timestamp"] = request.headers["X-Amz-Date"]
    signer = SigV4Auth(Credentials(keys.id, keys.secret, keys.token or None), service, region)
    return signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
