"""A start page that no file names yet: what is asked about it, checked as it is typed, and written as `[sso.NAME]` into `config.d`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tui_app.catalog.schema import SIGN_IN
from tui_app.catalog.writing import change_fragment, draft_text, fragment_path
from tui_app.errors import UsageError
from tui_app.model import SsoSession
from tui_app.text import clean
from tui_app.values import frozen

FRAGMENT = "sign-ins"
_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_HOST = r"https?://([^/:?#]+)"


@frozen
class Asked:
    """One thing that is asked about a start page: its name for people, and what may stand in it."""

    name: str
    label: str
    hint: str


ASKED = (
    Asked("start_url", "Start URL", "https://d-1234567890.awsapps.com/start"),
    Asked("region", "Region", "of Identity Center, as eu-west-1"),
    Asked("name", "Name", "what you call it"),
)


def tidy_start_url(text: str) -> str:
    """A start URL as it is copied from a browser, without what the page itself puts behind it."""
    return text.strip().partition("#")[0].partition("?")[0].rstrip("/")


def suggested_name(start_url: str) -> str:
    """The start page's own name, as `acme` of https://acme.awsapps.com/start; an empty text while there is none."""
    host = re.match(_HOST, start_url)
    first = host[1].partition(".")[0].lower() if host else ""
    return first if re.fullmatch(_NAME, first) and not first.isdigit() else ""


def wrong(name: str, text: str, known: Mapping[str, SsoSession]) -> str:
    """Why that answer cannot be used, as a sentence; an empty text where it can."""
    if not text:
        return "It is needed."
    if name == "name":
        return _wrong_name(text, known)
    check: Callable[[Any], str] | None = SIGN_IN[name].check
    return check(text) if check else ""


def _wrong_name(text: str, known: Mapping[str, SsoSession]) -> str:
    if not re.fullmatch(_NAME, text):
        return "A name has 1 to 64 letters, digits, - and _."
    return f"The sign-in {text} is there already." if text in known else ""


def tables_of(answers: Mapping[str, str]) -> dict[str, Any]:
    """The answers as the tables of a file."""
    return {"sso": {answers["name"]: {name: answers[name] for name in ("start_url", "region") if answers.get(name)}}}


def shown(answers: Mapping[str, str]) -> str:
    """The answers as TOML, good or not."""
    return draft_text(tables_of(answers)).strip("\n")


def sign_ins_file(environ: Mapping[str, str]) -> str:
    """Where start pages are written."""
    return fragment_path(environ, FRAGMENT)


def keep(environ: Mapping[str, str], sign_in: SsoSession) -> str:
    """Write the start page beside those that were written before; the file's path.

    Raises:
        UsageError: there is one of that name, or the file is a person's own.
        ConfigUnusable: an answer is outside its limits, or the file cannot be read.
        RoledeckError: it cannot be written.
    """
    new = tables_of({"name": sign_in.name, "start_url": sign_in.start_url, "region": sign_in.region})["sso"]

    def merged(before: dict[str, Any]) -> dict[str, Any]:
        pages = before.get("sso", {})
        if pages.get(sign_in.name, new[sign_in.name]) != new[sign_in.name]:
            raise UsageError(f"The sign-in {clean(sign_in.name)} was written before, with another start page.", "Give it another name.")
        return {**before, "sso": {**pages, **new}}

    return change_fragment(environ, FRAGMENT, merged)


def checked(start_url: str, region: str, name: str, known: Mapping[str, SsoSession]) -> SsoSession:
    """The start page of these words; the one that the files name already where it is the same.

    Raises:
        UsageError: one of them cannot be used.
    """
    page = tidy_start_url(start_url)
    same = [one for one in known.values() if one.name and (one.start_url, one.region) == (page, region) and name in ("", one.name)]
    if same:
        return same[0]
    answers = {"start_url": page, "region": region, "name": name or suggested_name(page)}
    for asked in ASKED:
        if not answers[asked.name]:
            raise UsageError(f"The {asked.label.lower().replace('url', 'URL')} of the start page is needed.", "Nothing was written.")
        if complaint := wrong(asked.name, answers[asked.name], known):
            raise UsageError(complaint, "Nothing was written.")
    return SsoSession(answers["name"], page, region)
