"""What a search found, which engine answered it, and to whom: rows of several answers are one where their ARN is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any, Literal

from tui_app.errors import WrongIdentity
from tui_app.explorer.refusals import STATES, Cause, Refusal, ViewState
from tui_app.model import Identity, Session
from tui_app.text import clean
from tui_app.values import frozen

Engine = Literal["resource-explorer", "tagging"]
Reach = Literal["organization", "aggregator", "local", "region"]
"""How far an answer reaches: all accounts of an organization, all indexed regions of an account, or one region."""

NAME_TAG = "Name"


@frozen
class Searcher:
    """A role that searches: its key, how people call it, its session, and the regions it is used in.

    `only` says that a person asked for these very regions, so that nothing of another one is wanted.
    """

    key: str
    label: str
    session: Session
    regions: tuple[str, ...]
    only: bool = False

    @property
    def identity(self) -> Identity:
        """Who AWS says it is."""
        return self.session.identity


@frozen
class Finder:
    """Who was told of a resource, and by which engine."""

    key: str
    label: str
    identity: Identity
    engine: Engine


@frozen
class Found:
    """One resource. `type` is `service:kind`; `reported` is when Resource Explorer last saw it, in epoch seconds.

    `rank` is how many of the free words are in it. `raw` is what AWS told, `finders` are all who were told of it.
    """

    arn: str
    service: str
    type: str
    region: str
    account: str
    id: str
    finders: tuple[Finder, ...]
    rank: int = 0
    reported: float | None = None
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    raw: Any = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """What people call it: its Name tag, else its id."""
        return self.tags.get(NAME_TAG) or self.id


@frozen
class Index:
    """A Resource Explorer index: its state as AWS says, and since when, in epoch seconds. Empty and None where that is denied."""

    state: str = ""
    since: float | None = None

    @property
    def building(self) -> bool:
        """Whether it does not hold everything yet."""
        return self.state in ("CREATING", "UPDATING")


@frozen
class Part:
    """The answer of one engine in one region to one role.

    `regions` are those that it reaches. `more` says that there is more than was told; `next` is what the next page is asked with, None
    where AWS tells no more. `looked` is how many tagged resources were looked through. `note` is why this engine was asked.
    `state` is not `ok` and there are rows all the same where a later page failed.
    """

    searcher: str
    label: str
    identity: Identity
    engine: Engine
    region: str
    at: float
    reach: Reach = "region"
    regions: tuple[str, ...] = ()
    view: str = ""
    state: ViewState = "ok"
    cause: Cause = ""
    found: tuple[Found, ...] = ()
    more: bool = False
    next: Mapping[str, Any] | None = field(default=None, repr=False, hash=False)
    looked: int = 0
    index: Index = Index()
    note: str = ""
    refusal: Refusal | None = None

    @property
    def message(self) -> str:
        """One sentence where it is not `ok`."""
        return self.refusal.sentence if self.refusal else ""

    @property
    def count_text(self) -> str:
        """`128`, or `1,000+` where there is more."""
        return f"{len(self.found):,}{'+' if self.more else ''}"


def refused_part(part: Part, refusal: Refusal) -> Part:
    """The part with a refusal; rows that are there stay."""
    return replace(part, state=STATES[refusal.cause], cause=refusal.cause, refusal=refusal)


def joined(before: Part, page: Part) -> Part:
    """The rows so far and those of the next page. Where the page was refused the rows stay, and the state says why there are no more.

    Raises:
        WrongIdentity: the page was answered to somebody else, or by another engine.
    """
    check_whose(before, page.identity)
    if (before.engine, before.region, before.view) != (page.engine, page.region, page.view):
        raise WrongIdentity("These are the answers of two different searches.", "Search again.")
    if page.state != "ok":
        return replace(before, state=page.state, cause=page.cause, refusal=page.refusal)
    known = {found.arn for found in before.found}
    return replace(
        page,
        found=before.found + tuple(found for found in page.found if found.arn not in known),
        looked=before.looked + page.looked,
        note=before.note,
        index=before.index,
        regions=before.regions,
        reach=before.reach,
    )


def check_whose(part: Part, identity: Identity) -> None:
    """Refuse to take an answer for that of somebody else.

    Raises:
        WrongIdentity: it was given to another identity.
    """
    if (part.identity.account, part.identity.arn) != (identity.account, identity.arn):
        raise WrongIdentity(
            f"{clean(part.label)} searched as {clean(identity.arn, 2048)}, and the answer was given to {clean(part.identity.arn, 2048)}.",
            "Nothing of it is shown.",
        )


def merged(parts: Iterable[Part]) -> tuple[Found, ...]:
    """All that was found, each ARN once with everybody who was told of it; what holds more of the words comes first."""
    by_arn: dict[str, Found] = {}
    for part in parts:
        for found in part.found:
            known = by_arn.get(found.arn)
            by_arn[found.arn] = found if known is None else _both(known, found)
    return tuple(sorted(by_arn.values(), key=lambda found: -found.rank))


def _both(one: Found, other: Found) -> Found:
    """One resource as both answers tell it: the newest moment, and the tags of whoever knows more of them."""
    fuller = other if len(other.tags) > len(one.tags) else one
    times = [moment for moment in (one.reported, other.reported) if moment is not None]
    return replace(
        one,
        finders=tuple(dict.fromkeys((*one.finders, *other.finders))),
        rank=max(one.rank, other.rank),
        reported=max(times, default=None),
        tags=fuller.tags,
        raw=one.raw if one.reported is not None or other.reported is None else other.raw,
    )
