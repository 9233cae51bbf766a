"""Keys for AWS, wherever they are kept, as an HTTP catalog that wants signed requests sees them (contracts.md,
sections 1.7 and 4). The gate before the catalog makes every signature again with AWS's own client."""
import signal
import time

import pytest

from support.ask import ask, ask_until, endpoints, rcode
from support.aws_gate import AwsGate, Keys
from support.daemon import wait_until
from support.key_places import ROLE, KeyPlace, sts_error

OURS = Keys("AKIDOURS", "our/secret+key", "")
PLACE = Keys("ASIAPLACE", "place/secret+1", "place-token")
NEXT = Keys("ASIANEXT", "next/secret+2", "next-token")
ROLES = "/latest/meta-data/iam/security-credentials/"

# Nothing of the host that the test runs on is found.
NOTHING = {name: "" for name in (
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE",
    "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_DEFAULT_REGION",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_ENDPOINT_URL")}


def keys_in_environment(keys):
    return {"AWS_ACCESS_KEY_ID": keys.id, "AWS_SECRET_ACCESS_KEY": keys.secret, "AWS_SESSION_TOKEN": keys.token}


@pytest.fixture
def gate(http_catalog):
    http_catalog.admit = AwsGate(OURS, PLACE, NEXT)
    http_catalog.register("web", ttl=1)
    http_catalog.register("other")
    return http_catalog.admit


@pytest.fixture
def place():
    one = KeyPlace(PLACE)
    yield one
    one.close()


@pytest.fixture
def serve(start, http_catalog, tmp_path):
    """serve(**variables) starts a daemon whose catalog wants signatures."""

    def start_one(url=None, **variables):
        environment = {**NOTHING, "HOME": str(tmp_path), "AWS_REGION": "eu-west-1",
                       "AWS_EC2_METADATA_DISABLED": "true", **variables}
        return start(catalog=[{"type": "http", "url": url or http_catalog.url, "sign": True}], environment=environment)

    return start_one


def is_found(daemon, name="web"):
    return endpoints(ask(daemon, name, "SRV")) != []


def shared_file(tmp_path, text, name="credentials"):
    path = tmp_path / ".aws" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def section(name, keys):
    return (f"[{name}]\naws_access_key_id = {keys.id}\naws_secret_access_key = {keys.secret}\n"
            + (f"aws_session_token = {keys.token}\n" if keys.token else ""))


# --- the environment, and the signature itself


@pytest.mark.parametrize("keys", [OURS, PLACE], ids=["without a token", "with a token"])
def test_look_ups_are_signed_with_the_keys_of_the_environment(serve, gate, keys):
    assert is_found(serve(**keys_in_environment(keys)))
    assert gate.used == [(keys.id, "eu-west-1", "execute-api")] and gate.refused == []


@pytest.mark.parametrize("name", ["web", "a.b", "under_score"])
def test_paths_and_queries_are_signed_as_they_are_sent(start, http_catalog, gate, name, tmp_path):
    http_catalog.services["a b/ü&=+"] = ["10.0.0.1:80"]
    http_catalog.services[name] = ["10.0.0.2:80"]
    daemon = start(catalog=[{"type": "http", "url": http_catalog.url, "sign": True, "dialect": "service",
                             "services": ["a b/ü&=+"]}],
                   environment={**NOTHING, "HOME": str(tmp_path), "AWS_REGION": "eu-west-1", **keys_in_environment(OURS)})
    wait_until(lambda: len(gate.used) == 1, 5)
    ask(daemon, name, "SRV")
    assert gate.refused == []


def test_a_catalog_without_sign_is_asked_without(start, http_catalog):
    http_catalog.register("web")
    heard = []
    http_catalog.admit = lambda request: heard.append(request.headers.get("Authorization")) or True
    daemon = start(catalog=[{"type": "http", "url": http_catalog.url}],
                   environment={**NOTHING, **keys_in_environment(OURS)})
    assert is_found(daemon) and heard == [None]


def test_one_key_alone_is_said(serve, gate):
    daemon = serve(AWS_ACCESS_KEY_ID=OURS.id)
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")


def test_without_keys_every_place_that_was_looked_at_is_named(serve, gate, tmp_path):
    daemon = serve()
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    (line,) = [one for one in daemon.log().splitlines() if "[aws]" in one]
    for named in ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_", "profile 'default'",
                  f"{tmp_path}/.aws/credentials", "AWS_EC2_METADATA_DISABLED is true"):
        assert named in line
    assert gate.used == [] and gate.refused == []


def test_without_a_region_that_is_said(serve, gate):
    daemon = serve(AWS_REGION="", **keys_in_environment(OURS))
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log("the AWS region is not known: set AWS_REGION")


def test_a_clock_that_is_wrong_is_seen_and_made_up_for(serve, gate):
    gate.ahead = 3 * 3600
    daemon = serve(**keys_in_environment(OURS))
    assert is_found(daemon)
    assert gate.refused == ["InvalidSignatureException"] and len(gate.used) == 1
    assert is_found(daemon, "other") and len(gate.refused) == 1
    daemon.wait_for_log(r"this host's clock is 10\d\d\d s behind AWS's")


def test_keys_that_are_refused_for_good_are_the_catalogs_error(serve, gate):
    gate.keys[OURS.id] = Keys(OURS.id, "another")
    daemon = serve(**keys_in_environment(OURS))
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log("HTTP 403: 'The request signature we calculated does not match'")
    assert gate.refused == ["InvalidSignatureException"]


# --- the shared files


def test_the_default_profile_of_the_shared_file(serve, gate, tmp_path):
    shared_file(tmp_path, "# ours\n" + section("other", NEXT) + section("default", OURS))
    assert is_found(serve())
    assert gate.ids_used() == [OURS.id]


def test_a_named_profile_of_the_config_file_with_its_region(serve, gate, tmp_path):
    shared_file(tmp_path, section("default", OURS))
    shared_file(tmp_path, section("profile far", PLACE) + "region = ap-southeast-2\ns3 =\n  max = 10\n", "config")
    assert is_found(serve(AWS_PROFILE="far", AWS_REGION=""))
    assert gate.used == [(PLACE.id, "ap-southeast-2", "execute-api")]


def test_the_files_may_stand_elsewhere(serve, gate, tmp_path):
    path = tmp_path / "keys.ini"
    path.write_text(section("default", PLACE))
    assert is_found(serve(AWS_SHARED_CREDENTIALS_FILE=str(path)))


@pytest.mark.parametrize("text, said", [
    ("[default]\naws_access_key_id = AKID\n", "aws_secret_access_key is missing"),
    ("[default]\naws_access_key_id = AKID\ns3cret-without-a-key\n", "credentials:3: expected key = value"),
    ("[default]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = base\n", "role_arn .* is not supported"),
    ("[default]\ncredential_process = /bin/keys\n", "credential_process is not supported"),
])
def test_a_profile_that_cannot_be_used_is_said(serve, gate, tmp_path, text, said):
    shared_file(tmp_path, text)
    daemon = serve()
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log(said)
    assert "s3cret" not in daemon.log()


def test_a_profile_that_is_not_there_is_said(serve, gate, tmp_path):
    shared_file(tmp_path, section("default", OURS))
    daemon = serve(AWS_PROFILE="nosuch")
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log("AWS_PROFILE: expected a profile 'nosuch'")


def test_keys_that_were_changed_in_the_file_are_used_when_the_old_are_refused(serve, gate, tmp_path):
    shared_file(tmp_path, section("default", PLACE))
    daemon = serve()
    assert is_found(daemon)
    shared_file(tmp_path, section("default", NEXT))
    gate.expired.add(PLACE.id)
    assert is_found(daemon, "other"), "the query that met the refusal is answered"
    assert gate.ids_used() == [PLACE.id, NEXT.id] and gate.refused == ["ExpiredTokenException"]


# --- a container's endpoint


def container(place, **more):
    return {"AWS_CONTAINER_CREDENTIALS_FULL_URI": place.url + "/v1/credentials", **more}


def test_a_containers_endpoint_is_asked_with_its_token(serve, gate, place, tmp_path):
    token = tmp_path / "token"
    token.write_text("bearer of the task\n")
    place.token = "bearer of the task"
    daemon = serve(**container(place, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(token)))
    assert is_found(daemon) and is_found(daemon, "other")
    assert gate.ids_used() == [PLACE.id] * 2
    (_, _, headers, _), = place.asked
    assert headers["Accept"] == "application/json"


def test_a_token_of_the_environment_is_sent_as_it_is(serve, gate, place):
    place.token = "verbatim"
    assert is_found(serve(**container(place, AWS_CONTAINER_AUTHORIZATION_TOKEN="verbatim")))


def test_many_askers_share_one_fetch(start, http_catalog, gate, place, tmp_path):
    names = [f"s{n}" for n in range(20)]
    for name in names:
        http_catalog.register(name)
    place.instead = [None]
    start(catalog=[{"type": "http", "url": http_catalog.url, "sign": True, "services": names}],
          environment={**NOTHING, "HOME": str(tmp_path), "AWS_REGION": "eu-west-1", **container(place)})
    wait_until(lambda: len(gate.used) == 20, 8)
    assert place.paths() == ["GET /v1/credentials"] * 2, "one that was cut, and its second try"


@pytest.mark.hostile
@pytest.mark.parametrize("first", [(500, b"oops"), (200, b"<html>"), (200, {"AccessKeyId": "x"}), None])
def test_an_endpoint_that_fails_is_asked_again(serve, gate, place, first):
    place.instead = [first, first]
    daemon = serve(**container(place))
    ask_until(daemon, "web", "SRV", endpoints, seconds=8)
    assert place.paths() == ["GET /v1/credentials"] * 3


def test_an_endpoint_that_says_no_is_not_fallen_through(serve, gate, place, tmp_path):
    place.token = "another"
    daemon = serve(AWS_EC2_METADATA_DISABLED="", AWS_EC2_METADATA_SERVICE_ENDPOINT=place.url,
                   **container(place, AWS_CONTAINER_AUTHORIZATION_TOKEN="mine"))
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log("the container's endpoint: HTTP 401, AccessDenied: 'the token is not known'")
    assert set(place.paths()) == {"GET /v1/credentials"}


def test_a_token_file_that_comes_later_is_found(serve, gate, place, tmp_path):
    place.token = "late"
    daemon = serve(**container(place, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(tmp_path / "token")))
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log(f"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: {tmp_path}/token: expected a file")
    (tmp_path / "token").write_text("late")
    ask_until(daemon, "web", "SRV", endpoints, seconds=8)


@pytest.mark.hostile
@pytest.mark.parametrize("url", ["http://169.254.169.254/x", "http://keys.example/", "http://10.0.0.1/",
                                 "http://127.0.0.1@keys.example/", "ftp://127.0.0.1/", "nonsense"])
def test_a_token_is_not_sent_to_strangers(serve, gate, url):
    daemon = serve(AWS_CONTAINER_CREDENTIALS_FULL_URI=url, AWS_CONTAINER_AUTHORIZATION_TOKEN="mine")
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log("AWS_CONTAINER_CREDENTIALS_FULL_URI: expected https://, or http:// with a loopback address")


def test_proxies_are_not_for_the_endpoint(serve, gate, place, http_catalog):
    url = http_catalog.url.replace("127.0.0.1", "localhost")
    assert is_found(serve(url=url, http_proxy="http://127.0.0.1:9", no_proxy="localhost", **container(place)))


# --- an instance's metadata


def instance(place):
    return {"AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": place.url + "/"}


def test_an_instances_role_by_version_2(serve, gate, place):
    assert is_found(serve(**instance(place)))
    assert gate.ids_used() == [PLACE.id]
    assert place.paths() == ["PUT /latest/api/token", f"GET {ROLES}", f"GET {ROLES}{ROLE}"]


def test_a_session_that_has_expired_is_begun_anew(serve, gate, place):
    place.instead = [(200, b"old-session")]
    assert is_found(serve(**instance(place)))
    assert place.paths() == ["PUT /latest/api/token", f"GET {ROLES}"] + \
        ["PUT /latest/api/token", f"GET {ROLES}", f"GET {ROLES}{ROLE}"]


@pytest.mark.hostile
@pytest.mark.parametrize("replies, said", [
    ([(403, b"Forbidden")], "its token: HTTP 403"),
    ([(200, b"session"), (404, b"")], "the instance has no role"),
    ([(200, b"session"), (401, b""), (200, b"session"), (401, b"")], "HTTP 401"),
    ([(200, b"session"), (200, b"role"), (200, {"Code": "AssumeRoleUnauthorizedAccess", "Message": "not trusted"})],
     "HTTP 200, AssumeRoleUnauthorizedAccess: 'not trusted'"),
    ([(200, b"session"), (200, b"a/../b")], "expected the name of a role"),
    ([None], "the instance metadata service"),
])
def test_metadata_that_fails_is_said_and_asked_again_later(serve, gate, place, replies, said):
    place.instead = list(replies)
    daemon = serve(**instance(place))
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log(said)
    assert all(path == "/latest/api/token" or headers.get("X-aws-ec2-metadata-token")
               for _, path, headers, _ in place.asked), "never version 1"
    ask_until(daemon, "web", "SRV", endpoints, seconds=8)


def test_keys_at_their_very_end_are_used_on(serve, gate, place):
    """Static stability: a metadata service in trouble hands out old keys, and AWS takes them."""
    place.lives = -60
    daemon = serve(**instance(place))
    assert is_found(daemon) and is_found(daemon, "other")
    assert len(place.asked) == 3


# --- web identity


def web_identity(place, tmp_path, token="eyJ.web.identity\n"):
    path = tmp_path / "web-token"
    if token is not None:
        path.write_text(token)
    return {"AWS_WEB_IDENTITY_TOKEN_FILE": str(path), "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x y",
            "AWS_ENDPOINT_URL_STS": place.url}


def test_a_web_identity_becomes_keys_at_sts(serve, gate, place, tmp_path):
    assert is_found(serve(AWS_ROLE_SESSION_NAME="pod-1", **web_identity(place, tmp_path)))
    assert gate.ids_used() == [PLACE.id]
    (_, _, headers, body), = place.asked
    assert body == (b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
                    b"&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fx%20y"
                    b"&RoleSessionName=pod-1&WebIdentityToken=eyJ.web.identity")
    assert headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert "Authorization" not in headers, "the token is the proof"


def test_a_web_identity_of_a_profile(serve, gate, place, tmp_path):
    (tmp_path / "web-token").write_text("tok")
    shared_file(tmp_path, f"[default]\nrole_arn = arn:x\nweb_identity_token_file = {tmp_path}/web-token\n", "config")
    assert is_found(serve(AWS_ENDPOINT_URL=place.url))
    assert b"RoleArn=arn%3Ax&RoleSessionName=signpost&" in place.asked[0][3]


def test_an_identity_provider_that_was_away_is_tried_again(serve, gate, place, tmp_path):
    place.instead = [sts_error(400, "IDPCommunicationError", "could not be reached")] * 2
    ask_until(serve(**web_identity(place, tmp_path)), "web", "SRV", endpoints, seconds=8)
    assert len(place.asked) == 3


@pytest.mark.parametrize("status, code", [(400, "ExpiredTokenException"), (400, "InvalidIdentityToken"),
                                          (403, "AccessDenied"), (403, "RegionDisabledException")])
def test_what_sts_refuses_is_said(serve, gate, place, tmp_path, status, code):
    place.instead = [sts_error(status, code, "Token expired: since then")]
    daemon = serve(**web_identity(place, tmp_path))
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log(f"HTTP {status}, {code}: 'Token expired: since then'")
    assert len(place.asked) == 1
    (tmp_path / "web-token").write_text("new.token")
    ask_until(daemon, "web", "SRV", endpoints, seconds=8)
    assert place.asked[-1][3].endswith(b"WebIdentityToken=new.token"), "the file is read each time"


@pytest.mark.parametrize("token, said", [(None, "expected a file"), ("", "found an empty file"),
                                         ("a\nb", "expected a token on one line")])
def test_a_token_file_that_cannot_be_used_is_said(serve, gate, place, tmp_path, token, said):
    daemon = serve(**web_identity(place, tmp_path, token))
    assert rcode(ask(daemon, "web", "SRV")) == "SERVFAIL"
    daemon.wait_for_log(f"AWS_WEB_IDENTITY_TOKEN_FILE: .*{said}")
    assert place.asked == []


# --- their end


def test_keys_are_fetched_ahead_and_the_old_serve_until_their_end(serve, gate, place):
    """Of a life of 16 s: new ones from the tenth second on; that fails, and the old ones are used on."""
    place.lives = 16
    daemon = serve(**container(place))
    assert is_found(daemon)
    began = time.monotonic()
    place.instead = [(503, b"busy")]
    place.keys = NEXT
    wait_until(lambda: len(place.asked) == 2, 12)
    assert 9 < time.monotonic() - began < 12
    assert is_found(daemon, "other"), "the old ones are good for five seconds more"
    assert gate.ids_used()[-1] == PLACE.id
    daemon.wait_for_log("kept those that were there: the container's endpoint: HTTP 503")
    wait_until(lambda: len(place.asked) == 3, 5)
    ask_until(daemon, "web", "SRV", lambda _: gate.ids_used()[-1] == NEXT.id, seconds=5)
    assert gate.refused == []


def test_keys_outlive_a_reload_though_their_place_is_away(start, http_catalog, gate, place, tmp_path):
    catalog = [{"type": "http", "url": http_catalog.url, "sign": True}]
    daemon = start(catalog=catalog, environment={**NOTHING, "HOME": str(tmp_path), "AWS_REGION": "eu-west-1",
                                                 **container(place)})
    assert is_found(daemon)
    place.close()
    daemon.reconfigure(catalog=[{**catalog[0], "timeout": "1s"}])
    daemon.wait_for_log("credentials: kept those that were there")
    assert is_found(daemon, "other")
    assert gate.ids_used() == [PLACE.id] * len(gate.used) and gate.refused == []


def test_secrets_are_in_no_log_and_no_dump(start, http_catalog, gate, place, tmp_path):
    gate.expired.add(PLACE.id)
    daemon = start(catalog=[{"type": "http", "url": http_catalog.url, "sign": True}], log={"level": "trace"},
                   environment={**NOTHING, "HOME": str(tmp_path), "AWS_REGION": "eu-west-1",
                                **web_identity(place, tmp_path, "eyJ.secret.token")})
    ask(daemon, "web", "SRV")
    daemon.send_signal(signal.SIGUSR1)
    daemon.wait_for_log("403")
    time.sleep(0.3)
    for secret in (PLACE.secret, PLACE.token, "eyJ.secret.token", "Signature="):
        assert secret not in daemon.log()
    for path in ("/", "/metrics", "/ready", "/v1/services"):
        assert PLACE.secret not in daemon.http(path)[1]
