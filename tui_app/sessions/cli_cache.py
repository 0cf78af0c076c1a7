"""The AWS CLI's own cache of assumed roles, `~/.aws/cli/cache`: read where it certainly holds our role for our caller, written if asked.

The name of a file says which role was asked for with which settings, but not who asked (botocore 1.44
`AssumeRoleCredentialFetcher._create_cache_key`). So an entry counts only where every profile that would file its session under that name
starts from the same access key and goes the same way, and where either the name holds the MFA device, which is one user's alone, or the
entry is younger than the shared config files, so that no other caller can have stood in them.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from typing import Any

from tui_app import paths
from tui_app.catalog.chain import resolve_chain
from tui_app.catalog.ini_file import Section
from tui_app.catalog.load import Catalog
from tui_app.clock import Clock, parse_moment, rfc3339
from tui_app.model import AccessKey, Chain, Credentials, Identity, Request, Role, Session
from tui_app.secret import Secret
from tui_app.sessions.folder import FILE_LIMIT, PRIVATE, PrivateFolder
from tui_app.sessions.identity import role_of, same_role
from tui_app.sessions.new_records import UNVERIFIED, Given
from tui_app.sessions.plan import Plan
from tui_app.sessions.sources.answers import is_key_text
from tui_app.text import clean

WINDOW = 15 * 60
"""Seconds that must be left: with fewer the CLI takes an entry for expired (`CachedCredentialFetcher`), and so do we."""
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_SETTINGS = (("role_session_name", "RoleSessionName"), ("external_id", "ExternalId"), ("mfa_serial", "SerialNumber"))
"""Settings of a profile that the CLI sends, and with them makes the name of the file."""


class CliCache:
    """The CLI's cache as far as the profiles of a catalog let us tell whose sessions it holds."""

    def __init__(self, environ: Mapping[str, str], clock: Clock) -> None:
        self._folder = os.path.realpath(paths.cli_cache_folder(environ))
        self._shared_files = (paths.shared_config_file(environ), paths.shared_credentials_file(environ))
        self._clock = clock

    def find(self, catalog: Catalog, plan: Plan, number: int) -> Given | None:
        """The live session of a hop, counted from 0, not verified yet; None where there is none that is certainly ours."""
        if not os.path.isdir(self._folder):
            return None
        for name in self._names(catalog, plan, number):
            found = self._read(name, plan.hops[number].hop.role.arn)
            if found is not None:
                return found
        return None

    def shared(self, catalog: Catalog, plan: Plan, session: Session) -> str:
        """Put the session of the plan's role where `aws --profile` looks for it, for every profile that is that role by that way.

        The answer is a sentence about why that cannot be, or an empty text.
        """
        storage = catalog.settings.storage
        if storage != "file":
            return f'Nothing is shared with the AWS CLI: its cache is a plain file, and storage.sessions is "{storage}".'
        if not plan.hops or session.left(self._clock()) <= WINDOW:
            return ""
        try:
            for name in self._names(catalog, plan, len(plan.hops) - 1, written=True):
                self._share(name, session)
        except OSError as failure:
            return f"The AWS CLI's cache cannot be written ({failure.strerror or 'unknown reason'})."
        return ""

    def _share(self, name: str, session: Session) -> None:
        there = self._read(name, session.role_arn, ours=False)
        if there is None or there.credentials.expires < session.credentials.expires:
            PrivateFolder(self._folder).put(name, _entry(session))

    def take_back(self, key_id: str) -> bool:
        """Remove the entries with that access key; whether there was one."""
        try:
            names = [name for name in os.listdir(self._folder) if name.endswith(".json")]
        except OSError:
            return False
        mine = [name for name in names if (values := self._values(name)) and values[0]["Credentials"].get("AccessKeyId") == key_id]
        for name in mine:
            PrivateFolder(self._folder).remove(name)
        return bool(mine)

    def _names(self, catalog: Catalog, plan: Plan, number: int, *, written: bool = False) -> Iterator[str]:
        """The files that can hold the session of a hop, one for each way of writing it as a profile."""
        chain = Chain(plan.hops[number].hop.role, plan.chain.source, plan.chain.hops[: number + 1])
        # a name by default is nobody's wish for this role
        caller, called = _caller(chain), chain.role.request.session_name or ""
        if not caller or any(_unusual(hop.request) for hop in chain.hops):
            return
        serial = plan.serial if number == 0 else ""
        callers: dict[str, set[tuple[str, ...]]] = {}
        fitting: dict[str, bool] = {}
        for role, section in _profiles_of(catalog, chain.role.arn):
            name = file_name(section)
            callers.setdefault(name, set()).add(_caller(resolve_chain(catalog, role)))
            device = section.get("mfa_serial")
            fitting[name] = (
                fitting.get(name, True)
                and device == serial
                and section.get("role_session_name") == called
                and (bool(device) or written or self._younger(name))
            )
        yield from (name for name, fits in fitting.items() if fits and callers[name] == {caller})

    def _younger(self, name: str) -> bool:
        try:
            entry = os.lstat(os.path.join(self._folder, name)).st_mtime_ns
        except OSError:
            return False
        return all(entry > _changed(path) for path in self._shared_files)

    def _read(self, name: str, role_arn: str, *, ours: bool = True) -> Given | None:
        """What a file holds for that role, if it still lasts long enough; anything odd in it is a miss."""
        values = self._values(name)
        if values is None:
            return None
        (answer, modified), now = values, self._clock()
        given, user = answer["Credentials"], answer.get("AssumedRoleUser")
        texts = [given.get(part) for part in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
        arn, user_id = (user.get("Arn"), user.get("AssumedRoleId")) if isinstance(user, dict) else (None, None)
        try:
            expires = parse_moment(given["Expiration"])
        except (KeyError, ValueError, AttributeError, TypeError, OverflowError):
            return None
        if not all(map(is_key_text, texts)) or not isinstance(arn, str) or not same_role(role_arn, arn):
            return None
        if ours and expires - now <= WINDOW:
            return None
        key = AccessKey(texts[0], Secret(texts[1]), Secret(texts[2]))
        identity = Identity(role_of(arn)[0], clean(arn, 2048), clean(str(user_id or "")), UNVERIFIED)
        return Given(Credentials(key, expires), identity, min(modified, now - 1))

    def _values(self, name: str) -> tuple[dict[str, Any], float] | None:
        """The object in a private file of ours and when it was written; None for anything else."""
        try:
            fd = os.open(os.path.join(self._folder, name), _READ)
        except OSError:
            return None
        try:
            facts = os.fstat(fd)
            private = stat.S_ISREG(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & PRIVATE
            answer = json.loads(os.read(fd, FILE_LIMIT)) if private else None
        except (OSError, ValueError, RecursionError):
            return None
        finally:
            os.close(fd)
        return (answer, facts.st_mtime) if isinstance(answer, dict) and isinstance(answer.get("Credentials"), dict) else None


def file_name(section: Section) -> str:
    """The file that the CLI keeps a profile's assumed role in; a RoleSessionName of its own choice is no part of the name."""
    asked: dict[str, Any] = {"RoleArn": section.get("role_arn")}
    asked |= {parameter: section.get(setting) for setting, parameter in _SETTINGS if setting in section.values}
    duration = section.get("duration_seconds")
    if duration.isdecimal():
        asked["DurationSeconds"] = int(duration)
    # a name that botocore chose, not a protection
    return hashlib.sha1(json.dumps(asked, sort_keys=True).encode(), usedforsecurity=False).hexdigest() + ".json"


def _profiles_of(catalog: Catalog, arn: str) -> Iterator[tuple[Role, Section]]:
    """Every profile that assumes that role from another profile, as the CLI reads it."""
    for name, section in catalog.shared.profiles.items():
        if section.get("role_arn") != arn or not section.get("source_profile"):
            continue
        role = catalog.role(name)
        if role is not None and role.profile == name:
            yield role, section


def _caller(chain: Chain) -> tuple[str, ...]:
    """Who assumes the chain's role: the access key it starts from and the roles in between; nothing where that is not certain."""
    key = chain.source.access_key
    if chain.problems or chain.source.kind != "static" or key is None or not chain.hops:
        return ()
    return (key.id, *(hop.role.arn for hop in chain.hops[:-1]))


def _unusual(request: Request) -> bool:
    """Whether it asks for what the CLI does not send, so that the CLI's session would be another one."""
    return bool(request.source_identity or request.tags or request.transitive_tags or request.policy or request.policy_arns)


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _entry(session: Session) -> bytes:
    """AssumeRole's answer as the CLI keeps it; secrets are revealed here, into a 0600 file."""
    key, identity = session.credentials.key, session.identity
    answer = {
        "Credentials": {
            "AccessKeyId": key.id,
            "SecretAccessKey": key.secret.reveal(),
            "SessionToken": key.token.reveal() if key.token else "",
            "Expiration": rfc3339(session.credentials.expires),
            "AccountId": identity.account,
        },
        "AssumedRoleUser": {"AssumedRoleId": identity.user_id, "Arn": identity.arn},
    }
    return json.dumps(answer).encode("ascii")
