"""The credentials of whoever signed in with `aws login`: read from the AWS CLI's own file, renewed there where that needs nobody.

They last 15 minutes, and the sign-in up to 12 hours. Reading them takes nothing; renewing them the extra `login`. The CLI and other
programs renew the same file and take no lock, so that a refresh token may have been used up between two looks.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping

from tui_app import paths
from tui_app.aws.door import AwsDoor
from tui_app.aws.faults import broken_answer
from tui_app.aws.own_login import NOT_PERMITTED, OVER, SERVICE, USELESS, can_renew, extra_missing, renewed
from tui_app.aws.partitions import partition_of
from tui_app.catalog.login_sessions import SETTING, signed_in, token_file, token_name
from tui_app.clock import Clock, clock_time
from tui_app.errors import Cancelled, ConfigUnusable, Refused, RoledeckError, SignedOut
from tui_app.model import Credentials, Source
from tui_app.sessions.locks import Stop, held
from tui_app.sessions.shared_files import make_sure_of_room
from tui_app.sessions.sources.login_files import LoginFiles, LoginToken, token_of
from tui_app.text import clean
from tui_app.values import frozen

RENEWED_BELOW = 5 * 60
"""Seconds left under which botocore renews it, too."""
SKEW = 60
"""Credentials with fewer seconds left count as over."""
PAUSE = 60
"""Seconds until a renewal that failed is tried again while the credentials still live."""
_FAILED: dict[str, float] = {}
"""When a renewal failed, by the sign-in's file, on the monotonic clock."""


def login_credentials(
    door: AwsDoor, source: Source, environ: Mapping[str, str], clock: Clock, stop: Stop, *, fresh: bool = False
) -> Credentials:
    """The credentials of a source of kind `login`; `fresh` renews them though they are still good. One renewal at a time.

    Raises:
        ConfigUnusable: its login_session is none, or renewing takes the extra `login`.
        SignedOut: only a person can go on.
        OutOfReach: they are over, and AWS did not answer when they should have been renewed.
        RoledeckError: the renewed sign-in could not be kept.
    """
    written = source.details.get(SETTING, "")
    if signed_in(written) is None:
        where = str(source.origin or "")
        place = f" ({clean(paths.shown(where, environ))})" if where else ""
        named = f"the login_session of {clean(source.profile or 'the source')}{place}"
        raise ConfigUnusable(f'"{clean(written, 128)}", {named}, is not the ARN of a sign-in.', f"{_command(source)} writes one.", where)
    token = _SignIn(_Ground(door, source, environ, clock), stop).token(fresh=fresh)
    return Credentials(token.key, token.expires)


def login_notes(source: Source, environ: Mapping[str, str], now: float) -> tuple[str, ...]:
    """What is to be known of a sign-in before it is used; reads its file, contacts nothing."""
    if signed_in(source.details.get(SETTING, "")) is None:
        return (f"Its login_session is not the ARN of a sign-in: {_command(source)} writes one.",)
    kept = LoginFiles(environ).kept(source.details[SETTING])
    if kept.token is None:
        return (_nobody(source, environ, kept.fault).sentence(),)
    lives = kept.token.left(now) > SKEW
    until = clock_time(kept.token.expires, now)
    state = f"Its credentials last until {until}" if lives else f"Its credentials ended at {until}"
    if not kept.token.renews:
        return (f"{state}, and nothing is kept that could renew them: {_command(source)}.",)
    if not can_renew():
        return (f"{state}. {_cannot(source).sentence()}",)
    return (f"{state}; they are renewed without a person for up to 12h after the sign-in.",)


@frozen
class _Ground:
    """One sign-in: the way to AWS, the source that names it, where its file is, the time."""

    door: AwsDoor
    source: Source
    environ: Mapping[str, str]
    clock: Clock

    @property
    def session(self) -> str:
        return self.source.details[SETTING]

    @property
    def region(self) -> str:
        """Where a sign-in is renewed whose file does not say it, as botocore has it: the environment, then the profile."""
        said = (self.environ.get("AWS_REGION"), self.environ.get("AWS_DEFAULT_REGION"), self.source.region)
        return next(filter(None, said), partition_of(self.session).region)


