"""The views there are, in the order they are read. Adding one is adding one entry to its group in `kinds/`.

Page limits and member names are those of botocore's service models. No view costs more than one call, none reads a secret's value,
and none calls an API that AWS charges for.
"""

from __future__ import annotations

from tui_app.explorer.kinds.account import ACCOUNT
from tui_app.explorer.kinds.compute import COMPUTE
from tui_app.explorer.kinds.data import DATA
from tui_app.explorer.kinds.network import NETWORK
from tui_app.explorer.kinds.signals import SIGNALS
from tui_app.explorer.view import View

VIEWS: tuple[View, ...] = (*ACCOUNT, *DATA, *COMPUTE, *NETWORK, *SIGNALS)


def views_called(word: str) -> tuple[View, ...]:
    """The views that a person means by `word`: a view's name, a service, an IAM prefix, or a plural such as `buckets`."""
    exact = tuple(view for view in VIEWS if view.name == word.casefold())
    return exact or tuple(view for view in VIEWS if view.is_called(word))


def known_words() -> tuple[str, ...]:
    """Every word that `views_called` understands, sorted."""
    words = {word for view in VIEWS for word in (view.name, view.service, view.action.partition(":")[0], *view.words)}
    return tuple(sorted(words))
