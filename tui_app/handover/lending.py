"""Credentials that renew, for one child: the loopback server, the child's own token and files, and proof that it will be who it should be.

Source: reference order of botocore's providers: keys in the environment, then profiles, the shared files, credential_process, and only then
a container's endpoint. So the child gets shared files of its own that hold nothing but how requests are made.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self

from tui_app import paths
from tui_app.aws.own_resolver import CONTAINER
from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.load import Catalog
from tui_app.catalog.shared_config import chosen_profile
from tui_app.clock import Clock, clock_time, wall_clock
from tui_app.errors import RoledeckError, WrongIdentity
from tui_app.handover.child import Child, Ended, Stopped
from tui_app.handover.credential_server import CredentialServer
from tui_app.handover.environment import ChildEnvironment, renewing_environment
from tui_app.handover.kept_fresh import KeptFresh
from tui_app.model import Role, Session
from tui_app.sessions.broker import Broker
from tui_app.sessions.consent import Program, nobody_agrees
from tui_app.sessions.errand import code_program, no_code
from tui_app.sessions.identity import is_role
from tui_app.sessions.wanted import Wanted
from tui_app.temporary import new_folder, remove_folder
from tui_app.text import clean
from tui_app.values import frozen

PROOF_SECONDS = 45
HIDDEN = "While it runs, other profiles are hidden from it: nothing in the shared files may win over the role."
_HARMLESS = (
    "output", "ca_bundle", "retry_mode", "max_attempts", "cli_pager", "cli_binary_format", "cli_timestamp_format", "use_fips_endpoint",
    "use_dualstack_endpoint", "sts_regional_endpoints", "defaults_mode", "sdk_ua_app_id",
)  # fmt: skip
"""Settings that say how requests are made; none of them says whose they are, or where they go."""


@frozen
class Loan:
    """What is lent: the session to begin with, whose it is, and where the child works."""

    role: Role
    session: Session
    wanted: Wanted
    region: str | None = None
    endpoint_url: str | None = None


class Lending:
    """The credentials of `loan` for one child, renewed until this is closed; then server, token and files are gone.

    `child` is the child's environment; `lasting` what a person should hear of how long it lasts. Safe to close twice.

    Raises:
        WrongIdentity: a program with that environment would be somebody else; nothing is lent.
        RoledeckError: there is no port or no folder to be had, or the proof could not be made.
    """

    def __init__(self, broker: Broker, catalog: Catalog, environ: Mapping[str, str], loan: Loan, clock: Clock = wall_clock) -> None:
        peek = partial(broker.peek, loan.role, loan.wanted)
        self._fresh = KeptFresh(peek, _renewal(broker, environ, loan), loan.session, clock)
        self._server: CredentialServer | None = None
        self._folder, self._owner = "", -1
        # also where the program ends while somebody else is still being asked who the child would be
        atexit.register(self.close)
        try:
            self._server = CredentialServer(self._fresh.answer)
            self._folder, self._owner = new_folder(paths.LENT_FOLDER, _private_place(environ))
            _write(self._token_file, self._server.token)
            _write(self._file("config"), _config(catalog, environ, loan.region))
            _write(self._file("credentials"), "")
            self.child: ChildEnvironment = renewing_environment(
                environ, self._variables(environ), region=loan.region, endpoint_url=loan.endpoint_url, mark=loan.role.key
            )
            self.lasting = lasting(broker, catalog, loan, clock)
            _prove(self.child.variables, loan)
        except OSError as failure:
            self.close()
            reason = clean(failure.strerror or "unknown reason").lower()
            raise RoledeckError(f"Credentials that renew cannot be served here: {reason}.", "Leave --renew out.") from None
        except BaseException:
            self.close()
            raise

    @property
    def session(self) -> Session:
        """The session that is given out now."""
        return self._fresh.session

    def close(self) -> None:
        """End the server, forget the token, remove the files."""
        atexit.unregister(self.close)
        self._fresh.close()
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._folder:
            remove_folder(self._folder)
            self._folder = ""
        if self._owner >= 0:
            os.close(self._owner)
            self._owner = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def _token_file(self) -> str:
        return self._file("token")

    def _file(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _variables(self, environ: Mapping[str, str]) -> dict[str, str]:
        own = (paths.shared_config_file(environ), paths.shared_credentials_file(environ))
        url = self._server.url if self._server else ""
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": url,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": self._token_file,
            "AWS_CONFIG_FILE": self._file("config"),
            "AWS_SHARED_CREDENTIALS_FILE": self._file("credentials"),
            **dict(zip(paths.OWN.values(), map(os.path.abspath, own), strict=True)),
        }


class Borrower:
    """The child that a loan was made for: what was lent is taken back when the child has ended, not while it is only stopped."""

    def __init__(self, lending: Lending) -> None:
        self._lending = lending
        self._child: Child | None = None

    def run(self, argv: Sequence[str], env: Mapping[str, str]) -> Ended | Stopped:
        """Run it to its end, or until it is stopped; then `resume` or `end` go on.

        Raises:
            CommandNotFound, NotExecutable: it did not start.
            SystemExit: a signal ended the child and now ends us.
        """
        self._child = Child(tuple(argv), env)
        return self.resume()

    @property
    def pid(self) -> int:
        """Of the child."""
        return self._child.pid if self._child else 0

    def resume(self) -> Ended | Stopped:
        """Go on with a stopped child."""
        outcome: Ended | Stopped | None = None
        try:
            outcome = self._child.resume() if self._child else Ended(1)
        finally:
            if not isinstance(outcome, Stopped):
                self._lending.close()
        return Stopped(self) if isinstance(outcome, Stopped) else outcome

    def end(self) -> Ended:
        """End the child, stopped or not."""
        try:
            return self._child.end() if self._child else Ended(1)
        finally:
            self._lending.close()


def _renewal(broker: Broker, environ: Mapping[str, str], loan: Loan) -> Callable[[Session], Session]:
    """How the session is renewed: by itself, by the MFA session, by the program that prints codes; the child's terminal asks nobody."""
    agree = nobody_agrees(environ)

    def renew(session: Session) -> Session:
        # one that asks is given out as it is to the end, unless a new one is wanted
        fresh = session.renews == "asks"
        return broker.obtain(loan.role, replace(loan.wanted, fresh=fresh), no_code, ask_consent=agree)

    return renew


