"""`roledeck profiles install|remove|diff`: roles as profiles of `~/.aws/config`, for every program that reads it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.cli.inks import Inks
from tui_app.errors import Cancelled, NeedsPerson, RoledeckError, UsageError
from tui_app.handover.profiles import (
    NAME,
    Block,
    Entry,
    choose_name,
    find_block,
    merged,
    plain_region,
    process_line,
    stray_setting,
    with_entries,
)
from tui_app.handover.profiles_diff import unified
from tui_app.handover.profiles_file import ConfigFile, read_config_file, remarks, write_config_file
from tui_app.text import clean, plural
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.cli.arguments import Parser
    from tui_app.cli.context import Context
    from tui_app.model import Role

_SAID = 5
"""How many roles that were left out are named one by one."""
_INK_OF = {"+": "live", "-": "failed", "@": "muted"}


@frozen
class Plan:
    """The profiles that the block should have, and what cannot be one: role, and why, as a sentence."""

    entries: tuple[Entry, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()


@frozen
class Change:
    """What a run comes to: the file as it is, its block, the plan, the new content (None: no file), and the lines of the difference."""

    file: ConfigFile
    block: Block
    plan: Plan
    content: bytes | None
    difference: tuple[str, ...]


def add_arguments(parser: Parser) -> None:
    """What to do, ROLE…, `--all`, `--prefix`, `--json`."""
    parser.intermixed = True
    parser.add_argument("action", metavar="install|remove|diff", choices=("install", "remove", "diff"), help="diff writes nothing")
    parser.add_argument("roles", metavar="ROLE", nargs="*", help="which roles (default: those that are in no profile yet)")
    parser.add_argument("--all", action="store_true", help="every role, also those that are profiles; these need a --prefix")
    parser.add_argument("--prefix", metavar="TEXT", default="", help="what the profiles' names begin with")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(options: argparse.Namespace, context: Context) -> int:
    """Show the difference, ask, write.

    Raises:
        ConfigUnusable: the file or its block cannot be used.
        NeedsPerson: there is nobody to say yes.
    """
    _check_words(options)
    change = _change(options, context)
    if not options.json:
        _show(change, context)
    if not change.difference or options.action == "diff":
        return _nothing_written(change, options, context)
    _tell(change, context)
    try:
        if not context.confirm(f"Write this to {change.file.shown}?"):
            raise Cancelled("Nothing was changed.")
    except NeedsPerson:
        if options.json:
            context.json(document(change, written=False))
        raise
    write_config_file(change.file, change.content, context.environ)
    if options.json:
        context.json(document(change, written=True))
    else:
        context.out(_done(change))
    return 0


def document(change: Change, *, written: bool) -> Mapping[str, object]:
    """The `--json` answer."""
    plan = change.plan
    return {
        "file": change.file.path,
        "written": written,
        "profiles": _states(change.block, plan),
        "left_out": [{"role": role, "reason": reason} for role, reason in plan.left_out],
        "doubtful": [{"role": role, "reason": reason} for role, reason in plan.doubtful],
        "diff": "".join(line + "\n" for line in change.difference),
    }


def _change(options: argparse.Namespace, context: Context) -> Change:
    file = read_config_file(context.environ)
    block = find_block(file.content, file.shown)
    plan = _to_remove(options, block, context) if options.action == "remove" else _to_install(options, block, context)
    if plan.entries == block.entries:
        return Change(file, block, plan, file.content, ())
    content = with_entries(block, plan.entries, absent=file.absent)
    return Change(file, block, plan, content, tuple(unified(file.content, content or b"", file.shown)))


def _check_words(options: argparse.Namespace) -> None:
    if options.all and options.roles:
        raise UsageError("--all and ROLE together are not clear.", "Say one of them.")
    if options.prefix and not NAME.fullmatch(options.prefix):
        raise UsageError(
            f'"{clean(options.prefix)}" cannot begin a profile\'s name.', "It has letters, digits and -_./%@:+, and no - in front."
        )


def _to_remove(options: argparse.Namespace, block: Block, context: Context) -> Plan:
    """The block without the roles that were named, or without any."""
    if not options.roles:
        return Plan(())
    gone = {_in_block(text, block, context) for text in options.roles}
    return Plan(tuple(entry for entry in block.entries if entry.role not in gone))


def _in_block(text: str, block: Block, context: Context) -> str:
    found = next((entry.role for entry in block.entries if text in {entry.role, entry.name}), None)
    if found is not None:
        return found
    role = context.find_role(text)
    if role.key not in {entry.role for entry in block.entries}:
        raise UsageError(f"{clean(role.key)} is not in the block.", "`roledeck profiles diff` shows what is.")
    return role.key


def _to_install(options: argparse.Namespace, block: Block, context: Context) -> Plan:
    """The block with the roles that were named put into it, or with exactly all there are."""
    roles = _roles(options, context)
    taken = _taken(block, context)
    program, config_file = roledeck_program(), os.path.abspath(options.config) if getattr(options, "config", None) else ""
    if options.roles:
        keys = {role.key for role in roles}
        taken |= {entry.name for entry in block.entries if entry.role not in keys}
    entries, left_out, renamed, doubtful = [], [], [], []
    for role in roles:
        name = choose_name(_candidates(role, options.prefix), taken)
        if not name:
            left_out.append((role.key, f"there is a profile of the name {clean(options.prefix + role.key)} already"))
            continue
        try:
            process = process_line(program, role.key, config_file)
        except ValueError as failure:
            left_out.append((role.key, str(failure)))
            continue
        region, trouble = _region_and_trouble(role, context)
        taken.add(name)
        entries.append(Entry(name, role.key, process, region))
        renamed += [(role.key, name)] if name != options.prefix + role.key else []
        doubtful += [(role.key, trouble)] if trouble else []
    all_entries = merged(block.entries, entries) if options.roles else tuple(entries)
    return Plan(all_entries, tuple(left_out), tuple(renamed), tuple(doubtful))


def _roles(options: argparse.Namespace, context: Context) -> list[Role]:
    if options.roles:
        return list({role.key: role for role in map(context.find_role, options.roles)}.values())
    return [role for role in context.catalog.roles if options.all or role.profile is None]


def _candidates(role: Role, prefix: str) -> Iterator[str]:
    """Names to try: the one that people type; where it cannot be a name at all, the one with the account's id."""
    yield prefix + role.key
    if not NAME.fullmatch(prefix + role.key) and role.account.id:
        yield f"{prefix}{role.account.id}/{role.name}"


