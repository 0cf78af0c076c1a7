"""Section headers of the shared files, `[profile dev]` and `[sso-session hub]`, read as the AWS CLI reads them."""

from __future__ import annotations

import re
from collections.abc import Callable

from tui_app.values import frozen

CONFIG, CREDENTIALS = "config", "credentials"
PROFILE, SSO_SESSION, SERVICES, PLAIN_DEFAULT, NOTHING = "profile", "sso-session", "services", "default", ""
_PREFIXES = (PROFILE, SSO_SESSION, SERVICES)
_FOREIGN = ("plugins", "preview", "toolkit", "granted_registry")
"""Sections of other programs in the config file: none of our business, and nothing to complain about."""
_SIMPLE = {
    CONFIG: re.compile(r"\[profile[ \t]+([A-Za-z0-9\-_./%@:+]+)[ \t]*\][ \t]*"),
    CREDENTIALS: re.compile(r"\[(?!DEFAULT\])([A-Za-z0-9\-_./%@:+]+)\][ \t]*"),
}
_QUOTED = re.compile(r"""[ \t]*[a-z-]+[ \t]+(["'])([^"'\\]*)\1[ \t]*""")
"""A name in one pair of quotes: what the shell makes of it needs no shell, and ten thousand of them would take a tenth of a second."""
NAME_OF_THE_SPECIFICATION = re.compile(r"[A-Za-z0-9\-_./%@:+]+")


@frozen
class Header:
    """A section's kind and name; `faults` are kinds of `ini_faults`. Kind NOTHING: its settings belong to nobody."""

    kind: str
    name: str
    faults: tuple[str, ...] = ()


def simple_header(file_kind: str) -> Callable[[str], re.Match[str] | None]:
    """For such a file, what finds a profile's name (group 1) in a plain header line, quickly; None for any other line."""
    return _SIMPLE[file_kind].fullmatch


def inside_brackets(line: str) -> str:
    """What the AWS CLI takes for the section's name: all between the first bracket and the last."""
    return line[line.find("[") + 1 : line.rfind("]")]


def read_header(line: str, file_kind: str) -> Header:
    """The header in a line that starts with `[`."""
    line = line.strip()
    end = line.find("]")
    if end < 0:
        return Header(NOTHING, line, ("unclosed_section",))
    faults: tuple[str, ...] = ()
    rest = line[end + 1 :].lstrip()
    if rest and rest[0] not in "#;":
        end, faults = line.rfind("]"), ("text_after_section",)
    elif "]" in rest:
        faults = ("bracket_in_comment",)
    inside = line[1:end].strip()
    if "#" in inside or ";" in inside:
        faults = ("comment_in_section",)
    if not inside:
        return Header(NOTHING, line, ("unnamed_section",))
    if line[1].isspace() or (line[end - 1].isspace() and (file_kind == CREDENTIALS or inside == "default")):
        faults = (*faults, "padded_section")
    found = _in_config(inside, line[1:end]) if file_kind == CONFIG else _in_credentials(inside)
    return Header(found.kind, found.name, found.faults + faults)


def _in_credentials(inside: str) -> Header:
    if inside == "DEFAULT":
        return Header(NOTHING, f"[{inside}]", ("default_in_capitals",))
    word, *rest = inside.split(None, 1)
    if word in _PREFIXES and rest:
        return Header(NOTHING, f"[{inside}]", ("prefix_in_credentials",))
    return Header(PROFILE, inside)


def _in_config(inside: str, unstripped: str) -> Header:
    if inside == "default":
        return Header(PLAIN_DEFAULT, inside)
    if inside == "DEFAULT":
        return Header(NOTHING, f"[{inside}]", ("default_in_capitals",))
    word, *rest = inside.split(None, 1)
    if word in _PREFIXES and rest:
        name = _unquoted(unstripped)  # to the shell's rules, only the plain blanks are blanks
        return Header(word, name) if name else Header(NOTHING, f"[{inside}]", ("bad_section_name",))
    if word.startswith(_FOREIGN):
        return Header(NOTHING, inside)
    return Header(NOTHING, f"[{inside}]", ("not_a_profile",))


def _unquoted(inside: str) -> str:
    """The one word after the prefix by the shell's quoting, as botocore's configloader takes it apart; empty where it cannot."""
    if plainly := _QUOTED.fullmatch(inside):
        return plainly[2]
    import shlex  # only odd names come here

    try:
        words = shlex.split(inside)
    except ValueError:
        return ""
    return words[1] if len(words) == 2 else ""  # noqa: PLR2004 - the prefix and the name