def lasting(broker: Broker, catalog: Catalog, loan: Loan, clock: Clock = wall_clock) -> str:
    """For a role that needs codes: until when it goes on without one, and what gives it the next; else an empty text."""
    if loan.session.source_of_code == "none":
        return ""
    # as long as the MFA session lives, it gives the role new sessions
    until = max(loan.session.credentials.expires, broker.plan(loan.role, loan.wanted).mfa_until or 0.0)
    first = f"Without another code this lasts until {clock_time(until, clock())}"
    if program := code_program_of(catalog, loan.role):
        return f"{first}; {program.setting} gives it one in time."
    return f"{first}; roledeck assume --fresh {clean(loan.role.key)} in another terminal gives it one."


def code_program_of(catalog: Catalog, role: Role) -> Program | None:
    """The program that gives the codes for a role, if the files name one."""
    chain = resolve_chain(catalog, role)
    return code_program(chain, catalog.defaults) if chain.hops else None


def _private_place(environ: Mapping[str, str]) -> str | None:
    """The user's own run-time folder, which is memory, where there is one."""
    place = environ.get("XDG_RUNTIME_DIR") or ""
    try:
        facts = os.stat(place)
    except (OSError, ValueError):
        return None
    return place if os.path.isabs(place) and facts.st_uid == os.geteuid() and os.access(place, os.W_OK) else None


def _config(catalog: Catalog, environ: Mapping[str, str], region: str | None) -> str:
    """A shared config file with a region and nothing that says who one is."""
    profiles = catalog.shared.profiles
    section = profiles.get(chosen_profile(environ)) or profiles.get("default")
    said = {name: section.get(name) for name in _HARMLESS} if section else {}
    settings = {"region": region or (section.get("region") if section else ""), **said}
    lines = [f"{name} = {value}" for name, value in settings.items() if value and value.isprintable()]
    return "\n".join(["[default]", *lines, ""])


def _write(path: str, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _prove(variables: Mapping[str, str], loan: Loan) -> None:
    """Let a program with the child's environment say who it is, before the child is one."""
    region = loan.region or loan.session.identity.region or "us-east-1"
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tui_app.aws.own_resolver", region],
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PROOF_SECONDS,
            check=False,
        )
        said = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        said = {}
    arn, method = str(said.get("arn", "")), str(said.get("method", ""))
    if not arn:
        raise RoledeckError(
            f"A program in this environment could not say who it is, so {clean(loan.role.key)} was not handed over.",
            "Try again, or leave --renew out.",
        )
    if method != CONTAINER or not is_role(loan.role.arn, arn) or said.get("account") != loan.session.identity.account:
        raise WrongIdentity(
            f"A program in this environment would be {clean(arn, 512)} ({clean(method, 64)}), not {clean(loan.role.arn, 512)}.",
            "Nothing was started; leave --renew out, or look for what else gives credentials here.",
        )
