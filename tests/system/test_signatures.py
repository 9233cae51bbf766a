"""Our signatures and those of AWS's own client, of thousands of requests that nobody thought of."""
import json
import random
import string
import subprocess
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote, urlencode

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from support.daemon import BINARY

SIGN_REQUESTS = Path(BINARY).resolve().parents[1] / "tests" / "sign_requests"
COUNT = 3000
LETTERS = string.ascii_letters + string.digits + "-._~ /:@!$&'()*+,;=%?#[]\"<>\\^`{|}" + "äß水\u200b"


def text(draw, least=0, most=20, letters=LETTERS):
    return "".join(draw.choice(letters) for _ in range(draw.randint(least, most)))


def random_request(draw):
    port = draw.choice(["", "", ":443", ":80", ":8080"])
    path = "".join("/" + (quote(text(draw), safe="") or draw.choice(["", ".", ".."])) for _ in range(draw.randint(0, 4))) or draw.choice(["", "/"])
    pairs = [(text(draw, 1), text(draw)) for _ in range(draw.randint(0, 5))]
    query = urlencode(pairs, quote_via=quote, safe="")
    names = draw.sample(["Content-Type", "X-Amz-Target", "X-Amz-Meta", "Accept-Language"], draw.randint(0, 3))
    return {
        "url": f"{draw.choice(['http', 'https'])}://{text(draw, 1, 12, string.ascii_lowercase)}.example{port}{path}"
               + ("?" + query if query else ""),
        "method": draw.choice(["GET", "POST", "PUT", "DELETE"]),
        "headers": [[name, text(draw, 1, 30, string.ascii_letters + "  /;=.-")] for name in names],
        "body": text(draw, 0, 200),
        "id": text(draw, 16, 20, string.ascii_uppercase),
        "secret": text(draw, 1, 60, string.ascii_letters + "/+="),
        "token": draw.choice(["", text(draw, 1, 300, string.ascii_letters + "/+=")]),
        "region": draw.choice(["us-east-1", "cn-northwest-1", "eu-west-3"]),
        "service": draw.choice(["route53", "execute-api", "lambda", "servicediscovery"]),
        "time": draw.randint(0, 4_000_000_000),
    }


def botocores(asked):
    stamp = datetime.fromtimestamp(asked["time"], timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {**dict(asked["headers"]), "X-Amz-Date": stamp}
    if asked["token"]:
        headers["X-Amz-Security-Token"] = asked["token"]
    request = AWSRequest(method=asked["method"], url=asked["url"], headers=headers, data=asked["body"].encode())
    request.context["timestamp"] = stamp
    keys = Credentials(asked["id"], asked["secret"], asked["token"] or None)
    signer = SigV4Auth(keys, asked["service"], asked["region"])
    return signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)


def test_every_signature_is_botocores():
    seed = random.SystemRandom().randrange(2**32)
    draw = random.Random(seed)
    requests = [random_request(draw) for _ in range(COUNT)]
    lines = "".join(json.dumps(one) + "\n" for one in requests)
    done = subprocess.run([SIGN_REQUESTS], input=lines, capture_output=True, text=True, timeout=60, check=True)
    ours = done.stdout.splitlines()
    assert len(ours) == COUNT
    for asked, signature in zip(requests, ours):
        assert signature == botocores(asked), f"seed {seed}: {asked}"
