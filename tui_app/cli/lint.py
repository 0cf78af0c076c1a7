"""`roledeck lint`: what is wrong in the config files, with file and line, and what other AWS tools would read differently."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from tui_app import paths
from tui_app.cli.inks import Inks
from tui_app.clock import wall_clock
from tui_app.text import clean, plural

if TYPE_CHECKING:
    from tui_app.catalog.lint.findings import Finding
    from tui_app.catalog.load import Catalog
    from tui_app.cli.context import Context

_INKS = {"error": "failed", "warning": "expiring", "hint": "muted"}
_FOUND = 1
_LINES_SHOWN = 6
_LONGEST = 600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--json`, `--all`, `--rules`."""
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument("--all", action="store_true", help="also hints about what is right and usual, such as an mfa_serial")
    parser.add_argument("--rules", action="store_true", help="every rule in one line instead")
    parser.epilog = (
        "An error is lost or refused, here, by the AWS CLI or by AWS; a warning works, but not in every tool or not as meant; "
        "a hint works. Exit code: 0 nothing wrong, or only hints; 1 errors or warnings."
    )


def run(options: argparse.Namespace, context: Context) -> int:
    """Print every finding; 1 where there are errors or warnings."""
    from tui_app.catalog.lint.run import lint, rules

    if options.rules:
        _print_rules(rules(), context, as_json=options.json)
        return 0
    findings = lint(_with_views(context.catalog), context.environ, wall_clock(), everything=options.all)
    if options.json:
        context.json([document(finding) for finding in findings])
    else:
        _print(findings, context)
    return _FOUND if any(finding.severity != "hint" for finding in findings) else 0


def _with_views(catalog: Catalog) -> Catalog:
    """The catalog and what is wrong with the views that its files add or name."""
    explorer = catalog.settings.explorer
    if not explorer.get("view") and not explorer.get("views"):
        return catalog
    from tui_app.explorer.own_views import complaints  # most files name no view, and botocore's models take their time

    return replace(catalog, problems=(*catalog.problems, *complaints(catalog.settings)))


def document(finding: Finding) -> Mapping[str, str]:
    """One finding of the `--json` answer."""
    return {
        "where": finding.place,
        "severity": finding.severity,
        "rule": finding.rule,
        "message": clean(finding.message, _LONGEST),
        "mend": clean(finding.mend, _LONGEST),
    }


def _print_rules(known: Mapping[str, tuple[str, str]], context: Context, *, as_json: bool) -> None:
    if as_json:
        context.json([{"rule": name, "severity": severity, "about": about} for name, (severity, about) in known.items()])
        return
    width = max(map(len, known))
    for name, (severity, about) in known.items():
        context.out(f"{name.ljust(width)}  {severity.ljust(7)}  {about}")


def _print(findings: Sequence[Finding], context: Context) -> None:
    inks = Inks(context.environ)
    for path, group in groupby(_folded(findings), key=lambda item: item[0].where.path):
        context.out(inks.paint(clean(paths.shown(path, context.environ)), "strong"))
        for finding, more in group:
            line = str(finding.where.line) if finding.where.line else ""
            severity = inks.paint(finding.severity.ljust(7), _INKS[finding.severity])
            message, mend = clean(finding.message, _LONGEST), clean(finding.mend, _LONGEST)
            context.out(f"  {line.rjust(5)}  {severity}  {message} {mend}  {inks.paint(finding.rule, 'muted')}")
            if more:
                shown = ", ".join(map(str, more[:_LINES_SHOWN])) + (" …" if len(more) > _LINES_SHOWN else "")
                context.out(f"  {'':5}  {'':7}  and {plural(len(more), 'more line')} like it: {shown}")
        context.out("")
    context.out(_summary(findings, context))


def _folded(findings: Iterable[Finding]) -> Iterable[tuple[Finding, list[int]]]:
    """Hints of one rule in one file as the first of them, with the lines of the others."""
    shown: list[tuple[Finding, list[int]]] = []
    hints: dict[tuple[str, str], list[int]] = {}
    for finding in findings:
        known = hints.get((finding.where.path, finding.rule))
        if finding.severity == "hint" and known is not None:
            known.append(finding.where.line)
            continue
        more: list[int] = []
        if finding.severity == "hint":
            hints[finding.where.path, finding.rule] = more
        shown.append((finding, more))
    return shown


def _summary(findings: Sequence[Finding], context: Context) -> str:
    if not findings:
        read = sum(stamp.mtime_ns > 0 for stamp in context.catalog.stamps)
        return "Nothing wrong in the files." if read else "There are no files yet."
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in _INKS}
    return ", ".join(plural(count, severity) for severity, count in counts.items() if count) + "."
