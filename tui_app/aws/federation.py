"""The federation endpoint of AWS's sign-in page: a role's session becomes a token that opens the console.

Source: IAM user guide, "Enable custom identity broker access to the AWS console". The credentials go in the body of a POST, never in an
address. The token is good for 15 minutes, and whoever has it is signed in.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tui_app import __version__
from tui_app.aws.door import CONNECT_TIMEOUT, GRACE, LOOPBACK, READ_TIMEOUT
from tui_app.aws.faults import broken_answer, told
from tui_app.errors import Cancelled, ConfigUnusable, OutOfReach, Refused, RoledeckError
from tui_app.secret import Secret
from tui_app.text import clean
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.aws.door import AwsDoor
    from tui_app.aws.partitions import Partition
    from tui_app.model import AccessKey

TOKEN_SECONDS = 900
SHORTEST, LONGEST = 900, 43200
"""Seconds that a console session may be asked to last."""
ATTEMPTS = 3
ANSWER_LIMIT = 64 * 1024
_LONGEST_TOKEN = 16 * 1024
_PIECE = 8192
_PAUSE = 0.3
_ACTION = "signin:getSigninToken"
_NO = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@frozen
class SignInToken:
    """The token, and the seconds the console session lasts; None where it lasts as long as the credentials do."""

    value: Secret
    seconds: int | None = None


def sign_in_page(door: AwsDoor, partition: Partition) -> str:
    """The address of the partition's sign-in page without a path, or of our own endpoint.

    Raises:
        ConfigUnusable: the partition has no public console.
    """
    if not partition.signin_host:
        raise ConfigUnusable(f"The partition {clean(partition.id)} has no public console.", "Ask who runs it for its address.")
    return door.endpoint_url.rstrip("/") if door.endpoint_url else f"https://{partition.signin_host}"


def sign_in_token(
    door: AwsDoor, partition: Partition, key: AccessKey, seconds: int | None = None, cancelled: Callable[[], bool] = lambda: False
) -> SignInToken:
    """The token for a role's session. `seconds` asks for a console session of that length; where AWS refuses that, it is left out.

    Raises:
        Refused: the credentials cannot sign in.
        OutOfReach: there is no usable answer.
        ConfigUnusable: the partition has no public console.
        Cancelled: `cancelled` said so between two requests.
    """
    page = sign_in_page(door, partition)
    status, body = _asked(page, key, seconds, cancelled)
    if status == HTTPStatus.BAD_REQUEST and seconds is not None and not _is_busy(status, body):
        # AWS takes a length only with keys that come from AssumeRole directly, and does not say that this was the reason
        seconds = None
        status, body = _asked(page, key, None, cancelled)
    host = urlsplit(page).netloc
    if status != HTTPStatus.OK:
        raise _refusal(HTTPStatus.TOO_MANY_REQUESTS if _is_busy(status, body) else status, host)
    return SignInToken(_token(body, host), seconds)


def sign_in_address(page: str, token: SignInToken, destination: str) -> Secret:
    """The address that signs a browser in and leads to `destination`; `page` is that of `sign_in_page`."""
    words = {"Action": "login", "Issuer": "roledeck", "Destination": destination, "SigninToken": token.value.reveal()}
    return Secret(f"{page}/federation?{urlencode(words)}")


def sign_out_first(page: str, address: Secret) -> Secret:
    """The address that ends what the browser is signed in to at present, and then goes on to `address`.

    In the partition `aws` it is answered by the page of us-east-1.
    """
    place = page.replace("https://signin.aws.amazon.com", "https://us-east-1.signin.aws.amazon.com")
    return Secret(f"{place}/oauth?{urlencode({'Action': 'logout', 'redirect_uri': address.reveal()})}")


def _asked(page: str, key: AccessKey, seconds: int | None, cancelled: Callable[[], bool]) -> tuple[int, bytes]:
    """Status and body; what passes by itself is tried again, with pauses that differ between programs."""
    for attempt in range(1, ATTEMPTS + 1):
        if cancelled():
            raise Cancelled("Cancelled.")
        status, body = _sent(page, key, seconds)
        if not _is_busy(status, body) and status < HTTPStatus.INTERNAL_SERVER_ERROR:
            break
        if attempt < ATTEMPTS:
            time.sleep(random.uniform(0, _PAUSE * 2**attempt))  # noqa: S311 - spreads requests, guards nothing
    return status, body


def _is_busy(status: int, body: bytes) -> bool:
    return status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.BAD_REQUEST and b"Throttl" in body)


def _sent(page: str, key: AccessKey, seconds: int | None) -> tuple[int, bytes]:
    host = urlsplit(page).netloc
    session = {"sessionId": key.id, "sessionKey": key.secret.reveal(), "sessionToken": key.token.reveal() if key.token else ""}
    words = {"Action": "getSigninToken", "Session": json.dumps(session)} | ({"SessionDuration": str(seconds)} if seconds else {})
    http = None
    try:
        http = _http(page)
        answer = http.send(_request(f"{page}/federation", urlencode(words)))
        return int(answer.status_code), _body(answer.raw, host)
    except RoledeckError:
        raise
    except Exception as failure:  # noqa: BLE001 - urllib3 and botocore raise many kinds, and their texts may hold what was sent
        raise told(failure, action=_ACTION, host=host, region="") from None
    finally:
        if http is not None:
            http.close()


def _http(page: str) -> Any:
    """HTTP as botocore does it: certificates are always checked, proxies and CA bundles are those that every other request to AWS uses."""
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    from tui_app.aws.bounded import BoundedSession

    make: Any = URLLib3Session  # its types know neither a CA bundle nor two time limits

    proxies = {} if urlsplit(page).hostname in LOOPBACK else get_environ_proxies(page)
    bundle = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE") or True
    session = make(verify=bundle, proxies=proxies, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT))
    return BoundedSession(session, CONNECT_TIMEOUT + READ_TIMEOUT + GRACE)


def _request(address: str, body: str) -> Any:
    from botocore.awsrequest import AWSRequest

    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", "User-Agent": f"roledeck/{__version__}"}
    return AWSRequest("POST", address, headers, body.encode("ascii"), stream_output=True).prepare()


def _body(stream: Any, host: str) -> bytes:
    body, end = b"", time.monotonic() + READ_TIMEOUT
    while piece := stream.read(_PIECE):
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise broken_answer(host, "sign-in token")
        if time.monotonic() > end:
            raise OutOfReach(f"{host} took the request but did not answer in time.", "Try again in a moment.")
    return body


def _token(body: bytes, host: str) -> Secret:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as failure:
        raise told(ValueError(type(failure).__name__), action=_ACTION, host=host, region="") from None
    value = answer.get("SigninToken") if isinstance(answer, dict) else None
    if not (isinstance(value, str) and value and len(value) <= _LONGEST_TOKEN and value.isascii() and value.isprintable()):
        raise broken_answer(host, "sign-in token")
    return Secret(value)


def _refusal(status: int, host: str) -> RoledeckError:
    if status in _NO:
        return Refused(
            "AWS's sign-in page does not take these credentials.",
            "Only a role's session can sign in: try a new one with --fresh, or the switch-role link of `roledeck link`.",
            status=status,
            action=_ACTION,
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return OutOfReach(f"{host} has too much to do just now.", "Try again in a moment.", cause="throttled")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return OutOfReach(f"{host} has trouble of its own ({status}).", "Try again in a moment.", cause="broken")
    return told(ValueError("status"), action=_ACTION, host=host, region="")
