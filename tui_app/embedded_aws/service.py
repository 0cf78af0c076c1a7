"""The AWS behind the socket: moto, the gate in front of it, the world inside it, and all that moto lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tui_app.embedded_aws import cloudtrail, member_accounts, opt_in_regions
from tui_app.embedded_aws.access_analyzer import AccessAnalyzer
from tui_app.embedded_aws.backends import load_moto, settle
from tui_app.embedded_aws.bucket_regions import with_regions
from tui_app.embedded_aws.console_login import ConsoleLogin
from tui_app.embedded_aws.control import PREFIX, Control
from tui_app.embedded_aws.faults import Faults, suffer
from tui_app.embedded_aws.gate import ACCOUNT_HEADER, Gate, Proceed
from tui_app.embedded_aws.http_server import Environ, StartResponse
from tui_app.embedded_aws.identity_center import IdentityCenter
from tui_app.embedded_aws.mfa import current_code
from tui_app.embedded_aws.resource_explorer import ResourceExplorer
from tui_app.embedded_aws.signin import SignIn
from tui_app.embedded_aws.wire import Answer, AwsRequest
from tui_app.embedded_aws.world.core import seed_core
from tui_app.embedded_aws.world.resources import Resources

_ACCOUNT_KEY = "HTTP_" + ACCOUNT_HEADER.upper().replace("-", "_")


class Service:
    """A WSGI application that answers as AWS does; made on the loader's thread, used from every other."""

    def __init__(self, url: str, secret: str, *, empty: bool, seed_resources: bool) -> None:
        moto = load_moto()
        self.resources = Resources() if seed_resources and not empty else None
        self.gate = Gate(self._seeded(moto), secret)
        self.faults = Faults()
        self.identity_center = IdentityCenter(url, empty=empty)
        if not empty:
            seed_core()
        self.gate.around += [self._with_faults, with_regions]
        self.console_login = ConsoleLogin()
        self.console_login.register(self.gate)
        control = Control(self.gate, self.faults, self.identity_center.approve, self.console_login.sign_in)
        self.gate.add_path(PREFIX, control.answer)
        self.identity_center.register(self.gate)
        AccessAnalyzer(empty=empty).register(self.gate)
        ResourceExplorer(self.resources, empty=empty).register(self.gate)
        SignIn().register(self.gate)
        cloudtrail.register(self.gate)
        member_accounts.register(self.gate)
        if not empty:
            opt_in_regions.register(self.gate)
        settle()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self.gate(environ, start_response)

    def code(self, serial: str) -> tuple[str, int]:
        """What the authenticator of that device shows, and for how many more seconds.

        Raises:
            KeyError: there is no such device.
        """
        return current_code(serial, self.gate.now())

    def close(self) -> None:
        """Let go of faults, so that no late request waits for one."""
        self.faults.clear()

    def _with_faults(self, request: AwsRequest, _gate: Gate, proceed: Proceed) -> Answer:
        fault = self.faults.take(request) if self.faults and request.service else None
        answer = suffer(fault, request) if fault else None
        return answer or proceed(request)

    def _seeded(self, moto: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """moto, with a service's resources put in before the service is first asked."""

        def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            if self.resources is not None:
                self.resources.ensure(_service_of(environ), environ.get(_ACCOUNT_KEY, ""))
            return moto(environ, start_response)

        return application


def _service_of(environ: Environ) -> str:
    """The signing name in the credential scope; a request without one can only be S3's."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].partition(",")[0].split("/")
    return scope[-2].lower() if len(scope) > 2 else "s3"  # noqa: PLR2004 - key, day, region, service, terminator
