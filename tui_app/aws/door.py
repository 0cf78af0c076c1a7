"""The only door to AWS: clients with time limits, explicit credentials, one shared loader, every failure one of our errors.

boto's own configuration is shut out: no shared config file, no profile, no endpoint from the environment reaches a client, so
that a request goes where this program says, signed by the keys that this program names.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tui_app.aws.faults import broken_answer, told
from tui_app.aws.no_answer import refuse_what_is_no_answer
from tui_app.aws.paging import Paging, paging_of
from tui_app.aws.partitions import partition_of, sts_region
from tui_app.clock import Clock, wall_clock
from tui_app.errors import ConfigUnusable, RoledeckError
from tui_app.model import AccessKey, Identity
from tui_app.text import clean
from tui_app.values import frozen

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.config import Config
    from botocore.session import Session as BotoSession

CONNECT_TIMEOUT = 3
READ_TIMEOUT = 10
GRACE = 2
"""Seconds on top of both for an answer to arrive whole."""
ATTEMPTS = 3
KEPT_CLIENTS = 128
"""Room for the explorer's first sight in five regions; each takes up to 0.3 MiB."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_LIGHT = frozenset({"sts", "signin"})
"""Services whose endpoint rules need nothing of the large endpoints.json."""
_ACCOUNT_DIGITS = 12
ACRONYM = 3
"""Service names this short are written in capitals: STS, EC2, S3."""


@frozen
class Wanted:
    """What a client is made for. `key` only where the client may serve nobody else."""

    service: str
    region: str
    signed: bool
    read_timeout: float
    attempts: int
    key: AccessKey | None = None


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
        """Held while a client is made: one at a time, as botocore's sessions want it."""
        self._looking = threading.Lock()
        self._clients: OrderedDict[Wanted, BaseClient] = OrderedDict()
        self._forgotten: set[str] = set()
        self._followers: list[Callable[[str], None]] = []
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
            client = self._client(service, region, key, read_timeout or READ_TIMEOUT, ATTEMPTS if retry else 1)
            answer = _answer(client, operation, action, key, parameters)
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

    def offers(self, service: str, region: str) -> bool:
        """False where botocore's list of endpoints leaves the region out for that service; an endpoint of one's own offers everything.

        The list is often behind AWS, so it counts only where nothing answers.
        """
        from tui_app.aws.boto import offered_regions

        if self.endpoint_url:
            return True
        with self._making:
            return region in offered_regions(self._session(light=False), service, partition_of(region).id)

    def host(self, service: str, region: str) -> str:
        """The host that answers for a service, for messages."""
        if self.endpoint_url:
            return urlsplit(self.endpoint_url).netloc
        return f"{service.upper() if len(service) <= ACRONYM else clean(service, 32)} in {clean(region, 32)}"

    def unsigned_client(self, service: str, region: str) -> BaseClient:
        """A client of its own for whoever puts something into its requests; it is not kept."""
        with self._making:
            return self._make(Wanted(service, region, signed=False, read_timeout=READ_TIMEOUT, attempts=ATTEMPTS))

    def forget(self, key_id: str) -> None:
        """Drop the kept clients that know an access key, so that its secret leaves this process's memory.

        Calls with it may still be under way, so a client that is made for it from now on is not kept.
        """
        with self._looking:
            self._forgotten.add(key_id)
            for kept in [kept for kept in self._clients if kept.key and kept.key.id == key_id]:
                del self._clients[kept]
        for follow in self._followers:
            follow(key_id)

    def followed_by(self, forget: Callable[[str], None]) -> None:
        """Have another door of the same sessions forget what this one does, by calling its `forget`."""
        self._followers.append(forget)

    def _client(self, service: str, region: str, key: AccessKey | None, read_timeout: float, attempts: int) -> BaseClient:
        from tui_app.aws.callers import OF_ONE_KEY

        wanted = Wanted(service, region, key is not None, read_timeout, attempts, key if service in OF_ONE_KEY else None)
        client = self._kept(wanted)
        if client is None:
            with self._making:
                client = self._kept(wanted) or self._keep(wanted, self._make(wanted))
        return client

    def _kept(self, wanted: Wanted) -> BaseClient | None:
        with self._looking:
            client = self._clients.get(wanted)
            if client is not None:
                self._clients.move_to_end(wanted)
        return client

    def _keep(self, wanted: Wanted, client: BaseClient) -> BaseClient:
        with self._looking:
            if wanted.key is not None and wanted.key.id in self._forgotten:
                return client
            self._clients[wanted] = client
            while len(self._clients) > KEPT_CLIENTS:
                self._clients.popitem(last=False)
        return client

    def _make(self, wanted: Wanted) -> BaseClient:
        from tui_app.aws.bounded import BoundedSession
        from tui_app.aws.tls import share_context

        client = self._session(light=wanted.service in _LIGHT).create_client(
            wanted.service, region_name=wanted.region, endpoint_url=self.endpoint_url, config=self._config(wanted)
        )
        client.meta.events.register("after-call", refuse_what_is_no_answer)
        share_context(client)
        bare: Any = client
        endpoint = bare._endpoint  # noqa: SLF001 - botocore has no public way to an HTTP session of one's own
        endpoint.http_session = BoundedSession(endpoint.http_session, CONNECT_TIMEOUT + wanted.read_timeout + GRACE)
        return client

    def _config(self, wanted: Wanted) -> Config:
        from botocore import UNSIGNED
        from botocore.config import Config

        loopback = self.endpoint_url is not None and urlsplit(self.endpoint_url).hostname in LOOPBACK
        options: dict[str, Any] = {
            "connect_timeout": CONNECT_TIMEOUT,
            "read_timeout": wanted.read_timeout,
            "retries": {"mode": "standard", "total_max_attempts": wanted.attempts},
            "ignore_configured_endpoint_urls": True,
            "max_pool_connections": 16,
        }
        if self.endpoint_url:
            options["s3"] = {"addressing_style": "path"}
        if loopback:
            options["proxies"] = {}
        if not wanted.signed:
            options["signature_version"] = UNSIGNED
        return Config(**options)

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


def _answer(client: BaseClient, operation: str, action: str, key: AccessKey | None, parameters: Mapping[str, Any]) -> dict[str, Any]:
    from botocore.model import OperationNotFoundError

    from tui_app.aws.callers import calling

    try:
        client.meta.service_model.operation_model(operation)
    except OperationNotFoundError:
        raise RoledeckError(
            f"The installed botocore does not know {clean(action, 200)}.", "Check its name, or install a newer boto3."
        ) from None
    bare: Any = client
    with calling(key):
        # by its name in the API: a method for each of EC2's 800 operations would be made for every client
        answer: dict[str, Any] = bare._make_api_call(operation, dict(parameters))  # noqa: SLF001 - what botocore's methods call
    return answer


def _resource(parameters: Mapping[str, Any]) -> str:
    role = parameters.get("RoleArn")
    return role if isinstance(role, str) else ""
