"""What a person is shown while a sign-in waits for them, and the waiting itself: it can be cancelled, and it ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from tui_app.aws.door import LOOPBACK
from tui_app.errors import Cancelled, ConfigUnusable, OutOfReach
from tui_app.sessions.sign_in.oidc import Ground
from tui_app.text import clean
from tui_app.values import frozen

LONGEST_WAIT = 600
"""Seconds a person has, as in the AWS CLI."""
_STEP = 0.1
_LONGEST_LINK = 8192

Stop = Callable[[], bool]


@frozen
class Prompt:
    """One waiting sign-in. `link` is to be opened; `user_code` is empty where a browser on this machine answers by itself.

    `page` is the address to type by hand where the code is typed too; `ends` is the last moment, in epoch seconds.
    """

    sign_in: str
    link: str
    ends: float
    user_code: str = ""
    page: str = ""


Show = Callable[[Prompt], None]


def pause(seconds: float, stop: Stop) -> None:
    """Wait so long.

    Raises:
        Cancelled: `stop` said so.
    """
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if stop():
            raise Cancelled("The sign-in was cancelled.")
        time.sleep(min(_STEP, left))


def checked_link(ground: Ground, link: object) -> str:
    """A link that may be shown and opened: https, or this machine where our own endpoint is on it.

    Raises:
        OutOfReach: it is none.
    """
    if isinstance(link, str) and _may_be_opened(ground, link):
        return link
    raise OutOfReach("AWS answered with a sign-in page that is no https address.", "Check the endpoint, and the proxy.")


def check_start_url(ground: Ground) -> None:
    """Refuse a start page that is no https address.

    Raises:
        ConfigUnusable: it is none.
    """
    page, where = ground.sign_in.start_url, str(ground.sign_in.origin or "")
    if not _may_be_opened(ground, page):
        raise ConfigUnusable(
            f"The start URL {clean(page, 200)} cannot be used.", "It is written like https://d-1234567890.awsapps.com/start.", clean(where)
        )


def _may_be_opened(ground: Ground, link: str) -> bool:
    if not (link.isascii() and link.isprintable()) or " " in link or len(link) > _LONGEST_LINK:
        return False
    try:
        parts, own = urlsplit(link), urlsplit(ground.door.endpoint_url or "")
    except ValueError:
        return False
    if parts.username is not None or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK and own.hostname in LOOPBACK)
