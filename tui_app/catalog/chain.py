"""From a role back to its source: every AssumeRole on the way, by botocore's rules for `source_profile` and ours for `via`.

Pure: nothing is contacted, run or opened. What stops the files from resolving is a problem of the chain, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tui_app.aws.partitions import partition_of, within
from tui_app.catalog import limits, sdk_differences
from tui_app.catalog.discovered import sso_session_of
from tui_app.catalog.foreign_settings import MFA_PROCESS, command_of, filled
from tui_app.catalog.ini_file import Section
from tui_app.catalog.load import Catalog
from tui_app.catalog.own_profiles import own_role
from tui_app.catalog.sources import Found, credential_source, has_static_keys, is_hop, source_of
from tui_app.model import Chain, Hop, Origin, Problem, Request, Role, Source
from tui_app.text import clean, nearest

NOTE_IDENTITY_CENTER = "The role's real ARN is known only after signing in: IAM Identity Center adds a path and a suffix."


def resolve_chain(catalog: Catalog, role: Role) -> Chain:
    """Source, hops and role, with each hop's effective request. The hops that could be followed are there even when there are problems."""
    return _Walk(catalog, role).chain()


class _Walk:
    """One walk from the role to its source. `hops` are collected backwards, `visited` are the profiles and roles met."""

    def __init__(self, catalog: Catalog, role: Role) -> None:
        self.catalog = catalog
        self.role = role
        self.hops: list[Hop] = []
        self.visited: dict[str, None] = {}
        self.problems: list[Problem] = []
        self.source = Source("missing")

    def chain(self) -> Chain:
        step: Role | None = self.role
        while step is not None:
            step = self._step(step)
        return Chain(self.role, self.source, self._effective(), tuple(self.problems), tuple(self._notes()))

    def _notes(self) -> Iterator[str]:
        """What is to be known of a chain that resolves, and what other SDKs would do otherwise."""
        if self.source.kind == "sso" and not self.hops:
            yield NOTE_IDENTITY_CENTER
        if self.problems:
            return
        for hop in self.hops[::-1]:
            if (region := hop.role.request.region) and not within(region, hop.role.arn):
                own = partition_of(hop.role.arn).region
                yield f"{clean(region)}, the region of {clean(hop.role.key)}, is in another partition than the role; {own} is used."
        shared = self.catalog.shared
        start = self._profile(self.source.profile) if self.source.profile else None
        roles = [
            section for role in (*(hop.role for hop in self.hops[::-1]), self.role) if (section := self._own_section(role)) is not None
        ]
        met = {section.name: section for section in (*([start] if start else ()), *roles)}
        for name, section in met.items():
            written, as_source = shared.profiles[name], name != self.role.profile
            yield from sdk_differences.profile_notes(shared, written, as_source=as_source)
            if section in roles:
                yield from sdk_differences.role_notes(written, section)

    def _step(self, role: Role) -> Role | None:
        """Take `role` into the chain; the role before it, or None when the walk is over."""
        section = self._own_section(role)
        if section is not None and not is_hop(section):
            self._start_at(section)
            return None
        if section is None and (name := sso_session_of(role.via)) and role.via not in self.catalog.shared.profiles:
            self.problems += self._faults(role)
            self._start_at_start_page(role, name)
            return None
        self.visited[role.key] = None
        self.hops.append(Hop(role, role.via, role.request))
        self.problems += self._faults(role)
        return self._by_via(role) if section is None else self._by_profile(role, section)

    def _own_section(self, role: Role) -> Section | None:
        """The profile that says how to get to its role, unless another way has been put in its place."""
        written = self.catalog.role(role.key)
        if role.profile is None or written is None or written.via != role.via:
            return None
        return self._profile(role.profile)

    def _profile(self, name: str) -> Section | None:
        """The profile with what other programs' settings add to it."""
        profiles = self.catalog.shared.profiles
        return filled(profiles, profiles[name]) if name in profiles else None

    def _faults(self, role: Role) -> list[Problem]:
        faults = list(self.catalog.faults.get(role.key, ()))
        if limits.split_role_arn(role.arn) is None:
            where = role.origins.get("role_arn") or role.origin
            sentence = f'"{clean(role.arn)}" is not the ARN of a role.'
            faults.append(Problem("bad_role_arn", sentence, where, "It is arn:aws:iam::ACCOUNT:role/NAME."))
        return faults

    def _by_profile(self, role: Role, section: Section) -> Role | None:
        """As botocore's AssumeRoleProvider: exactly one of source_profile and credential_source."""
        values = section.values
        if "source_profile" in values and "credential_source" in values:
            message = f"The profile {clean(section.name)} has both source_profile and credential_source."
            self._stop("both_sources", message, section.origin("credential_source"), "Keep one of them.")
            return None
        if "credential_source" in values:
            found = credential_source(section)
            self._settle(found, section)
            return None
        if "source_profile" not in values:
            message = f"The profile {clean(section.name)} has a role but no source_profile or credential_source."
            self._stop("missing_source", message, role.origins.get("role_arn") or role.origin, "Add source_profile.")
            return None
        return self._to_profile(section.get("source_profile"), section.name, section.origin("source_profile"))

    def _by_via(self, role: Role) -> Role | None:
        where = role.origins.get("via") or role.origin
        if not role.via:
            sentence = f"Nothing says how to get to {clean(role.key)}."
            self._stop("missing_source", sentence, where, 'Add via = "PROFILE", or pass --via.')
            return None
        if role.via in self.catalog.shared.profiles:
            return self._to_profile(role.via, role.key, where)
        found = self.catalog.role(role.via)
        named = (found,) if found else self.catalog.named(role.via)
        if len(named) > 1:
            keys = ", ".join(clean(other.key) for other in named)
            sentence = f'"{clean(role.via)}", the via of {clean(role.key)}, could be {keys}.'
            self._stop("unknown_source", sentence, where, "Write one of them.")
            return None
        if not named:
            self._unknown(role.via, f"the via of {clean(role.key)}", where)
            return None
        return self._to_role(named[0], where)

    def _to_role(self, role: Role, where: Origin | None) -> Role | None:
        if role.key in self.visited:
            self._loop(role.key, where)
            return None
        return role

    def _to_profile(self, name: str, parent: str, where: Origin | None) -> Role | None:
        section = self._profile(name)
        if section is None:
            self._unknown(name, f"the source_profile of {clean(parent)}", where)
            return None
        static = has_static_keys(section)
        if name in self.visited and not (name == parent and static):
            self._loop(name, where)
            return None
        if not static and is_hop(section) and (role := self.catalog.role(name)) is not None:
            return role
        if not static and (role := self.catalog.role(own_role(section.get("credential_process")))) is not None:
            return self._to_role(role, where)
        self._start_at(section, where)
        return None

    def _start_at_start_page(self, role: Role, name: str) -> None:
        """The permission set that `via = "sso-session NAME"` names."""
        sign_in, where = self.catalog.sign_ins.get(name), role.origins.get("via") or role.origin
        if sign_in is None:
            self._unknown(name, f"the sso-session of {clean(role.key)}", where, self.catalog.sign_ins)
            return
        details = {
            "sso_session": sign_in.name,
            "sso_start_url": sign_in.start_url,
            "sso_region": sign_in.region,
            "sso_account_id": role.account.id,
            "sso_role_name": role.short_name,
        }
        self.source = Source("sso", region=role.request.region, origin=sign_in.origin or where, details=details)

    def _start_at(self, section: Section, where: Origin | None = None) -> None:
        found = source_of(self.catalog.shared, section)
        self._settle(found, section)
        if found.source is None and found.problem is None:
            message = f"The profile {clean(section.name)} has no credentials, nor a way to get any."
            self._stop("missing_source", message, where or section.here, "Give it keys, credential_process or sso_session.")

    def _settle(self, found: Found, section: Section) -> None:
        self.source = found.source or Source("missing", section.name)
        if found.problem is not None:
            self.problems.append(found.problem)

    def _unknown(self, name: str, what: str, where: Origin | None, known: Iterable[str] | None = None) -> None:
        """A name that is in no file; `known` are the names of its kind, where it is no profile."""
        meant = nearest(name, self.catalog.shared.profiles if known is None else known)
        noun = "profile" if known is None else "sso-session"
        mend = f'Did you mean "{clean(meant)}"?' if meant else f"Write that {noun}, or name another."
        self._stop("unknown_source" if known is None else "sso_session_missing", f'"{clean(name)}", {what}, is in no file.', where, mend)

    def _loop(self, name: str, where: Origin | None) -> None:
        steps = list(self.visited)
        circle = [*steps[steps.index(name) :], name]
        shown = " → ".join(clean(step) for step in circle)
        mend = "One of them must start at a profile with credentials."
        self._stop("loop", f"The chain goes round in a circle: {shown}.", where, mend)

    def _stop(self, kind: str, message: str, where: Origin | None, mend: str) -> None:
        self.problems.append(Problem(kind, message, where, mend))

    def _effective(self) -> tuple[Hop, ...]:
        """The hops from the source on, each with what will be asked: its own settings, then the defaults.

        A code can go only into the first call, which an IAM user's own keys sign; so the first serial that any step, the source or the
        defaults name goes there, and an empty one switches it off.
        """
        hops = self.hops[::-1]
        defaults = self.catalog.defaults
        said = (*(hop.request.mfa_serial for hop in hops), self.source.mfa_serial, defaults.mfa_serial)
        serial = next((text for text in said if text is not None), None)
        first = self._request(hops[0].request, serial, self._mfa_command(hops)) if hops else None
        others = [replace(hop, request=self._request(hop.request, None, ())) for hop in hops[1:]]
        return (replace(hops[0], request=first), *others) if first else ()

    def _mfa_command(self, hops: list[Hop]) -> tuple[str, ...]:
        """The program that prints the first call's code, as a step or the source profile names it."""
        start = self._profile(self.source.profile) if self.source.profile else None
        said = (*(hop.request.mfa_command for hop in hops), command_of(start.get(MFA_PROCESS)) if start else ())
        return next((words for words in said if words), ())

    def _request(self, request: Request, serial: str | None, mfa_command: tuple[str, ...]) -> Request:
        defaults = self.catalog.defaults
        said = (request.region, self.role.request.region, defaults.region, self.source.region)
        return replace(
            request,
            duration=request.duration or defaults.duration,
            session_name=request.session_name or defaults.session_name or None,
            region=next((region for region in said if within(region, self.role.arn)), None),
            mfa=request.mfa or defaults.mfa,
            mfa_serial=serial,
            mfa_command=mfa_command,
        )
