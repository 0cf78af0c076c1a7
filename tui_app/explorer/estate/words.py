"""Who answered by which engine, in one line each: `production/ReadOnly · Resource Explorer, aggregator in eu-west-1 · 128 found`. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui_app.clock import ago
from tui_app.explorer.estate.answers import Part
from tui_app.text import clean
from tui_app.values import frozen

DOT = " · "


@frozen
class Line:
    """One line about answers that are alike: whose, of which engine, what came of it; `cause` is empty where it was answered."""

    who: str
    how: str
    outcome: str
    cause: str = ""

    def text(self) -> str:
        """The whole line."""
        return DOT.join((self.who, self.how, self.outcome))


def lines_of(parts: Iterable[Part], now: float) -> tuple[Line, ...]:
    """A line for each role and engine; the regions that were answered alike are in one."""
    groups: dict[tuple[object, ...], list[Part]] = {}
    for part in parts:
        alike = (part.refusal.sentence, part.refusal.code) if part.refusal else ()
        own = (part.region,) if part.engine == "resource-explorer" else ()
        groups.setdefault((part.searcher, part.engine, part.cause, part.note, alike, own), []).append(part)
    return tuple(_line(members, now) for members in groups.values())


def _line(parts: Sequence[Part], now: float) -> Line:
    first = parts[0]
    how = _explorer(first, now) if first.engine == "resource-explorer" else _tagging(parts)
    return Line(clean(first.label), how, _outcome(parts), first.cause)


def _explorer(part: Part, now: float) -> str:
    place = f"in {clean(part.region, 32)}" if part.region else "nowhere"
    words = {
        "organization": f"organization view {place}, all accounts and indexed regions",
        "aggregator": f"aggregator {place}, all indexed regions",
        "local": f"local index {place}",
    }.get(part.reach)
    if words is None:
        return f"Resource Explorer {place}"
    return f"Resource Explorer, {words}{_building(part, now)}"


def _building(part: Part, now: float) -> str:
    """How old an index is that does not hold everything yet."""
    if not part.index.building:
        return ""
    since = f" for {ago(now - part.index.since).removesuffix(' ago')}" if part.index.since is not None else ""
    return f", still being {'built' if part.index.state == 'CREATING' else 'updated'}{since}"


def _tagging(parts: Sequence[Part]) -> str:
    where = ", ".join(dict.fromkeys(clean(part.region, 32) for part in parts))
    note = f"; {clean(parts[0].note)}" if parts[0].note else ""
    return f"tagging API in {where} (tagged resources only{note})"


def _outcome(parts: Sequence[Part]) -> str:
    found, first = sum(len(part.found) for part in parts), parts[0]
    more = any(part.more for part in parts)
    counted = f"{found:,}{'+' if more else ''} found"
    if first.state != "ok":
        by = f", {clean(first.refusal.denied_by)}" if first.refusal and first.refusal.denied_by else ""
        why = f"⊘ denied {clean(first.refusal.action)}{by}" if first.cause == "denied" and first.refusal else clean(first.message, 600)
        return f"{counted}, then: {why}" if found else why
    looked = sum(part.looked for part in parts)
    if first.engine == "tagging" and more:
        return f"{counted} among the first {looked:,}"
    if more and not any(part.next for part in parts):
        return f"{counted}; AWS tells no more than these, narrower words find the others" if found else counted
    return counted
