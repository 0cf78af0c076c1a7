"""The pages that a browser gets from the embedded Identity Center, and what keeps a sign-in from starting."""

from __future__ import annotations

import html
from collections.abc import Mapping

from tui_app.embedded_aws.wire import Answer, text_answer


def page_of(title: str, sentence: str, *, button: str = "", field: str = "", status: int = 200) -> Answer:
    """A page with a sentence and at most one button, before which something may be typed into a field of that name."""
    typed = f'<input name="{field}" autofocus autocomplete="off"> ' if field else ""
    form = f'<form method="post">{typed}<button>{html.escape(button)}</button></form>' if button else ""
    head = html.escape(title)
    body = f"<!doctype html><meta charset=utf-8><title>{head}</title><h1>{head}</h1><p>{html.escape(sentence)}</p>{form}"
    return text_answer(body, status)


def wrong_with(asked: Mapping[str, str], redirects: tuple[str, ...] | None) -> str:
    """Why a browser's sign-in cannot start, as a sentence; empty where it can. `redirects` are the client's, None for an unknown one."""
    if redirects is None:
        return "This client is not registered."
    if not _registered(asked.get("redirect_uri", ""), redirects):
        return "This redirect address is not registered."
    if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
        return "Only response_type=code with code_challenge_method=S256 is answered."
    return "" if asked.get("state") else "The request has no state."


def _registered(redirect: str, known: tuple[str, ...]) -> bool:
    """A loopback redirect matches whatever its port (RFC 8252, 7.3); any other must be equal."""
    return any(redirect == one or (one.startswith("http://127.0.0.1/") and _without_port(redirect) == one) for one in known)


def _without_port(address: str) -> str:
    host, _, path = address.removeprefix("http://").partition("/")
    return f"http://{host.partition(':')[0]}/{path}"
