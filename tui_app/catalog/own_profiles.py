"""Profiles whose `credential_process` is roledeck itself, as `roledeck profiles install` writes them: another way to say a role of ours.

On the hot path, so only plain text operations until a name really has to be taken apart.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_app.catalog.ini_file import Section
    from tui_app.catalog.scan import Scan

COMMAND, SETTING = "credential-process", "credential_process"
_PLAINLY = f"\n{SETTING} = "
_PROGRAMS = ("roledeck", "-m tui_app")


def is_own(process: str) -> bool:
    """Whether that `credential_process` runs roledeck for a role."""
    program, sign, name = process.partition(f" {COMMAND} ")
    return bool(sign) and bool(name.strip()) and program.rstrip("'\"").endswith(_PROGRAMS)


def own_role(process: str) -> str:
    """The role that such a `credential_process` names; an empty text where it is none, or cannot be taken apart."""
    if not is_own(process):
        return ""
    import shlex  # only profiles of this kind come here

    try:
        words = shlex.split(process)
        return words[words.index(COMMAND) + 1]
    except (ValueError, IndexError):
        return ""


def taken_names(profiles: Mapping[str, Section]) -> list[str]:
    """The names that no role of ours may have as its key: all but those of profiles that lead back to roles of ours."""
    return [name for name, section in profiles.items() if SETTING not in section.values or not is_own(section.values[SETTING][0])]


def taken_pieces(config: Scan, credentials: Scan) -> list[str]:
    """The same of files that have only been scanned."""
    scans = (config, credentials)
    odd = {name for scan in scans for name, number in scan.profiles.items() if COMMAND in scan.pieces[number] or name in scan.again}
    names = {**config.profiles, **credentials.profiles}
    if not odd:
        return list(names)
    return [name for name in names if name not in odd or not is_own(_process_in(credentials, name) or _process_in(config, name))]


def _process_in(scan: Scan, name: str) -> str:
    """The profile's `credential_process` in one file."""
    if name not in scan.profiles:
        return ""
    piece = scan.pieces[scan.profiles[name]]
    if name not in scan.again and piece.count(SETTING) == 1 and (start := piece.find(_PLAINLY)) >= 0:
        return piece[start + len(_PLAINLY) :].partition("\n")[0]
    from tui_app.catalog.ini_file import IniFile

    file = IniFile("", scan.kind)
    for number in scan.of(name):
        file.read("[" + scan.pieces[number])
    section = file.sections["profile"].get(name)
    return section.get(SETTING) if section else ""
