"""The one place that gets and keeps credentials, for the screen and the command line alike; safe for threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.catalog import limits
from tui_app.catalog.load import Catalog
from tui_app.clock import Clock, wall_clock
from tui_app.errors import ConfigUnusable, UsageError
from tui_app.model import NO_TEXTS, AccessKey, MfaSession, Role, Session, Source
from tui_app.sessions.cache import kept_record
from tui_app.sessions.codes import AskCode, CodeDesk, CodeRequest
from tui_app.sessions.consent import AskConsent, Consents, Program, nobody_agrees
from tui_app.sessions.errand import Errand, code_program, no_code, refuse_problems, target_of, whose_keys
from tui_app.sessions.folder import PrivateFolder
from tui_app.sessions.forgetting import Forgetting
from tui_app.sessions.journal import Journal
from tui_app.sessions.locks import tidy
from tui_app.sessions.plan import Plan, PlannedHop
from tui_app.sessions.planning import Planning, covered
from tui_app.sessions.record import Record
from tui_app.sessions.remembered import Lessons, UsedCodes
from tui_app.sessions.start import STARTS, start_key
from tui_app.sessions.storage import made_cache
from tui_app.sessions.wanted import Ground, Wanted
from tui_app.text import clean, plural

if TYPE_CHECKING:
    from tui_app.aws.door import AwsDoor
    from tui_app.sessions.cli_cache import CliCache
    from tui_app.sessions.sources.grants import Grants
    from tui_app.sessions.sources.programs import Programs
    from tui_app.sessions.tools import Tools

__all__ = ["AskCode", "Broker", "CodeRequest", "Plan", "PlannedHop", "Wanted"]


def _never() -> bool:
    return False


def _quiet(_line: str) -> None:
    """Nobody is watching."""


class Broker:
    """Sessions of a catalog's roles. `warnings` collects sentences about how they are kept; `catalog` may be replaced when files change.

    `ask_consent` asks the person whether a program of the files may be run, where a call names nobody else for it.
    """

    def __init__(
        self,
        catalog: Catalog,
        environ: Mapping[str, str],
        door: AwsDoor | None = None,
        clock: Clock = wall_clock,
        ask_consent: AskConsent | None = None,
    ) -> None:
        self.catalog = catalog
        self.warnings: list[str] = []
        self.journal = Journal(environ, clock)
        self._environ = environ
        self._door = door
        self._clock = clock
        # sessions of one AWS are never looked for in another; the same rule as `endpoint_from`, without loading the door
        told = door.endpoint_url if door else environ.get("ROLEDECK_ENDPOINT_URL") or catalog.settings.endpoint_url
        self._endpoint = told or ""
        folder = PrivateFolder(paths.sessions_folder(environ))
        self._cache = made_cache(catalog.settings.storage, folder, environ, clock, self.warnings.append)
        self._forgetting = Forgetting(self._cache, self.journal, environ, clock, self._lost)
        self._lessons = Lessons(PrivateFolder(paths.state_folder(environ)), clock)
        self._used = UsedCodes(folder, clock)
        self.ask_consent = ask_consent or nobody_agrees(environ)
        self._consents = Consents(environ)
        self._kept_grants: Grants | None = None

    @property
    def door(self) -> AwsDoor:
        """The way to AWS, made when first needed."""
        if self._door is None:
            from tui_app.aws.door import AwsDoor, endpoint_from

            self._door = AwsDoor(endpoint_from(self._environ, self.catalog.settings.endpoint_url), self._clock)
        return self._door

    def plan(self, role: Role, wanted: Wanted | None = None) -> Plan:
        """What would happen for a role, with what is kept of it; contacts nothing."""
        return self._planning.plan(role, wanted or Wanted())

    def obtain(
        self,
        role: Role,
        wanted: Wanted,
        ask_code: AskCode,
        cancelled: Callable[[], bool] = _never,
        progress: Callable[[str], None] = _quiet,
        ask_consent: AskConsent | None = None,
    ) -> Session:
        """A live, verified session: a kept one where it is good enough, else a new one. One refresh at a time for a role.

        Raises:
            UsageError, ConfigUnusable, NeedsPerson, Refused, OutOfReach, WrongIdentity, Cancelled.
        """
        if wanted.duration is not None and (should_be := limits.seconds(wanted.duration, limits.LONGEST_ROLE)[1]):
            raise UsageError(f"AWS gives no session of {wanted.duration} seconds.", should_be)
        if wanted.region is not None and (should_be := limits.region(wanted.region)):
            raise UsageError(f"{clean(wanted.region, 64)} is not a region.", should_be)
        plan = self._planning.bare_plan(role, wanted)
        refuse_problems(plan, self._environ)
        errand = Errand(wanted, ask_code, ask_consent or self.ask_consent, cancelled, progress)
        return self._obtained(plan, errand)

    def source_key(self, source: Source, ask_consent: AskConsent | None = None, cancelled: Callable[[], bool] = _never) -> AccessKey:
        """The keys that a chain from this source would start with; those of a role that the source itself is are kept like any session.

        Raises:
            ConfigUnusable, NeedsPerson, Refused, OutOfReach, WrongIdentity, Cancelled, RoledeckError.
        """
        agree = ask_consent or self.ask_consent
        if source.kind not in STARTS:
            return self._grants.key(source, self._programs(agree, cancelled))
        errand = Errand(Wanted(), no_code, agree, cancelled, _quiet)
        return self._obtained(self._planning.plan_of_source(source), errand).credentials.key

    def _obtained(self, plan: Plan, errand: Errand) -> Session:
        from tui_app.sessions.obtain import Obtaining

        self._cache.ready()
        before = kept_record(self._cache, target_of(plan), exact=False)
        tools = self._tools(plan, errand)
        session = Obtaining(tools, plan, errand.wanted, errand.cancelled, errand.progress).session()
        # profiles with one role and one way there share its session; it goes by the name that was asked for
        session = replace(session, role_key=plan.chain.role.key)
        if not session.from_cache:
            self.journal.record("renew" if before else "assume", session)
        if self.catalog.settings.share_with_aws_cli and (trouble := self._cli_cache.shared(self.catalog, plan, session)):
            self._say(trouble)
        return session

    def _tools(self, plan: Plan, errand: Errand) -> Tools:
        from tui_app.sessions.beginning import Beginning
        from tui_app.sessions.tools import Tools

        chain, source, wanted = plan.chain, plan.chain.source, errand.wanted
        programs = self._programs(errand.ask_consent, errand.cancelled)
        own_region = wanted.region or chain.role.request.region or source.region or self.catalog.defaults.region or None
        anew = wanted.fresh and not chain.hops
        program = code_program(chain, self.catalog.defaults) if plan.serial else None
        ask = self._code_asker(program, errand, programs)
        return Tools(
            door=self.door,
            cache=self._cache,
            lessons=self._lessons,
            desk=CodeDesk(self._cache.folder, self._used, ask, errand.progress),
            alone=lambda: self._desk_alone(program, errand, programs),
            clock=self._clock,
            programs=programs,
            source=lambda: self._grants.key(source, programs, chain.role.key),
            begin=Beginning(self.door, chain, own_region, self._environ, self._clock, errand.cancelled, fresh=anew).credentials,
            start_key=lambda: start_key(chain, self.catalog.roles),
            region=lambda step: wanted.region or step.hop.request.region or source.region,
            covers=lambda: self.covered(source.profile or "", plan.serial),
            borrow=lambda number: self._cli_cache.find(self.catalog, plan, number),
            whose=whose_keys(source, self._environ),
            say=self._say,
        )

    def _say(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    @cached_property
    def _cli_cache(self) -> CliCache:
        from tui_app.sessions.cli_cache import CliCache

        return CliCache(self._environ, self._clock)

    def _code_asker(self, program: Program | None, errand: Errand, programs: Programs) -> AskCode:
        """Who is asked for codes: the program that the role or the defaults name, then the person."""
        if program is None:
            return errand.ask_code
        from tui_app.sessions.mfa_command import CodeProgram

        return CodeProgram(program, programs, self._environ, errand.ask_code, errand.progress).ask

    def _desk_alone(self, program: Program | None, errand: Errand, programs: Programs) -> CodeDesk | None:
        """Where an agreed program gives codes and nobody else does, so that a renewal is silent."""
        if program is None or not self._consents.given(program):
            return None
        from tui_app.sessions.mfa_command import CodeProgram

        ask = CodeProgram(program, programs, NO_TEXTS, no_code, errand.progress).ask
        return CodeDesk(self._cache.folder, self._used, ask, errand.progress)

    def _programs(self, ask: AskConsent, stop: Callable[[], bool]) -> Programs:
        from tui_app.sessions.sources.programs import Programs

        return Programs(self._consents, ask, self._environ, stop)

    @property
    def _grants(self) -> Grants:
        if self._kept_grants is None:
            from tui_app.sessions.sources.grants import Grants

            self._kept_grants = Grants(self._environ, self._clock, self._cache.folder)
        return self._kept_grants

    def peek(self, role: Role, wanted: Wanted | None = None) -> Session | None:
        """The kept session of a role, if it is live; no network."""
        asked = wanted or Wanted()
        record = self._planning.kept(role, asked)
        return replace(record.session(from_cache=True), role_key=role.key) if record else None

    def sessions(self) -> tuple[Session, ...]:
        """All live sessions of roles, the longest-lived first."""
        return tuple(record.session(from_cache=True) for record in self._records("role") if self._cache.live(record))

    def known(self) -> tuple[Session, ...]:
        """Sessions of roles that are live or have expired within a day, the longest-lived first; a shared one under each of its names."""
        found = [record.session(from_cache=True) for record in self._records("role")]
        found += self._shared({session.role_key for session in found}, {session.role_arn for session in found})
        return tuple(sorted(found, key=lambda session: -session.credentials.expires))

    def _shared(self, named: set[str], arns: set[str]) -> list[Session]:
        """The live sessions of roles that share them with another name of the same role, which got them."""
        roles = (role for role in self.catalog.roles if role.arn in arns and role.key not in named) if arns else ()
        return [session for role in roles if (session := self.peek(role)) is not None]

    def mfa_sessions(self) -> tuple[MfaSession, ...]:
        """All live MFA sessions."""
        return tuple(record.mfa_session() for record in self._records("mfa") if self._cache.live(record))

    def session_file(self, role: Role) -> str:
        """The file that the role's live session is kept in, for stamps; an empty text where it is in memory or absent."""
        record = self._planning.kept(role, Wanted())
        return self._cache.path(record.name) if record else ""

    def forget(self, role_key_or_arn: str) -> tuple[str, ...]:
        """Drop the sessions of a role, also where another name of the same role got them; what was dropped, in words."""
        role = self.catalog.role(role_key_or_arn)
        target = self._planning.bare_plan(role, Wanted()).target if role else None
        family = target.family if target else ""
        meant = (
            record for record in self._records("role") if role_key_or_arn in {record.role_key, record.role_arn} or record.family == family
        )
        return self._forgetting.drop(meant)

    def forget_expired(self) -> tuple[str, ...]:
        """Drop sessions that are over."""
        return self._forgetting.drop(record for record in self._cache.records() if not self._cache.live(record))

    def forget_all(self) -> tuple[str, ...]:
        """Drop every session and MFA session, and files that nobody can read."""
        try:
            records = self._cache.records()
        except ConfigUnusable:
            # without the key nobody can say what they are, but they can go
            records = ()
        dropped = self._forgetting.drop(records)
        unreadable = self._cache.remove_unreadable()
        tidy(self._cache.folder)
        return (*dropped, f"{plural(unreadable, 'file')} that could not be read") if unreadable else dropped

    def _lost(self, key_id: str) -> None:
        """A session is dropped: what the door and the AWS CLI hold of it goes too."""
        if self._door is not None:
            self._door.forget(key_id)
        if self.catalog.settings.share_with_aws_cli:
            self._cli_cache.take_back(key_id)

    @property
    def _planning(self) -> Planning:
        ground = Ground(self.catalog.defaults, self._lessons, self._endpoint, self._environ, self._clock)
        return Planning(self.catalog, ground, self._cache, lambda plan, number: self._cli_cache.find(self.catalog, plan, number))

    def _records(self, kind: str) -> tuple[Record, ...]:
        return tuple(record for record in self._cache.records() if record.kind == kind)

    def covered(self, source_profile: str, serial: str) -> int:
        """How many roles one MFA session serves: those that ask for a code of that device and start from that profile."""
        return covered(self.catalog, source_profile, serial)
