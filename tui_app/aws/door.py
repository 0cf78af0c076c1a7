"""The only door to AWS: clients with time limits, explicit credentials, one shared loader, every failure one of our errors.

boto's own configuration is shut out: no shared config file, no profile, no endpoint from the environment reaches a client, so
that a request goes where this program says, signed by the keys that this program names.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tui_app.aws.faults import broken_answer, told
from tui_app.aws.paging import Paging, paging_of
from tui_app.aws.partitions import sts_region
from tui_app.clock import Clock, wall_clock
from tui_app.errors import ConfigUnusable, RoledeckError
from tui_app.model import AccessKey, Identity
from tui_app.text import clean

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.session import Session as BotoSession

CONNECT_TIMEOUT = 3
READ_TIMEOUT = 10
GRACE = 2
"""Seconds on top of both for an answer to arrive whole."""
ATTEMPTS = 3
KEPT_CLIENTS = 128
"""Room for the explorer's first sight in three regions; each takes up to 0.3 MiB."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_LIGHT = frozenset({"sts"})
"""Services whose endpoint rules need nothing of the large endpoints.json."""
_ACCOUNT_DIGITS = 12
ACRONYM = 3
"""Service names this short are written in capitals: STS, EC2, S3."""

_ClientKey = tuple[str, str, AccessKey | None, float, int]


def endpoint_from(environ: Mapping[str, str], configured: str | None = None) -> str | None:
    """Our own endpoint: ROLEDECK_ENDPOINT_URL, else the config's `[aws] endpoint_url`, else none (AWS itself)."""
    return environ.get("ROLEDECK_ENDPOINT_URL") or configured or None


