"""Profiles for other programs: their names, their `credential_process`, and the marked block of the shared config file that holds them.

Pure: bytes in, bytes out. The block carries a check of itself and what it needs to give the file back exactly as it was. Profile names
have the characters of the AWS SDK specification, which every SDK and the AWS CLI read without quotes.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Container, Iterable, Sequence

from tui_app.catalog.own_profiles import COMMAND, own_role
from tui_app.errors import ConfigUnusable
from tui_app.text import clean
from tui_app.values import frozen

NAME = re.compile(r"[A-Za-z0-9_./%@:+][A-Za-z0-9\-_./%@:+]*")
"""A profile's name that needs no quotes anywhere, and that no command takes for an option."""
BEGIN, END = b"# BEGIN roledeck", b"# END roledeck"
NEW_FILE, LINE_ENDED = "new file", "line ended"
_FLAGS = (NEW_FILE, LINE_ENDED)
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
_FIRST = re.compile(rb"# BEGIN roledeck, check ([0-9a-f]{16})((?:, (?:new file|line ended))*): .*")
_HEADER = re.compile(r"\[profile ([^\]\s]+)\]")
_SETTING = re.compile(r"(credential_process|region) = (\S.*)")
_REGION = re.compile(r"[a-z0-9-]{1,32}")
_WRITTEN_BY = "written by `roledeck profiles install`, taken out by `roledeck profiles remove`"


@frozen
class Entry:
    """One profile of the block: its name, the role it becomes, and its settings' texts (`region` may be empty)."""

    name: str
    role: str
    process: str
    region: str = ""


@frozen
class Block:
    """The file around and inside the marks. `entries` is empty where there is no block; `newline` is how its lines end."""

    before: bytes
    entries: tuple[Entry, ...] = ()
    after: bytes = b""
    flags: tuple[str, ...] = ()
    newline: bytes = b"\n"
    present: bool = False


def profile_name(text: str) -> str:
    """`text` as a profile's name: itself where it is one, else with `-` for what a name cannot hold; empty where nothing is left."""
    return text if NAME.fullmatch(text) else re.sub(r"[^A-Za-z0-9_./%@:+]+", "-", text).strip("-")


def process_line(program: Sequence[str], role: str, config_file: str = "") -> str:
    """The `credential_process` that runs roledeck for a role, quoted alike for a shell, for `shlex` and for readers of comments.

    Botocore splits it with shlex, Go, JavaScript, Java and C hand it to `sh -c`; readers of the SDK specification end a value at a
    blank with `#` or `;` after it, also inside quotes, so an empty pair of quotes stands between them.

    Raises:
        ValueError: the role's name, or a path, has characters that would not stay on one line.
    """
    words = [*program, COMMAND, role, *(["--config", config_file] if config_file else [])]
    if any(word != clean(word) for word in words):
        raise ValueError("its name has characters that cannot be seen")
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    # a value that begins and ends with a quote would lose both in some readers: an absolute path keeps its first slash outside
    first, rest = (word[0], word[1:]) if word.startswith("/") else ("", word)
    quoted = first + (shlex.quote(rest) if rest or not first else "")
    return re.sub(r"(\s)(?=[#;])", r"\1''", quoted)


def find_block(content: bytes, place: str) -> Block:
    """The block in a file's bytes; `place` is the file for messages.

    Raises:
        ConfigUnusable: it has been edited, is there twice, or has lost one of its marks; or the file is no text.
    """
    if content.startswith(_WIDE_BOMS):
        raise ConfigUnusable(f"{place} is UTF-16, which no AWS tool reads.", "Save it as UTF-8 and try again.", place)
    lines = content.splitlines(keepends=True)
    marks = [(number, line.lstrip(b" \t" + _BOM)) for number, line in enumerate(lines) if b"roledeck" in line]
    begins = [number for number, line in marks if line.startswith(BEGIN)]
    ends = [number for number, line in marks if line.startswith(END)]
    if not begins and not ends:
        return Block(content, newline=_newline_of(lines))
    _refuse_odd_marks(begins, ends, place)
    first, last = begins[0], ends[0]
    inside = [line.rstrip(b"\r\n") for line in lines[first : last + 1]]
    flags = _checked(inside, first + 1, place)
    return Block(
        b"".join(lines[:first]), _entries(inside[1:-1]), b"".join(lines[last + 1 :]), flags, _newline_of(lines[first : first + 1]), True
    )


def with_entries(block: Block, entries: Sequence[Entry], *, absent: bool = False) -> bytes | None:
    """The file with these profiles in its block, or None where it should not be there; `absent`: there was none before."""
    if not entries:
        return without_block(block)
    before, flags = block.before, block.flags
    if not block.present:
        flags = (NEW_FILE,) if absent else ()
        if before and not before.endswith((b"\n", b"\r")):
            before, flags = before + block.newline, (LINE_ENDED,)
    return before + _rendered(entries, flags, block.newline) + block.after


def without_block(block: Block) -> bytes | None:
    """The file as it was before the block; None where the block made it and nothing else has come into it."""
    before = block.before
    if LINE_ENDED in block.flags and not block.after:
        before = before.removesuffix(b"\n").removesuffix(b"\r") if before.endswith(b"\r\n") else before[:-1]
    whole = before + block.after
    return None if NEW_FILE in block.flags and not whole else whole


