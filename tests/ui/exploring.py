"""An AWS that answers the explorer from a table, and the way into the explorer's screen."""

from __future__ import annotations

import threading

from tui_app.aws.paging import Paging
from tui_app.errors import Refused, SessionExpired
from tui_app.ui.explorer.screen import Explorer

DEVELOPER, ADMIN, DEPLOYER = "production/CrossAccountDeveloperRole", "production/AdminRole", "staging/Deployer"
BUCKETS = [{"Name": name, "BucketRegion": "eu-west-1"} for name in ("dev-assets", "dev-logs", "prod-data")]


class Door:
    """Answers from a table; a function in it is called with the parameters and the account that asks."""

    endpoint_url = None

    def __init__(self, **answers) -> None:
        self.answers = {name.replace("__", ":"): answer for name, answer in answers.items()}
        self.calls: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def call(self, service, operation, *, region, key, parameters, read_timeout=None, retry=True):
        del region, read_timeout, retry
        self.calls.append(f"{service}:{operation}")
        self.gate.wait(10)
        answer = self.answers.get(f"{service}:{operation}", {})
        answer = answer(parameters) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    def paging(self, service, operation):
        del service, operation
        return Paging(("ContinuationToken",), ("ContinuationToken",))

    def regions(self, partition):
        del partition
        return ("eu-west-1", "us-east-1")

    def caller_identity(self, key, region):
        raise Refused("Not asked here.", code="AccessDenied")


async def live(s, *keys: str) -> None:
    for key in keys:
        s.select(key)
        await s.press("enter")
        await s.until(lambda key=key: s.store.live(key))
        await s.press("escape")


async def explore(s, view: str = "", key: str = DEVELOPER) -> Explorer:
    """The explorer of a role, with the keys on a view's rows."""
    await live(s, key)
    await s.press("v", "v")
    await s.until(lambda: s.deck.explorer and s.deck.explorer.is_mounted)
    return await rows_of(s, view) if view else s.deck.explorer


async def beside(s, *keys: str) -> Explorer:
    """The explorer of several roles side by side."""
    await live(s, *keys)
    for key in keys:
        s.select(key)
        await s.press("space")
    await s.press("v")
    await s.until(lambda: s.deck.explorer and s.deck.explorer.is_mounted and not s.deck.explorer.working)
    return s.deck.explorer


async def rows_of(s, view: str) -> Explorer:
    """The keys on a view's rows."""
    screen = s.deck.explorer
    await s.until(lambda: not screen.working)
    screen.move([item.name for item in screen.views.listed.views].index(view) - screen.views.at)
    await s.press("enter")
    await s.until(lambda: not screen.working)
    return screen


def no(
    code: str = "AccessDenied", said: str = "User: x is not authorized to perform: iam:ListUsers because no identity-based policy allows it"
):
    return Refused("Denied.", code=code, status=403, aws_message=said, request_id="REQ-1")


def pages(ended: threading.Event):
    """Three buckets in each of three pages; while `ended` is set the session is over."""

    def answer(parameters):
        if ended.is_set():
            return SessionExpired("Over.", code="ExpiredToken", status=403)
        number = int(parameters.get("ContinuationToken", 0))
        more = {"ContinuationToken": str(number + 1)} if number < 2 else {}
        return {"Buckets": [{"Name": f"bucket-{number}-{at}"} for at in range(3)], **more}

    return answer