def _taken(block: Block, context: Context) -> set[str]:
    """Every profile that is not ours."""
    from tui_app.catalog.reading import read_file
    from tui_app.catalog.shared_config import parse_shared_config

    around = (block.before + block.after).decode("utf-8", "replace")
    credentials, _ = read_file(paths.shared_credentials_file(context.environ))
    return set(parse_shared_config(around.lstrip("\ufeff"), credentials.decode("utf-8", "replace").lstrip("\ufeff")).profiles)


def _region_and_trouble(role: Role, context: Context) -> tuple[str, str]:
    """The region the profile gets, and what keeps the role from being used, if anything does."""
    from tui_app.catalog.chain import resolve_chain
    from tui_app.catalog.regions import working_region

    problems = resolve_chain(context.catalog, role).problems
    return plain_region(working_region(context.catalog, role)), problems[0].message if problems else ""


def roledeck_program() -> list[str]:
    """The words that start this very roledeck from anywhere."""
    own = sys.argv[0]
    if os.path.basename(own) == "roledeck":
        found = own if os.sep in own else shutil.which(own)
        if found and os.access(found, os.X_OK):
            return [os.path.abspath(found)]
    beside = os.path.join(os.path.dirname(sys.executable), "roledeck")
    return [beside] if os.access(beside, os.X_OK) else [sys.executable, "-m", "tui_app"]


def _show(change: Change, context: Context) -> None:
    inks, plan = Inks(context.environ), change.plan
    for line in change.difference:
        context.out(inks.paint(line, "strong" if line.startswith(("+++ ", "--- ")) else _INK_OF.get(line[:1], "")))
    for role, name in plan.renamed[:_SAID]:
        context.note(f"{clean(role)} is installed as {clean(name)}: not every program could read its own name.")
    _list("is left out", plan.left_out, context)
    _list("will not work yet", plan.doubtful, context)


def _list(what: str, said: Sequence[tuple[str, str]], context: Context) -> None:
    for role, reason in said[:_SAID]:
        context.note(f"{clean(role)} {what}: {reason.rstrip('.')}.")
    if len(said) > _SAID:
        context.note(f"and {plural(len(said) - _SAID, 'more role')} for such a reason.")


def _tell(change: Change, context: Context) -> None:
    for remark in remarks(change.file):
        context.note(remark)
    stray = stray_setting(change.block)
    if stray and not change.plan.entries:
        line = change.file.content.count(b"\n") - change.block.after.count(b"\n") + stray
        context.note(f"{change.file.shown}:{line}: this setting belonged to the block's last profile; it will go to the one above.")


def _nothing_written(change: Change, options: argparse.Namespace, context: Context) -> int:
    plan, file = change.plan, change.file
    if options.json:
        context.json(document(change, written=False))
    if plan.left_out and options.roles and plan.entries == change.block.entries and options.action == "install":
        raise RoledeckError("No profile was installed.", "Another name will do: --prefix TEXT.")
    if not change.difference and not options.json:
        what = f"{plural(len(plan.entries), 'profile')} as they should be" if plan.entries else "no profile of roledeck in it"
        context.note(f"Nothing to do: {file.shown} has {what}.")
    return 0


def _done(change: Change) -> str:
    plan, block, shown = change.plan, change.block, change.file.shown
    if plan.entries:
        return f"{shown} has {plural(len(plan.entries), 'profile')} of roledeck now."
    return f"{plural(len(block.entries), 'profile')} of roledeck taken out of {shown}."


def _states(block: Block, plan: Plan) -> list[Mapping[str, str]]:
    """Every profile before and after, with what becomes of it."""
    old = {entry.role: entry for entry in block.entries}
    kept = {entry.role for entry in plan.entries}
    now = [(entry, "same" if old.get(entry.role) == entry else "changed" if entry.role in old else "new") for entry in plan.entries]
    gone = [(entry, "gone") for entry in block.entries if entry.role not in kept]
    return [
        {"profile": entry.name, "role": entry.role, "region": entry.region, "credential_process": entry.process, "state": state}
        for entry, state in (*now, *gone)
    ]