class AwsDoor:
    """Calls AWS for any number of threads; `endpoint_url` sends everything to one https or loopback address instead.

    Raises:
        ConfigUnusable: the endpoint is plain http to another machine, or no address at all.
    """

    def __init__(self, endpoint_url: str | None = None, clock: Clock = wall_clock) -> None:
        self.endpoint_url = _checked_endpoint(endpoint_url) if endpoint_url else None
        self._clock = clock
        self._making = threading.Lock()
        self._clients: OrderedDict[_ClientKey, BaseClient] = OrderedDict()
        self._sessions: dict[bool, BotoSession] = {}

    def call(  # noqa: PLR0913 - one argument for each part of a request
        self,
        service: str,
        operation: str,
        *,
        region: str,
        key: AccessKey | None,
        parameters: Mapping[str, Any],
        read_timeout: float | None = None,
        retry: bool = True,
    ) -> dict[str, Any]:
        """The answer of one operation, by its API name (`AssumeRole`), without boto's metadata.

        `key` None leaves the request unsigned. `retry` False sends it once at most, for what AWS counts.

        Raises:
            Refused, SessionExpired, OutOfReach, ConfigUnusable: each with a sentence.
        """
        action = f"{service}:{operation}"
        try:
            client = self._client((service, region, key, read_timeout or READ_TIMEOUT, ATTEMPTS if retry else 1))
            answer = _method(client, operation, action)(**parameters)
        except Exception as failure:  # noqa: BLE001 - botocore lets KeyError, ValueError and parser errors of its own through
            raise told(failure, action=action, host=self.host(service, region), region=region, resource=_resource(parameters)) from None
        answer.pop("ResponseMetadata", None)
        return dict(answer)

    def caller_identity(self, key: AccessKey, region: str | None = None) -> Identity:
        """Who these keys are, by GetCallerIdentity, which nobody can be denied."""
        where = sts_region(region)
        answer = self.call("sts", "GetCallerIdentity", region=where, key=key, parameters={})
        account, arn, user_id = (answer.get(name) for name in ("Account", "Arn", "UserId"))
        if not (isinstance(account, str) and len(account) == _ACCOUNT_DIGITS and account.isascii() and account.isdigit()):
            raise broken_answer(self.host("sts", where), "account id")
        if not (isinstance(arn, str) and arn.startswith("arn:") and isinstance(user_id, str)):
            raise broken_answer(self.host("sts", where), "ARN")
        return Identity(account, clean(arn, 2048), clean(user_id), self._clock(), where)

    def paging(self, service: str, operation: str) -> Paging | None:
        """How that operation is asked for its next page; None where botocore knows no paginator for it."""
        from tui_app.aws.boto import paginators

        with self._making:
            return paging_of(paginators(self._session(light=False), service).get(operation))

    def regions(self, partition: str) -> tuple[str, ...]:
        """The regions of a partition that botocore knows: asks nobody, and says nothing about which are enabled."""
        from tui_app.aws.boto import known_regions

        with self._making:
            return known_regions(self._session(light=False), partition)

    def host(self, service: str, region: str) -> str:
        """The host that answers for a service, for messages."""
        if self.endpoint_url:
            return urlsplit(self.endpoint_url).netloc
        return f"{service.upper() if len(service) <= ACRONYM else clean(service, 32)} in {clean(region, 32)}"

    def forget(self, key_id: str | None = None) -> None:
        """Drop the kept clients of an access key (all without one), so that its secret leaves this process's memory."""
        with self._making:
            for kept in [kept for kept in self._clients if key_id is None or (kept[2] and kept[2].id == key_id)]:
                del self._clients[kept]

    def _client(self, wanted: _ClientKey) -> BaseClient:
        with self._making:
            client = self._clients.get(wanted)
            if client is None:
                from tui_app.aws.boto import without_collecting

                with without_collecting():
                    client = self._clients[wanted] = self._make(wanted)
            self._clients.move_to_end(wanted)
            while len(self._clients) > KEPT_CLIENTS:
                self._clients.popitem(last=False)
        return client

    def _make(self, wanted: _ClientKey) -> BaseClient:
        from botocore import UNSIGNED
        from botocore.config import Config

        from tui_app.aws.bounded import BoundedSession

        service, region, key, read_timeout, attempts = wanted
        loopback = self.endpoint_url is not None and urlsplit(self.endpoint_url).hostname in LOOPBACK
        options: dict[str, Any] = {
            "connect_timeout": CONNECT_TIMEOUT,
            "read_timeout": read_timeout,
            "retries": {"mode": "standard", "total_max_attempts": attempts},
            "ignore_configured_endpoint_urls": True,
            "max_pool_connections": 16,
        }
        if self.endpoint_url:
            options["s3"] = {"addressing_style": "path"}
        if loopback:
            options["proxies"] = {}
        if key is None:
            options["signature_version"] = UNSIGNED
        client = self._session(light=service in _LIGHT).create_client(
            service,
            region_name=region,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=key.id if key else None,
            aws_secret_access_key=key.secret.reveal() if key else None,
            aws_session_token=key.token.reveal() if key and key.token else None,
            config=Config(**options),
        )
        client.meta.events.register("after-call", _refuse_what_is_no_answer)
        from tui_app.aws.tls import share_context

        share_context(client)
        bare: Any = client
        endpoint = bare._endpoint  # noqa: SLF001 - botocore has no public way to an HTTP session of one's own
        endpoint.http_session = BoundedSession(endpoint.http_session, CONNECT_TIMEOUT + read_timeout + GRACE)
        return client

    def _session(self, *, light: bool) -> BotoSession:
        if light not in self._sessions:
            from tui_app.aws.boto import closed_session

            self._sessions[light] = closed_session(light=light)
        return self._sessions[light]


def _checked_endpoint(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
        usable = usable and parts.username is None and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigUnusable(
            f"The endpoint {clean(url, 200)} cannot be used.",
            "It should be https, or http on 127.0.0.1 or localhost; it comes from ROLEDECK_ENDPOINT_URL or [aws] endpoint_url.",
        )
    return url


def _refuse_what_is_no_answer(http_response: Any, model: Any, **_rest: object) -> None:
    """Refuse a page of HTML, and a body that should be JSON and is not; botocore takes either for an empty answer.

    Raises:
        ValueError: it is none; `told` knows what to say then.
    """
    if model.has_streaming_output or http_response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
        return
    body = http_response.content.strip()
    if body[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise ValueError
    if body and model.service_model.metadata.get("protocol", "").endswith("json"):
        json.loads(body)


def _method(client: BaseClient, operation: str, action: str) -> Callable[..., dict[str, Any]]:
    names: Mapping[str, str] = client.meta.method_to_api_mapping
    found = next((method for method, api in names.items() if api == operation), None)
    if found is None:
        raise RoledeckError(f"The installed botocore does not know {clean(action, 200)}.", "Check its name, or install a newer boto3.")
    method: Callable[..., dict[str, Any]] = getattr(client, found)
    return method


def _resource(parameters: Mapping[str, Any]) -> str:
    role = parameters.get("RoleArn")
    return role if isinstance(role, str) else ""
