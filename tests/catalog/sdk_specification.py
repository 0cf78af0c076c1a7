"""The AWS SDK specification's own reading of the shared files, as the SDKs for Rust, Java and C++ have it: strict, and all or nothing.

The reader that this program lives by (`ini_file`) is more tolerant; `lint` has to speak of whatever these two do not agree on.
Source: smithy-rs, aws-runtime/src/env_config/parse.rs and normalize.rs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_app.catalog.ini_headers import NAME_OF_THE_SPECIFICATION, PROFILE, SERVICES, SSO_SESSION
from tui_app.values import frozen

_BLANKS = " \t"
_COMMENT = "#;"
_DEFAULT = "default"

Settings = dict[str, str]


@frozen
class SdkReading:
    """What the specification makes of the files: `error` is its refusal; otherwise profiles and sso-sessions as plain texts."""

    error: str
    profiles: Mapping[str, Mapping[str, str]]
    sso_sessions: Mapping[str, Mapping[str, str]]


class _RefusedError(Exception):
    """The specification's sentence for the first line that it cannot read."""


def read_by_specification(config: str, credentials: str) -> SdkReading:
    """Both files together, the credentials file going first setting by setting."""
    found: dict[str, dict[str, Settings]] = {PROFILE: {}, SSO_SESSION: {}, SERVICES: {}}
    try:
        sections = [*_kept(_sections(config), in_config=True), *_kept(_sections(credentials), in_config=False)]
    except _RefusedError as refused:
        return SdkReading(str(refused), {}, {})
    for kind, name, settings in sections:
        known = found[kind].setdefault(name, {})
        known |= {setting: value for setting, value in settings.items() if NAME_OF_THE_SPECIFICATION.fullmatch(setting)}
    return SdkReading("", found[PROFILE], found[SSO_SESSION])


def _sections(text: str) -> dict[str, Settings]:
    """What stands in the brackets of each header → its settings; the same header again goes on where it was."""
    sections: dict[str, Settings] = {}
    settings: Settings | None = None
    last, nested = "", False
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip(_BLANKS) or line[0] in _COMMENT:
            continue
        if line[0] == "[":
            settings, last = sections.setdefault(_header(line), {}), ""
        elif settings is None:
            raise _RefusedError("Expected a profile definition")
        elif line[0] in _BLANKS:
            if not last:
                raise _RefusedError("Expected a property definition, found continuation")
            if nested:
                _setting(line, "sub-property")
            settings[last] += "\n" + line.strip(_BLANKS)
        else:
            last, value = _setting(line, "property")
            settings[last], nested = value, not value
    return sections


def _header(line: str) -> str:
    inside = _without_comment(line, touching=True)
    if not inside.endswith("]"):
        raise _RefusedError("Profile definition must end with ']'")
    return inside[1:-1]


def _setting(line: str, noun: str) -> tuple[str, str]:
    name, sign, value = _without_comment(line, touching=False).partition("=")
    name = name.strip(_BLANKS)
    if not sign:
        raise _RefusedError(f"Expected an '=' sign defining a {noun}")
    if not name:
        raise _RefusedError(f"{noun.capitalize()} did not have a name")
    return name.lower() if name.isascii() else name, value.strip(_BLANKS)


def _without_comment(line: str, *, touching: bool) -> str:
    """The line up to its comment, which may touch what stands before it, or has a blank there."""
    line = line.strip(_BLANKS)
    starts = (place for place, sign in enumerate(line) if sign in _COMMENT and (touching or line[place - 1 : place].isspace()))
    return line[: next(starts, len(line))].strip(_BLANKS)


def _kept(sections: dict[str, Settings], *, in_config: bool) -> Iterator[tuple[str, str, Settings]]:
    """Kind, name and settings of the sections that the file may have; `[profile default]` takes the place of `[default]`."""
    named = {inside: _kind_and_name(inside, in_config=in_config) for inside in sections}
    replaced = any(found == (PROFILE, _DEFAULT) and inside.strip(_BLANKS) != _DEFAULT for inside, found in named.items())
    for inside, (kind, name) in named.items():
        if kind and NAME_OF_THE_SPECIFICATION.fullmatch(name) and not (replaced and inside.strip(_BLANKS) == _DEFAULT):
            yield kind, name, sections[inside]


def _kind_and_name(inside: str, *, in_config: bool) -> tuple[str, str]:
    """An empty kind for a section that is none in such a file."""
    prefix, name = (*inside.strip(_BLANKS).split(None, 1), "", "")[:2]
    name = name.strip()
    if not in_config:
        return ("" if name else PROFILE, prefix)
    if not name:
        return (PROFILE if prefix == _DEFAULT else "", prefix)
    return (prefix if prefix in {PROFILE, SSO_SESSION, SERVICES} else "", name)
