"""The header, and the band that says which account this is and how long it lasts. Pure."""

from __future__ import annotations

from tui_app.clock import time_left
from tui_app.text import clean, middle, plural
from tui_app.ui.draw import GAP, bar, cells, clip, fit, line, numerals
from tui_app.ui.listing import Entry
from tui_app.ui.rows import Said
from tui_app.ui.store import Store
from tui_app.ui.theme import Part, Row, is_production
from tui_app.values import frozen

WIDE = 120
"""From here on the header has room for the account id and for what the MFA session covers."""


@frozen
class Base:
    """Who the selected role is reached as: `DevUser @ development`, and that account's id."""

    name: str = ""
    account: str = ""


def header(width: int, store: Store, base: Base, now: float, *, demo: bool) -> Row:
    """What holds for everything: how many are live, which ends next, how long the MFA session lasts, who I am."""
    wide = width >= WIDE
    live, mfa = store.live_sessions(now), store.mfa_session(now)
    gap = "     " if wide else "  "
    left: list[Part] = [("  role", "muted"), ("deck", "bold text")]
    if demo:
        left.append(("  demo", "faint"))
    left += [("     " if wide else "   ", ""), (str(len(live)), "bold text"), (" live", "muted")]
    if live:
        entry = store.entry(live[0].role_key)
        soon = store.state(live[0].role_key, now) == "expiring"
        left += [(f"{gap}next ", "muted"), (time_left(live[0].left(now)), "bold soon" if soon else "bold text")]
        left.append((f" {entry.account}" if wide and entry else "", "muted"))
    if mfa:
        left += [(f"{gap}MFA ", "muted"), (time_left(mfa.credentials.left(now)), "bold text")]
        covers = store.covers.get(mfa.serial, 0)
        left.append((f" covers {plural(covers, 'role')}" if wide and covers else "", "muted"))
    right: list[Part] = [(base.name, "text"), (f"  {base.account}" if wide and base.account else "", "muted"), GAP]
    room = width - cells(left)
    if cells(right) + 2 > room:
        right = [*clip(right[:1], room - 4), GAP] if room > 8 else []  # noqa: PLR2004 - fewer letters name nobody
    return line(width, left, right, on="raised")


def _grounds(entry: Entry, *, live: bool) -> tuple[str, str, str, str]:
    """Ground, ink, quiet ink and track: filled only for production while its session is live."""
    if live and is_production(entry.environment):
        return "fill", "on-fill", "on-fill-muted", "on-fill-line"
    return "raised", "text", "muted", "line"


def band(width: int, entry: Entry, words: Said | None) -> Row:
    """The band in one row; `words` is None in a modal, which asks and does not tell."""
    live = bool(words and words.share)
    ground, ink, quiet, track = _grounds(entry, live=live)
    prod, filled = is_production(entry.environment), ground == "fill"
    badge: list[Part]
    if prod:
        badge = [GAP if filled else ("█ ", f"fill on {ground}"), (" PROD ", "bold fill on on-fill" if filled else "bold on-fill on fill")]
    elif entry.environment:
        badge = [("▌ ", entry.ink), (entry.environment, f"bold {entry.ink}")]
    else:
        badge = [(" ", "")]
    size = 16 if width >= 100 else 8  # noqa: PLR2004 - the picture's own break point
    right: list[Part] = []
    if words and words.share:
        right = [*bar(size, words.share, ink, track), (f"  {words.words}  ", f"bold {ink}")]
    elif words:
        right = [(f"{words.glyph} {words.words}  ", f"bold {words.ink}")]
    number = f"   {entry.account_id}" if width >= 100 else ""  # noqa: PLR2004 - same
    left = [*badge, (f"  {entry.account}", f"bold {ink}"), (f"  {entry.role}", ink), (number, quiet)]
    if words and words.share and cells(left) + cells(right) + 2 > width:
        # the bar gives way before the role does
        right = right[2:]
    return line(width, left, right, on=ground)


def tall_band(width: int, entry: Entry, words: Said, region: str, *, ascii_only: bool = False) -> list[Row]:
    """The band in six rows: account, role and id on the left, the time left in large figures on the right, its bar below."""
    live = bool(words.share)
    ground, ink, quiet, _ = _grounds(entry, live=live)
    prod, filled = is_production(entry.environment), ground == "fill"
    if live and not ascii_only:
        figures = numerals(words.words) if words.words[0].isdigit() else [words.words, "", ""]
    else:
        figures = [words.words if live else f"{words.glyph} {words.words}", "", ""]
    edge: Part = GAP if filled or not entry.environment else ("█ ", "fill") if prod else ("▌ ", entry.ink)
    badge = (" PROD ", "bold fill on on-fill" if filled else "bold on-fill on fill")
    if not prod:
        badge = (entry.environment, f"bold {entry.ink}")
    room = width - cells([(figures[0], "")]) - 6
    number = "  ".join(filter(None, (entry.account_id, clean(region))))
    account = fit(entry.account, min(len(entry.account), max(8, room - 3 - len(badge[0])))).rstrip()
    first: list[Part] = [(account, f"bold {ink}"), ("   ", ""), badge]
    if len(entry.role) <= room:
        words_left: list[list[Part]] = [first, [(entry.role, ink)], [(number, quiet)]]
    else:
        # the role gets the line of its own that the figures leave free, before it is cut
        words_left = [first, [(number, quiet)], []]
    mark = ink if live or prod else words.ink
    rows = [
        line(width, [edge, *left], [(figure, f"bold {mark if live else words.ink}"), GAP], on=ground)
        for left, figure in zip(words_left, figures, strict=True)
    ]
    below: list[Part] = [edge] if words_left[2] else [edge, (middle(entry.role, width - 4), ink)]
    gauge = bar(width, words.share, words.ink)
    return [line(width, [edge], on=ground), *rows, line(width, below, on=ground), line(width, gauge)]
