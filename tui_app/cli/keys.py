"""`roledeck keys store|restore PROFILE`: a profile's long-term keys out of the shared file and into the OS keyring, and back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tui_app.catalog.sources import KEY_ID, KEYRING, SECRET_KEY
from tui_app.errors import Cancelled, RoledeckError, UsageError
from tui_app.text import clean

if TYPE_CHECKING:
    from tui_app.catalog.ini_file import Section
    from tui_app.cli.context import Context
    from tui_app.handover.profiles_file import ConfigFile

_TOKENS = ("aws_session_token", "aws_security_token")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which profile."""
    parser.add_argument("action", metavar="store|restore", choices=("store", "restore"), help="restore is the way back")
    parser.add_argument("profile", metavar="PROFILE", help="a profile of ~/.aws/credentials or ~/.aws/config")


def run(options: argparse.Namespace, context: Context) -> int:
    """Show the difference, ask, move.

    Raises:
        UsageError: the profile has no keys of that kind.
        ConfigUnusable: no keyring can be used, or the file cannot.
        NeedsPerson: there is nobody to say yes.
    """
    move = _store if options.action == "store" else _restore
    move(options.profile, context)
    return 0


def _store(name: str, context: Context) -> None:
    from tui_app.handover.profiles_file import read_shared_file, write_config_file
    from tui_app.sessions.keyring_key import Keyring
    from tui_app.sessions.moved_keys import drop, keep, take_out

    part = _part(name, KEY_ID, context)
    if not part.get(SECRET_KEY) or any(part.get(token) for token in _TOKENS):
        raise UsageError(f"The keys of {clean(name)} are not an IAM user's own pair.", "Only long-term keys are moved.")
    file, keyring = read_shared_file(part.values[KEY_ID][2], context.environ), Keyring()
    content, moved = take_out(file.content, part)
    _agree(file, content, f"Move the keys of {clean(name)} into the keyring?", context)
    keep(keyring, moved)
    try:
        write_config_file(file, content, context.environ)
    except RoledeckError:
        drop(keyring, moved.key.id)
        raise
    context.out(f"The keys of {clean(name)} are in the keyring now, and no longer in {file.shown}.")
    undo = f"`roledeck keys restore {clean(name)}` undoes it"
    context.note(f"Other programs find none there any more: `roledeck profiles install` gives them its roles, and {undo}.")


def _restore(name: str, context: Context) -> None:
    from tui_app.handover.profiles_file import read_shared_file, write_config_file
    from tui_app.sessions.keyring_key import Keyring
    from tui_app.sessions.moved_keys import drop, kept, put_back

    part, keyring = _part(name, KEYRING, context), Keyring()
    moved = kept(keyring, part.get(KEYRING))
    file = read_shared_file(part.values[KEYRING][2], context.environ)
    content = put_back(file.content, part, moved)
    _agree(file, content, f"Write the keys of {clean(name)} back into {file.shown}?", context)
    write_config_file(file, content, context.environ)
    drop(keyring, moved.key.id)
    context.out(f"The keys of {clean(name)} are in {file.shown} again, and no longer in the keyring.")


def _part(name: str, setting: str, context: Context) -> Section:
    """The profile in the one file that has the setting.

    Raises:
        UsageError: none has.
    """
    shared = context.catalog.shared
    for sections in (shared.in_credentials, shared.in_config):
        part = sections.get(name)
        if part is not None and part.get(setting):
            return part
    if name not in shared.profiles:
        raise UsageError(f"There is no profile {clean(name)}.", "`roledeck ls` shows what there is.")
    if setting == KEYRING:
        raise UsageError(f"The keys of {clean(name)} are not in the keyring.", f"`roledeck keys store {clean(name)}` puts them there.")
    if shared.profiles[name].get(KEYRING):
        raise UsageError(
            f"The keys of {clean(name)} are in the keyring already.", f"`roledeck keys restore {clean(name)}` writes them back."
        )
    raise UsageError(f"The profile {clean(name)} has no keys of its own.", "Name the profile that they are written in.")


def _agree(file: ConfigFile, content: bytes, question: str, context: Context) -> None:
    from tui_app.handover.profiles_diff import unified
    from tui_app.handover.profiles_file import remarks

    for line in unified(file.content, content, file.shown):
        context.out(line)
    for remark in remarks(file):
        context.note(remark)
    if not context.confirm(question):
        raise Cancelled("Nothing was changed.")
