"""What stands round a table: title and trail, progress, why there are no rows, notes below, and the stamp of who was answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tui_app.clock import ago, clock_time
from tui_app.text import clean, plural
from tui_app.ui.commands import Keymap, first_key
from tui_app.ui.draw import BLANK, LABEL, cells, fit, key_cap, line, paragraph, wrapped
from tui_app.ui.explorer.places import Table, Visitor
from tui_app.ui.glyphs import DENIED
from tui_app.ui.theme import Part, Row
from tui_app.values import frozen

if TYPE_CHECKING:
    from tui_app.explorer.asking import Tally
    from tui_app.explorer.results import ViewResult

NOTES = 3
"""How many notes stand below a table; the others are counted."""
SETTING = 2
"""Seconds that an answer may lie ahead of the clock, as two clocks are read; beyond that it has been set back."""
DAYS_APART = 6 * 86_400
_HEADS = {
    "denied": f"{DENIED} denied",
    "expired": "The session has ended",
    "throttled": "AWS is slowing us down",
    "region_off": "The region is off",
    "not_subscribed": "Not signed up for",
    "not_in_use": "Not in use",
    "no_region": "No region",
    "out_of_reach": "AWS is out of reach",
    "not_aws": "Somebody else answered",
}


@frozen
class Keys:
    """The keys that these rows name."""

    renew: str = "r"
    copy: str = "y"
    more: str = "m"
    reload: str = "ctrl+r"
    filter: str = "/"
    why: str = "D"


def named_keys(keys: Keymap) -> Keys:
    """The keys as a person has bound them."""
    names = ("explore.renew", "explore.copy_id", "explore.more", "explore.reload", "app.filter", "explore.refusals")
    return Keys(*(first_key(name, keys) for name in names))


def counts(table: Table) -> str:
    """How many rows there are, and whether that is all."""
    grid = table.grid
    total, shown = len(grid.cells), len(grid.shown)
    if not total and (table.pending or table.incomplete):
        return ""
    if grid.terms:
        return f"{shown:,} of {total:,}" + (" so far" if table.next_pages or grid.finding or table.incomplete else "")
    more = table.incomplete or any(result.more for result in table.results.values())
    broken = any(result.state == "error" for result in table.results.values())
    if not total and (table.refusals or not table.results):
        return ""
    if table.differences and table.beside:
        return f"{total:,}, only the differences" + (" so far" if more or broken else "")
    return f"{total:,} so far" if more or broken else f"{total:,}, all shown" if total else "none"


def state_parts(table: Table, now: float, spinner: str, keys: Keys, described: ViewResult | None = None) -> list[Part]:
    """What is under way, what is old, what broke off; nothing where all is as it should be.

    `described` is the answer whose row is looked at in the place of the rows.
    """
    if table.writing is not None and table.writing.done:
        far = f"Writing {table.writing.done:,} of {table.writing.rows:,} rows   "
        return [(f"{spinner} ", "accent"), (far, "muted"), *key_cap("esc", "stop")]
    if table.ended:
        stay = ", the rows stay" if table.grid.cells else ""
        whose = f" of {', '.join(visitor.label for visitor in table.over)}" if table.beside and table.over else ""
        return [("○ ", "bold soon"), (f"The session{whose} has ended{stay}   ", "soon"), *key_cap(keys.renew, "renew and go on")]
    age = age_of(_old(table, described), now)
    greyed = f"{'this is' if described else 'greyed rows are'} of {age}" if age else ""
    if table.pending or (table.expected and (age or table.results)):
        under_way = table.pending | table.expected
        expected = 1 if table.opened else len({*table.results, *under_way})
        answered = expected - len(under_way)
        far = f"{answered} of {expected} answered" if expected > 1 else "asking"
        return [(f"{spinner} ", "accent"), (", ".join(filter(None, (table.progress or far, greyed))), "muted")]
    if table.progress:
        return [(f"{table.progress.rstrip('.')}, {greyed}" if greyed else table.progress, "muted")]
    some = described is None and any(result.rows for result in table.results.values())
    return [(f"{greyed[:1].upper()}{greyed[1:]}, not asked again" if some else f"Seen {age}, not asked again", "muted")] if age else []


def _old(table: Table, described: ViewResult | None) -> list[float]:
    """When the rows that are of the last time were answered, or the one that is described."""
    last = table.of_last_time
    if described is not None:
        return [table.answered_at(place) for place, result in last.items() if result is described]
    return [table.answered_at(place) for place, result in last.items() if result.rows] + [tail.at for tail in table.tails.values()]


def age_of(moments: Sequence[float], now: float) -> str:
    """How long ago the first of some moments was; empty where there is none."""
    if not moments:
        return ""
    at = min(moments)
    return ago(now - at) if at - now < SETTING else "before the clock was set back"


def instead_rows(table: Table, width: int, spinner: str, keys: Keys) -> list[Row]:
    """What stands where there is no row to show: why not, and the way out."""
    refusals = table.refusals
    if table.grid.terms and table.grid.cells:
        count = len(table.grid.cells)
        looking = _waiting_rows(width, spinner, f"Looking through {count:,} rows") if table.grid.finding else []
        return looking or no_match_rows("row", table.grid.query, count, width)
    if table.differences and table.beside and not refusals and table.results:
        return [BLANK, line(width, [("  No difference: all were shown the same.", "bold text")])]
    if refusals:
        return refused_rows(table, width, keys)
    if table.pending or table.incomplete:
        return _waiting_rows(width, spinner, "Asking AWS")
    if not table.results:
        return [BLANK, line(width, [("  Not asked yet.", "bold text")]), line(width, [("  ", ""), *key_cap("enter", "ask")])]
    where = f" in {', '.join(map(clean, table.regions))}" if table.view.scope != "global" and not table.opened else ""
    return [BLANK, line(width, [(f"  No {_lower(table.view.title)}{where}.", "bold text")])]


def _waiting_rows(width: int, spinner: str, words: str) -> list[Row]:
    return [BLANK, line(width, [(f"  {spinner} ", "accent"), (words, "muted")])]


def no_match_rows(what: str, query: str, count: int, width: int) -> list[Row]:
    """A filter that lets nothing through, and the way out; `count` is how many there are without it."""
    none: list[Part] = [(f'  No {what} matches "{clean(query)}".', "bold text")]
    return [BLANK, line(width, none), line(width, [("  ", ""), *key_cap("esc", f"show all {count:,}")])]


def refused_rows(table: Table, width: int, keys: Keys) -> list[Row]:
    """All that was refused with everything AWS said of it, and what can be done."""
    rows: list[Row] = []
    for number, where, result in gathered(table):
        rows += [BLANK, *refusal_rows(table, number, where, result, width)]
    caps: list[Part] = []
    if any(result.cause == "denied" for _, result in table.refusals):
        caps += [*key_cap(keys.copy, "copy a request for whoever can allow it"), ("   ", "")]
    elif table.ended:
        caps += [*key_cap(keys.renew, "renew"), ("   ", "")]
    return [*rows, BLANK, line(width, [("  ", ""), *caps, *key_cap(keys.reload, "ask again")])]


def gathered(table: Table) -> list[tuple[int, str, ViewResult]]:
    """The refusals, those that are alike in several regions as one: whose, where, and the first of them."""
    alike: dict[tuple[object, ...], list[tuple[int, str, ViewResult]]] = {}
    for (number, region), result in table.refusals:
        # a region that is off names itself in its sentence
        sentence = "" if result.cause == "denied" else result.message
        alike.setdefault((number, result.cause, result.action, result.denied_by, sentence), []).append((number, region, result))
    return [(found[0][0], _where(region for _, region, _ in found), found[0][2]) for found in alike.values()]


def _where(regions: Iterable[str]) -> str:
    return ", ".join(clean(region) for region in regions if region != "global")


def refusal_rows(table: Table, number: int, where: str, result: ViewResult, width: int) -> list[Row]:
    """One refusal with everything AWS said of it."""
    whose = f"   {table.visitors[number].label}" if table.beside else ""
    place = f"   {where}" if where else ""
    head = _HEADS.get(result.cause, "Failed")
    lead = "bold text" if result.cause != "denied" else "bold muted"
    action = f"   {clean(result.action)}" if result.cause == "denied" else ""
    rows = [line(width, [(f"  {head}", lead), (action, "text"), (place, "muted"), (whose, "muted")])]
    if result.cause != "denied":
        return [*rows, *paragraph(width, clean(result.message), "muted")]
    refusal = result.refusal
    facts = (
        ("Denied by", clean(result.denied_by) or "AWS does not say who"),
        ("Principal", clean(refusal.principal if refusal and refusal.principal else result.identity.arn)),
        ("Resource", clean(refusal.resource if refusal and refusal.resource else "AWS names none")),
        ("Request id", clean(result.request_id) or "none"),
    )
    for label, value in facts:
        rows += _facts(width, label, value)
    if result.aws_message:
        from tui_app.explorer.refusals import without_encoded

        rows += [BLANK, line(width, [("  AWS says", "muted")]), *paragraph(width, clean(without_encoded(result.aws_message)), "text")]
    return rows


def _facts(width: int, label: str, value: str) -> list[Row]:
    words = wrapped(value, width - LABEL - 4)
    return [line(width, [(f"  {(label if number == 0 else ''):<{LABEL}}", "muted"), (text, "text")]) for number, text in enumerate(words)]


def note_rows(table: Table, width: int, keys: Keys) -> list[Row]:
    """Below the rows: what is missing from them, and why."""
    if not table.grid.cells:
        return []
    told: list[list[Part]] = []
    why: list[Part] = [("  ", ""), *key_cap(keys.why, "why"), ("  ", "")]
    for number, where, result in gathered(table):
        whose = f"{table.visitors[number].label}  " if table.beside else ""
        place = f"{where}  " if where else ""
        if result.cause == "denied":
            by = f"  {clean(result.denied_by)}" if result.denied_by else ""
            told.append([(f"  {DENIED} denied  ", "muted"), (f"{whose}{place}{clean(result.action)}", "text"), (by, "muted")])
        else:
            told.append([("  ", ""), (f"{whose}{place}{clean(result.message)}", "muted")])
    told += [[(f"  {clean(note)}", "muted")] for note in dict.fromkeys(result.note for result in table.results.values()) if note]
    if table.next_pages and not table.pending:
        told.append([("  There is more. ", "muted"), *key_cap(keys.more, "one page more")])
    elif not table.pending and any(result.more for result in table.results.values()):
        told.append([("  There is more, and AWS does not say how to ask for it.", "muted")])
    refused = min(1, len(table.refusals))
    rows = [line(width, parts, why if number < refused else ()) for number, parts in enumerate(told[:NOTES])]
    return (
        [BLANK, *rows, *([line(width, [(f"  and {plural(len(told) - NOTES, 'note')} more", "faint")])] if len(told) > NOTES else [])]
        if told
        else []
    )


def stamp_rows(table: Table, tally: Tally, width: int, now: float, visitor: Visitor, account: str) -> list[Row]:
    """Who was answered, in which account, with which call, how many calls there were, and when."""
    results = [*table.results.values(), *table.before.values()]
    said = f"{tally.calls} {'call' if tally.calls == 1 else 'calls'}" + (
        f", {plural(tally.throttles, 'throttle')}" if tally.throttles else ""
    )
    last = clock_time_seconds(max(result.at for result in results), now) if results else ""
    return [
        answered_to(visitor, account, width, answered=bool(results)),
        line(width, [(f"  {clean(table.view.action)}", "faint"), (f"   {said} in all", "faint")], [(f"{last}  ", "faint")]),
    ]


def answered_to(visitor: Visitor, account: str, width: int, *, answered: bool = True) -> Row:
    """Who was answered, or asks: role, session and account."""
    who = clean(visitor.arn.partition("assumed-role/")[2] or visitor.arn)
    place: list[Part] = [(f"{account} " if account != visitor.account else "", "text"), (visitor.account, "text"), ("  ", "")]
    room = width - 16 - cells(place)
    verb = "  Answered to " if answered else "  Asking as "
    return line(width, [(verb, "faint"), (fit(who, max(8, room), cut="middle").rstrip(), "text")], place)


def said_of(tally: Tally) -> str:
    """How many calls were made, and how often AWS asked to wait."""
    return plural(tally.calls, "call") + (f", {plural(tally.throttles, 'throttle')}" if tally.throttles else "")


def clock_time_seconds(moment: float, now: float) -> str:
    """`12:41:07`, with the weekday when it is another day, and the date where there has been such a weekday since."""
    from datetime import datetime

    then = datetime.fromtimestamp(moment)  # noqa: DTZ006 - shown in local time
    return f"{then:%d %b %H:%M:%S}" if abs(now - moment) > DAYS_APART else f"{clock_time(moment, now)}:{then:%S}"


def _lower(title: str) -> str:
    """A title within a sentence: abbreviations keep their capitals."""
    words = clean(title)
    abbreviated = any(letter.isupper() or letter.isdigit() for letter in words.split(" ")[0][1:])
    return words if abbreviated else words[:1].lower() + words[1:]
