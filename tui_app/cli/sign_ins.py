"""Which sign-in is meant: by its name or start URL, by a role or profile behind it, or the only one there is."""

from __future__ import annotations

from collections.abc import Mapping

from tui_app.cli.context import Context
from tui_app.errors import ConfigUnusable, UsageError
from tui_app.model import SsoSession
from tui_app.text import clean

_WRITE_ONE = (
    "Sign in with `roledeck login --start-url URL --region REGION`, "
    "or write [sso-session NAME] with sso_start_url and sso_region into ~/.aws/config."
)


def named_sign_in(context: Context, text: str | None) -> SsoSession:
    """The sign-in that `text` names, or that a role of that name starts from; without it the only one.

    Raises:
        UsageError: none, or several.
        ConfigUnusable: it is not whole.
    """
    known = context.catalog.sign_ins
    if text is None:
        return _only(known)
    if text in known:
        return known[text]
    _refuse_half(context, text)
    begins = [key for key in known if key.startswith(text)] if context.interactive else []
    if len(begins) == 1:
        return known[begins[0]]
    if behind := _behind(context, text):
        return behind
    if not known:
        raise UsageError(f'There is no sign-in "{clean(text, 256)}", nor any other.', _WRITE_ONE)
    raise UsageError(f'There is no sign-in "{clean(text, 256)}".', f"There are: {_listed(begins or list(known))}.")


def _only(known: Mapping[str, SsoSession]) -> SsoSession:
    if not known:
        raise UsageError("There is nothing to sign in to in the files.", _WRITE_ONE)
    if len(known) > 1:
        raise UsageError("There are several sign-ins.", f"Name one of them: {_listed(list(known))}.")
    return next(iter(known.values()))


def _refuse_half(context: Context, name: str) -> None:
    section = context.catalog.shared.sso_sessions.get(name)
    if section is not None:
        missing = [setting for setting in ("sso_start_url", "sso_region") if not section.get(setting)]
        where = str(section.here)
        raise ConfigUnusable(
            f"The sso-session {clean(name, 256)} is missing {' and '.join(missing)} ({clean(where)}).", "Add what is missing.", clean(where)
        )


def _behind(context: Context, name: str) -> SsoSession | None:
    """The sign-in that a role or a profile of that name starts from, as `aws sso login --profile` has it."""
    from tui_app.catalog.chain import resolve_chain
    from tui_app.catalog.sign_ins import sign_in_of

    catalog = context.catalog
    role = catalog.role(name)
    source = resolve_chain(catalog, role).source if role else catalog.sources.get(name)
    return catalog.sign_ins.get(sign_in_of(source).key) if source is not None and source.kind == "sso" else None


def _listed(names: list[str]) -> str:
    return ", ".join(clean(name, 256) for name in names)
