"""`roledeck add`: one more role in `config.d/added.toml`, from options, or asked one thing after the other on the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from tui_app import paths
from tui_app.catalog.adding import (
    FIELDS,
    FRAGMENT,
    Answers,
    Field,
    Known,
    added_file,
    already,
    doubts,
    keep,
    merged,
    settled,
    shown,
    split_command,
    tables_of,
    typed_value,
    wrong,
)
from tui_app.catalog.schema import ROLE
from tui_app.catalog.writing import fragment_text, read_fragment
from tui_app.cli.context import Context
from tui_app.cli.places import place
from tui_app.errors import Cancelled, NeedsPerson, UsageError
from tui_app.model import Origin, Role
from tui_app.text import clean

_LISTS = {"regions": "--region", "tags": "--tag", "transitive_tags": "--transitive-tag", "policy_arns": "--policy-arn"}
_OPTIONS = {
    "role": ("ARN|NAME", "its ARN, or path/name"),
    "account": ("ACCOUNT", "its 12 digits, or the name of one you have; an ARN says it too"),
    "name": ("NAME", "what you call the account"),
    "environment": ("WORD", "the account's environment: prod, staging, dev, or a word of yours"),
    "via": ("SOURCE", "a profile, another role as account/role, or a start page as 'sso-session NAME'"),
    "external_id": ("ID", "the external id, if the role's trust policy wants one"),
    "mfa_serial": ("SERIAL", "the MFA device whose code is asked for: arn:aws:iam::ACCOUNT:mfa/NAME; an empty text switches it off"),
    "duration": ("D", "how long a session lasts: 15m to 12h"),
    "regions": ("R", "a region to look at; several times, the first is the default"),
    "session_name": ("NAME", "the session's name in CloudTrail; it may use {user} {host} {role} {date} {time}"),
    "source_identity": ("NAME", "the identity that CloudTrail keeps through the chain"),
    "tags": ("KEY=VALUE", "a session tag; several times"),
    "color": ("COLOR", "a colour for the list"),
    "description": ("TEXT", "a note to yourself"),
}
"""What each thing that may be asked is called in the help."""
_ALSO = ("external_id_command", "mfa", "transitive_tags", "policy", "policy_arns")
"""What is not asked, but may be said by an option."""
_WAYS_SHOWN = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The role, or an option for it as for each of its settings; `--show`, `--dry-run`."""
    parser.add_argument("word", nargs="?", metavar="ARN|NAME", help="the role, as --role says it")
    for field in FIELDS:
        metavar, meaning = _OPTIONS[field.name]
        several = "append" if field.name in _LISTS else "store"
        parser.add_argument(_option(field), dest=field.name, action=several, metavar=metavar, help=meaning)
    parser.add_argument("--external-id-command", metavar="COMMAND", help="a program that prints the external id")
    parser.add_argument("--mfa", metavar="WHERE", help="where the MFA code goes: auto, session or direct")
    parser.add_argument(
        "--transitive-tag",
        dest="transitive_tags",
        action="append",
        metavar="KEY",
        help="a tag that goes on through the chain; several times",
    )
    parser.add_argument("--policy", metavar="JSON", help="a session policy, to have less than the role may")
    parser.add_argument(
        "--policy-arn", dest="policy_arns", action="append", metavar="ARN", help="a managed policy to the same end; several times"
    )
    parser.add_argument("--show", action="store_true", help="show the external id too")
    parser.add_argument("--dry-run", action="store_true", help="show what would be written, and write nothing")


def run(options: argparse.Namespace, context: Context) -> int:
    """Check, show, ask, write; the answer says where.

    Raises:
        UsageError: an answer cannot be used, or a file has the role already.
        NeedsPerson: nothing was said, and there is nobody to ask.
    """
    said, known = _said(options), Known(context.catalog)
    if context.interactive:
        said |= {name: known.meant(name, said[name]) for name in said.keys() & {"account", "via"}}
    answers = settled(_checked(said, known) if said else _asked(known, context), known)
    if said.get("mfa_serial") == "":
        answers["mfa_serial"] = ""  # said on purpose: it switches the code off
    if role := already(known, answers):
        where = f" at {place(role.origin, context.environ)}" if role.origin else ""
        raise UsageError(f"The role {clean(role.key)} is already{where}.", "Change it there; nothing was written.")
    # what is there already is read before anything is asked: a file that is a person's own is heard of now
    fragment_text(merged(read_fragment(added_file(context.environ)), tables_of(answers)))
    text = shown(tables_of(answers), reveal=options.show)
    for field, doubt in doubts(known, answers).items():
        context.note(f"{_option(field)}: {doubt}")
    if options.dry_run:
        context.out(_safe(text))
        return 0
    if not context.yes:
        context.note(_safe(text))
    if not context.confirm(f"Write this to {clean(paths.shown(added_file(context.environ), context.environ))}?"):
        raise Cancelled("Nothing was written.")
    return _written(keep(context.environ, answers), answers, context)