def merged(old: Iterable[Entry], added: Sequence[Entry]) -> tuple[Entry, ...]:
    """The block's profiles with `added` in it, each in the place of the one for the same role, else at the end."""
    by_role = {entry.role: entry for entry in old} | {entry.role: entry for entry in added}
    return tuple(by_role.values())


def choose_name(candidates: Iterable[str], taken: Container[str]) -> str:
    """The first candidate that, made a profile's name, nobody has; empty where all are taken."""
    names = (profile_name(candidate) for candidate in candidates)
    return next((name for name in names if name and name != "default" and name not in taken), "")


def plain_region(region: str | None) -> str:
    """The region, or nothing for what is none."""
    return region if region and _REGION.fullmatch(region) else ""


def stray_setting(block: Block) -> int:
    """How many lines below the block a setting stands that would belong to the block's last profile; 0 for none."""
    for number, line in enumerate(block.after.splitlines(), 1):
        text = line.strip()
        if text and not text.startswith((b"#", b";")):
            return 0 if text.startswith(b"[") else number
    return 0


def _rendered(entries: Sequence[Entry], flags: Sequence[str], newline: bytes) -> bytes:
    body: list[str] = []
    for entry in entries:
        body += [f"[profile {entry.name}]", f"credential_process = {entry.process}"]
        body += [f"region = {entry.region}"] if entry.region else []
    encoded = [line.encode() for line in body]
    if any(b"\r" in line or b"\n" in line or b"\0" in line for line in encoded):
        raise ConfigUnusable("A profile's setting would not stay on its line.", "Give the role another name in the config.")
    check = _check(flags, encoded)
    said = "".join(f", {flag}" for flag in flags)
    first = f"# BEGIN roledeck, check {check}{said}: {_WRITTEN_BY}".encode()
    return b"".join(line + newline for line in (first, *encoded, END))


def _check(flags: Sequence[str], lines: Sequence[bytes]) -> str:
    return hashlib.sha256(b"\n".join([", ".join(flags).encode(), *lines])).hexdigest()[:16]


def _newline_of(lines: Sequence[bytes]) -> bytes:
    return next((b"\r\n" if line.endswith(b"\r\n") else b"\n" for line in reversed(lines) if line.endswith((b"\n", b"\r"))), b"\n")


def _refuse_odd_marks(begins: Sequence[int], ends: Sequence[int], place: str) -> None:
    if not begins:
        raise _refusal(
            place, ends[0] + 1, "`# END roledeck` has no `# BEGIN roledeck` before it", "Remove that line, or put the block back."
        )
    if not ends:
        raise _refusal(place, begins[0] + 1, "The block of roledeck has no `# END roledeck`", "Put that line back below its last profile.")
    if len(begins) > 1 or len(ends) > 1:
        again = begins[1] if len(begins) > 1 else ends[1]
        nested = len(begins) > 1 and begins[1] < ends[0]
        what = "A block of roledeck begins inside another" if nested else "There is more than one block of roledeck"
        raise _refusal(place, again + 1, what, "Keep one of them, from its `# BEGIN roledeck` to its `# END roledeck`.")
    if ends[0] < begins[0]:
        raise _refusal(place, ends[0] + 1, "`# END roledeck` stands before `# BEGIN roledeck`", "Remove both lines, or put the block back.")


def _checked(lines: Sequence[bytes], first: int, place: str) -> tuple[str, ...]:
    """The flags of a block that is as it was written; `first` is the number of its first line."""
    match = _FIRST.fullmatch(lines[0])
    flags = tuple(flag for flag in _FLAGS if match and flag.encode() in match[2])
    if match and lines[-1] == END and _check(flags, lines[1:-1]) == match[1].decode():
        return flags
    odd = 0 if match is None else next((number for number, line in enumerate(lines[1:-1], 1) if not _is_ours(line)), 0)
    last = first + len(lines) - 1
    raise _refusal(
        place,
        first + odd,
        "The block of roledeck has been edited",
        f"Undo that, or delete lines {first} to {last} and run `roledeck profiles install` again; what is outside the block is yours.",
    )


def _is_ours(line: bytes) -> bool:
    text = line.decode("utf-8", "replace")
    return bool(_HEADER.fullmatch(text)) or bool(_SETTING.fullmatch(text))


def _entries(lines: Sequence[bytes]) -> tuple[Entry, ...]:
    """The profiles in lines whose check was right."""
    entries: list[Entry] = []
    for line in lines:
        text = line.decode("utf-8", "replace")
        if header := _HEADER.fullmatch(text):
            entries.append(Entry(header[1], "", ""))
        elif (setting := _SETTING.fullmatch(text)) and entries:
            last, value = entries[-1], setting[2]
            if setting[1] == "region":
                entries[-1] = Entry(last.name, last.role, last.process, value)
            else:
                entries[-1] = Entry(last.name, own_role(value), value, last.region)
    return tuple(entries)


def _refusal(place: str, line: int, what: str, mend: str) -> ConfigUnusable:
    where = f"{place}:{line}"
    return ConfigUnusable(f"{where}: {what}.", mend, where)