class _SignIn:
    """One sign-in's token: read, renewed under a lock."""

    def __init__(self, ground: _Ground, stop: Stop) -> None:
        self._ground = ground
        self._stop = stop
        self._files = LoginFiles(ground.environ)

    def token(self, *, fresh: bool) -> LoginToken:
        """The kept token, renewed first where that is due or wanted."""
        token = self._kept()
        left = token.left(self._ground.clock())
        if not fresh and (left > RENEWED_BELOW or (left > SKEW and self._failed_lately())):
            return token
        try:
            return self._renewed(token)
        except Cancelled:
            raise
        except RoledeckError:
            _FAILED[self._place] = time.monotonic()
            present = self._files.kept(self._ground.session).token
            if not fresh and present and present.left(self._ground.clock()) > SKEW:
                return present
            raise

    def _renewed(self, token: LoginToken) -> LoginToken:
        """A token newer than `token`: another process's, or one of our own; refresh tokens change, so the file is read under the lock."""
        with held(self._files.folder, token_name(self._ground.session), self._stop):
            present = self._kept()
            if present.key.id != token.key.id and present.left(self._ground.clock()) > SKEW:
                return present
            return self._renew(present)

    def _renew(self, token: LoginToken) -> LoginToken:
        ground = self._ground
        if not token.renews:
            raise _over(ground.source)
        if not can_renew():
            raise _cannot(ground.source)
        make_sure_of_room(self._files.folder)
        try:
            fields = renewed(ground.door, ground.session, token.fields, ground.region, ground.clock)
        except Refused as refusal:
            return self._instead(token, refusal)
        new = token_of(fields)
        if new is None:
            raise broken_answer(ground.door.host(SERVICE, ground.region), "credentials")
        present = self._files.kept(ground.session).token
        if present and present.fields.get("refreshToken") != token.fields["refreshToken"]:
            return present  # a person has signed in again meanwhile, and that must not be lost
        self._files.keep(ground.session, fields)
        _FAILED.pop(self._place, None)
        return new

    def _instead(self, token: LoginToken, refusal: Refused) -> LoginToken:
        """What another program got, which takes no lock and was quicker; else the refusal, in a person's words."""
        present = self._files.kept(self._ground.session).token
        if present and present.key.id != token.key.id and present.left(self._ground.clock()) > SKEW:
            return present
        if refusal.cause in {OVER, USELESS}:
            raise _over(self._ground.source) from None
        if refusal.cause != NOT_PERMITTED:
            refusal.next_step = f"Sign in again with {_command(self._ground.source)}."
        raise refusal

    def _kept(self) -> LoginToken:
        kept = self._files.kept(self._ground.session)
        if kept.token is None:
            raise _nobody(self._ground.source, self._ground.environ, kept.fault)
        return kept.token

    @property
    def _place(self) -> str:
        return token_file(self._ground.session, self._ground.environ)

    def _failed_lately(self) -> bool:
        return time.monotonic() - _FAILED.get(self._place, -PAUSE) < PAUSE


def _nobody(source: Source, environ: Mapping[str, str], fault: str) -> SignedOut:
    """What is said where there is no sign-in; `fault` is what is wrong with its file, if there is one."""
    whose = clean(source.profile or "the source")
    next_step = f"Sign in with {_command(source)}."
    if not fault:
        return SignedOut(f"Nobody has signed in for {whose} on this machine.", next_step)
    place = clean(paths.shown(token_file(source.details[SETTING], environ), environ))
    return SignedOut(f"The sign-in of {whose}, {place}, cannot be used: {fault}.", next_step)


def _over(source: Source) -> SignedOut:
    return SignedOut(f"The sign-in of {clean(source.profile or 'the source')} has ended.", f"Sign in with {_command(source)}.")


def _cannot(source: Source) -> ConfigUnusable:
    """What is said where the extra is missing: the AWS CLI 2 renews the same file by itself."""
    missing = extra_missing()
    words = f"aws sts get-caller-identity{_option(source)}"
    missing.next_step = f"{missing.next_step} AWS CLI 2 renews it too: `{words}`."
    return missing


def _command(source: Source) -> str:
    return f"`aws login{_option(source)}`"


def _option(source: Source) -> str:
    return f" --profile {shlex.quote(clean(source.profile, 256))}" if source.profile else ""
