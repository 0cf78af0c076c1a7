"""Results as CSV: the rows of one view, or the sheet of what each identity can see."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence

from tui_app.explorer.cells import Plain
from tui_app.explorer.results import ViewResult
from tui_app.explorer.view import OWN, View
from tui_app.text import clean

SHEET = ("Account", "Identity", "View", "Region", "State", "Count", "More", "Action", "Denied by", "Message")
Truths = tuple[str, str]
"""What stands for false, and for true."""
_YES, _JSON = ("no", "yes"), ("false", "true")
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How formulas begin; some spreadsheets read the wide signs like the others (OWASP, "CSV Injection")."""


def rows_as_csv(results: Sequence[ViewResult]) -> str:
    """The rows of one view, asked of any identities and regions, under one head: account, identity, region, the view's own, ARN."""
    head = heads_apart(("Account", "Identity", "Region"), results[0].columns if results else (), ("ARN",))
    lines = (
        (result.identity.account, result.identity.arn, result.region, *values, arn)
        for result in results
        for values, arn in zip(result.values, result.arns, strict=True)
    )
    return as_csv(head, lines, truths_of(results[0].view) if results else _YES)


def truths_of(view: View) -> Truths:
    """How its CSV tells what is so or not: a person's own columns as AWS does."""
    return _JSON if view.group == OWN else _YES


def heads_apart(before: Sequence[str], own: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Heads of which no two are alike: one of the view's `own` that is also ours is called `Own region`, and any other is numbered."""
    ours, taken = {*before, *after}, Counter[str]()
    named = list(before)
    for head in own:
        name = f"Own {head if head.isupper() else head.lower()}" if head in ours else head
        taken[name] += 1
        named.append(f"{name} {taken[name]}" if taken[name] > 1 else name)
    return (*named, *after)


def sheet_as_csv(results: Sequence[ViewResult]) -> str:
    """What each identity can see: a line for each view and region, with the count or why there is none."""
    lines = (
        (
            result.identity.account,
            result.identity.arn,
            result.view.name,
            result.region,
            result.state,
            result.count if result.state == "ok" else None,
            result.more,
            result.action,
            result.denied_by,
            result.aws_message or result.message,
        )
        for result in results
    )
    return as_csv(SHEET, lines)


def as_csv(head: Sequence[str], lines: Iterable[Sequence[Plain]], truths: Truths = _YES) -> str:
    """Any rows under a head, every value safe to open."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_safe(value, truths) for value in line] for line in lines)
    return target.getvalue()


def _safe(value: Plain, truths: Truths) -> Plain:
    """A value that no spreadsheet takes for a formula, and no terminal for a command."""
    if not isinstance(value, str):
        return "" if value is None else truths[value] if isinstance(value, bool) else value
    text = clean(value, 32_000)
    return f"'{text}" if text.startswith(_FORMULA) else text
