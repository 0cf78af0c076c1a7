"""What a view is: one AWS call, and how its answer becomes rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from tui_app.aws.paging import Paging
from tui_app.values import frozen

Scope = Literal["global", "regional"]
Shape = Literal["text", "number", "date", "moment", "size", "seconds", "yes"]
"""How a value is shown: `date` as a day, `moment` to the second, `size` is bytes, `seconds` a duration, `yes` is yes or nothing."""

PAGE = 100
"""Rows asked for at most in one call, where nothing speaks for more."""
NAME_TAG = "Tags[?Key=='Name'].Value | [0]"
GLOBAL = "global"
"""The region of a result that belongs to the whole account."""
OWN = "Your own"
"""The group of views that the user's config adds."""


@frozen
class Column:
    """One column: its head, and a JMESPath expression on the row."""

    title: str
    path: str
    shape: Shape = "text"

    @property
    def right(self) -> bool:
        """Whether it is aligned right, as figures are."""
        return self.shape in ("number", "size", "seconds")


@frozen
class Parent:
    """The view that a sub-view is opened from: `parameters` and `region` are JMESPath expressions on the row it is opened at.

    What the parent itself was asked for is there as `asked`: `asked.cluster`.
    """

    view: str
    parameters: Mapping[str, str] = field(hash=False)
    region: str = ""


@frozen
class Describe:
    """A second call that fills in rows of which the first one told only names; denied, the names stay.

    `parameters` are JMESPath expressions on `{asked, ids}`, `rows` one on the answer, `key` one on a described row that equals the
    `id` of the row it belongs to. AWS takes `most` ids in one call.
    """

    operation: str
    action: str
    parameters: Mapping[str, str] = field(hash=False)
    rows: str
    key: str
    most: int


@frozen
class View:
    """One kind of resource.

    `service` is the endpoint's name as the AWS CLI has it, `operation` the API's own spelling (`ListBuckets`).
    `rows` and `more` are JMESPath expressions on the answer, `id` and `tags` on a row; `more` is truthy where another page follows.
    `arn` is a template: `{partition}`, `{region}`, `{account}`, and any JMESPath expression on the row.
    `console` is the page of the web console that lists this kind, by the service's name there.
    `charged` says what AWS charges for; such a view is asked only where somebody names or opens it.
    `parents` are set for a sub-view. `paging` is for what botocore has no paginator for.
    Expressions have two functions of our own: `tail(text)`, what follows the last `/` or `:`, and `ending(text)`, `…` and its last four
    characters.
    """

    name: str
    title: str
    group: str
    service: str
    operation: str
    action: str
    rows: str
    columns: tuple[Column, ...]
    id: str
    arn: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    more: str = ""
    scope: Scope = "regional"
    words: tuple[str, ...] = ()
    console: str = ""
    tags: str = "Tags"
    charged: str = ""
    first_sight: bool = False
    parents: tuple[Parent, ...] = ()
    describe: Describe | None = None
    paging: Paging | None = None

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the columns, left to right."""
        return tuple(column.title for column in self.columns)

    @property
    def page(self) -> int:
        """How many rows one page brings at most, where the request says so; 0 where AWS decides."""
        return next((int(value) for name, value in self.parameters.items() if name.casefold() in _LIMITS), 0)

    @property
    def calls(self) -> int:
        """How many calls a full page costs at most."""
        return 1 if self.describe is None else 1 + -(-(self.page or PAGE) // self.describe.most)

    @property
    def cost(self) -> str:
        """What one page costs, in words."""
        calls = "1 call" if self.calls == 1 else f"up to {self.calls} calls"
        return f"{calls}; {self.charged}" if self.charged else calls

    @property
    def actions(self) -> tuple[str, ...]:
        """Every IAM action that the view needs."""
        return (self.action, self.describe.action) if self.describe else (self.action,)

    def is_called(self, word: str) -> bool:
        """Whether a person who types `word` means this view: its name, its service, its IAM prefix or another name."""
        return word.casefold() in {self.name, self.service, self.action.partition(":")[0], *self.words}


_LIMITS = frozenset({"maxresults", "maxitems", "maxrecords", "maxbuckets", "maxkeys", "limit", "pagesize"})
"""What services call the parameter that bounds a page."""