def _safe(text: str) -> str:
    """TOML on a terminal: what it keeps raw may still steer one."""
    return "\n".join(clean(line, 4096) for line in text.split("\n"))


def _said(options: argparse.Namespace) -> dict[str, Any]:
    """What the words say, as values of the schema."""
    if options.word is not None:
        if options.role is not None:
            raise UsageError("The role is said twice.", "Say it alone, or by --role.")
        options.role = options.word
    found = {name: value for name in (*(field.name for field in FIELDS), *_ALSO) if (value := getattr(options, name)) is not None}
    if "tags" in found:
        found["tags"] = dict(_pair(text) for text in found["tags"])
    if "external_id_command" in found:
        found["external_id_command"] = split_command(found["external_id_command"])
    return found


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise UsageError(f"--tag {clean(text)} has no value.", "It is KEY=VALUE.")
    return key, value


def _checked(said: Mapping[str, Any], known: Known) -> Answers:
    """The options, each held against AWS's limits; all that is wrong is said at once.

    Raises:
        UsageError: something is wrong or missing.
    """
    from tui_app.catalog.checked import complaint

    is_arn = str(said.get("role", "")).startswith("arn:")
    missing = [
        f"--{field.name}" for field in FIELDS if field.needed and not said.get(field.name) and not (is_arn and field.name == "account")
    ]
    complaints = {_option(field): wrong(field, said[field.name], known) for field in FIELDS if said.get(field.name)}
    complaints |= {_option(name): complaint(said[name], ROLE[name]) for name in _ALSO if name in said}
    sentences = [f"{option}: {sentence}" for option, sentence in complaints.items() if sentence]
    if missing:
        sentences.append(f"roledeck add needs {' and '.join(missing)}.")
    if said.get("external_id") and said.get("external_id_command"):
        sentences.append("--external-id and --external-id-command say the same thing twice.")
    if sentences:
        raise UsageError(" ".join(sentences), "roledeck add --help shows what it takes.")
    return said


def _option(field: Field | str) -> str:
    name = field if isinstance(field, str) else field.name
    return _LISTS.get(name, "--" + name.replace("_", "-"))


def _asked(known: Known, context: Context) -> Answers:
    """One question after the other, each answer checked at once; enter alone passes over what is not needed.

    Raises:
        NeedsPerson: there is no terminal.
    """
    from tui_app.cli import terminal

    with terminal.opened() as tty:
        if tty is None or not context.interactive:
            raise NeedsPerson("roledeck add asks, and there is no terminal.", "Say it in options: --role ARN --via PROFILE, and --yes.")
        terminal.write(tty, f"A role for {FRAGMENT}.toml. Enter alone passes over what is in brackets.\n")
        answers: dict[str, Any] = {}
        for field in FIELDS:
            if not _said_before(field, answers, known):
                answers[field.name] = _one(tty, field, known)
    return answers


def _said_before(field: Field, answers: Answers, known: Known) -> bool:
    """Whether the files or an answer before say it already."""
    is_arn = str(answers.get("role", "")).startswith("arn:")
    if field.name == "account":
        return is_arn
    if field.name not in ("name", "environment"):
        return False
    account = known.account(settled(answers, known).get("account", ""))
    return bool(account and (account.name if field.name == "name" else account.environment))


def _one(tty: int, field: Field, known: Known) -> Any:
    from tui_app.cli import terminal

    hint = field.hint
    if field.name == "via" and known.ways:
        more = ", …" if len(known.ways) > _WAYS_SHOWN else ""
        hint = f"{', '.join(clean(way, 40) for way in known.ways[:_WAYS_SHOWN])}{more}"
    prompt = f"{field.label} ({hint}): " if field.needed else f"[{field.label}] ({hint}): "
    while True:
        typed = terminal.ask_hidden(tty, prompt) if field.name == "external_id" else terminal.ask(prompt) or ""
        value = known.meant(field.name, typed_value(field, typed))
        complaint = wrong(field, value, known)
        if not complaint:
            return value
        terminal.write(tty, f"  {complaint}\n")


def _written(path: str, answers: Answers, context: Context) -> int:
    from tui_app.catalog.load import load_catalog

    role = already(Known(load_catalog(context.environ)), answers)
    key, where = (role.key, role.origin) if role else (str(answers["role"]), Origin(path, 0))
    context.out(f"Added {clean(key)} at {place(where, context.environ)}.")
    if role:
        context.note(f"`roledeck chain {_word(role)}` shows what would happen.")
    return 0


def _word(role: Role) -> str:
    import shlex

    return shlex.quote(clean(role.key))
