"""Who an AWS client would be in this environment, by botocore's own order, and what of it surprises people. Contacts nothing.

Source: botocore's credential resolver (environment, then the profile, then a container's or machine's role) and the AWS CLI's
configprovider, which puts AWS_PROFILE before AWS_DEFAULT_PROFILE where botocore does the reverse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from tui_app import paths
from tui_app.catalog.load import Catalog
from tui_app.catalog.sources import WEB_IDENTITY
from tui_app.model import AccessKey, Role, Source
from tui_app.sessions.sources.environment import FULL, RELATIVE, environment_key
from tui_app.text import clean
from tui_app.values import frozen

Kind = Literal["environment", "role", "source", "none"]
KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
TOKEN_VARIABLES = ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")


@frozen
class Ambient:
    """What the environment gives: `key` for plain keys, `role` for a profile that assumes one, `source` for any other profile.

    `came_from` names the place, with file and line where there is one.
    """

    kind: Kind
    came_from: str
    region: str = ""
    key: AccessKey | None = None
    role: Role | None = None
    source: Source | None = None
    warnings: tuple[str, ...] = ()


def ambient(catalog: Catalog, environ: Mapping[str, str]) -> Ambient:
    """The credentials that an AWS client started here would use.

    Raises:
        ConfigUnusable: only half of a key pair is in the environment.
    """
    profile, warnings = _profile(environ)
    role, source = _written(catalog, environ, profile or "default")
    found = _found(environ, profile, role, source)
    return replace(found, region=_region(environ, role, source, catalog), warnings=(*warnings, *found.warnings))


def _written(catalog: Catalog, environ: Mapping[str, str], name: str) -> tuple[Role | None, Source | None]:
    """What the files have for a profile: the role that it assumes, and the source that it is."""
    if paths.lent(environ):
        return None, None  # SDKs see no profile here
    return next((role for role in catalog.roles if role.profile == name), None), catalog.sources.get(name)


def _found(environ: Mapping[str, str], profile: str, role: Role | None, source: Source | None) -> Ambient:
    """What wins, without its region: keys of the environment, then the profile, then a container's role.

    Raises:
        ConfigUnusable: only half of a key pair is in the environment.
    """
    if any(environ.get(name) for name in KEY_VARIABLES):
        return _of_keys(environ, profile)
    token = _token_source(environ)
    if token is not None and (role is None or "role_arn" not in role.origins or WEB_IDENTITY in role.origins):
        # botocore asks its assume-role provider first, and this before everything else that a profile may have
        return Ambient("source", f"{TOKEN_VARIABLES[1]} in the environment", source=token)
    named = f"profile {clean(profile or 'default')}"
    if role is not None:
        unused = (f"The keys written in {named} are not used: its role_arn wins.",) if source and source.kind == "static" else ()
        return Ambient("role", _placed(named, str(role.origin or ""), environ), role=role, warnings=unused)
    if source is not None:
        return Ambient("source", _placed(named, str(source.origin or ""), environ), key=_pair(source), source=source)
    return _of_container(environ, (f"There is no {named}: AWS clients stop with ProfileNotFound.",) if profile else ())


def _of_keys(environ: Mapping[str, str], profile: str) -> Ambient:
    wins = f"The keys in the environment win over AWS_PROFILE={clean(profile)}: unset AWS_ACCESS_KEY_ID to use the profile."
    return Ambient("environment", "AWS_ACCESS_KEY_ID in the environment", key=environment_key(environ), warnings=(wins,) if profile else ())


def _of_container(environ: Mapping[str, str], warnings: tuple[str, ...]) -> Ambient:
    name = next((name for name in (FULL, RELATIVE) if environ.get(name)), "")
    if name:
        return Ambient("source", f"{name} in the environment", source=Source("container"), warnings=warnings)
    return Ambient("none", "nothing in the environment or the shared files", warnings=warnings)


def _pair(source: Source) -> AccessKey | None:
    """The source's keys, unless the file holds only the id of keys that are in the keyring."""
    return source.access_key if source.access_key and source.access_key.secret else None


def _token_source(environ: Mapping[str, str]) -> Source | None:
    """The role that the variables of a pod or a pipeline name."""
    arn, file = (environ.get(name, "") for name in TOKEN_VARIABLES)
    if not arn or not file:
        return None
    name = environ.get("AWS_ROLE_SESSION_NAME", "")
    return Source("web_identity", details={"role_arn": arn, WEB_IDENTITY: file, **({"role_session_name": name} if name else {})})


def _profile(environ: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The profile that the variables name, or an empty text, and what of it surprises people."""
    first, second = environ.get("AWS_PROFILE") or "", environ.get("AWS_DEFAULT_PROFILE") or ""
    if first and second and first != second:
        differ = f"AWS_PROFILE={clean(first)} and AWS_DEFAULT_PROFILE={clean(second)} differ: AWS CLI 2 takes the first, boto3 the second."
        return first, (differ,)
    return first or second, ()


def _region(environ: Mapping[str, str], role: Role | None, source: Source | None, catalog: Catalog) -> str:
    said = (
        environ.get("AWS_REGION"),
        environ.get("AWS_DEFAULT_REGION"),
        role.request.region if role else None,
        source.region if source else None,
        catalog.defaults.region,
    )
    return clean(next(filter(None, said), ""), 64)


def _placed(named: str, where: str, environ: Mapping[str, str]) -> str:
    return f"{named}, {clean(paths.shown(where, environ))}" if where else named
