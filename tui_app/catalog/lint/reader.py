"""What the readers of the files have found already, as findings: every fault of `ini_faults`, and the problems of our own config."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from tui_app.catalog.ini_faults import FAULTS
from tui_app.catalog.lint.findings import Finding, Severity
from tui_app.catalog.load import Catalog
from tui_app.model import Origin

_REFUSED_BY_THE_CLI = frozenset({"duplicate_section", "duplicate_setting", "byte_order_mark"})
"""Faults that cost nothing here, but for which botocore refuses the whole file."""
PROBLEMS: Mapping[str, tuple[Severity, str]] = {
    "unreadable": ("error", "A file that cannot be read."),
    "not_utf8": ("error", "A line that is not UTF-8."),
    "syntax": ("error", "A config.toml that is not TOML."),
    "unknown_key": ("error", "A setting of config.toml that there is not."),
    "bad_value": ("error", "A value of config.toml that cannot be used."),
    "missing_setting": ("error", "A table of config.toml without a setting that it needs."),
    "duplicate_role": ("error", "A role that is twice in one file."),
    "missing_include": ("error", "An include that is not there."),
    "too_many_files": ("error", "An include that means too many files."),
    "not_shared": ("error", "A setting that an included file may not have."),
    "unknown_include": ("error", "An include_profile that is in no file."),
    "include_loop": ("error", "Profiles that include each other."),
    "empty_include": ("warning", "An include that matches nothing."),
    "included_twice": ("hint", "A file that is included twice."),
    "no_columns": ("error", "A view of one's own without a column."),
    "view_taken": ("error", "A view of one's own with the name of another view."),
    "doubtful_view": ("warning", "A view of one's own that asks for what botocore does not know."),
    "unknown_view": ("warning", "A first sight of a view that there is not."),
    "overridden": ("hint", "A setting or role that an earlier file says already."),
}
_OURS = frozenset({"duration_seconds"})
"""Settings that rules of this package look at more closely than the reader's problem does."""


def severity_of(kind: str) -> Severity:
    """How bad a problem of that kind is."""
    if kind in PROBLEMS:
        return PROBLEMS[kind][0]
    fault = FAULTS.get(kind)
    return "error" if fault is None or fault.lost or kind in _REFUSED_BY_THE_CLI else "warning"


def about(kind: str) -> str:
    """One line about that kind."""
    return PROBLEMS[kind][1] if kind in PROBLEMS else FAULTS[kind].sentence.format(name="NAME")


def rules() -> dict[str, tuple[Severity, str]]:
    """Every kind with its severity and its line."""
    return {kind: (severity_of(kind), about(kind)) for kind in (*FAULTS, *PROBLEMS)}


def reported(catalog: Catalog, places: Container[Origin] | None = None) -> Iterator[Finding]:
    """The catalog's problems and remarks; those of `places` alone, where they are given."""
    found = [one for one in (*catalog.problems, *catalog.remarks) if one.where is not None and (places is None or one.where in places)]
    looked_into = _looked_into(catalog) if any(problem.kind == "bad_value" for problem in found) else frozenset()
    for problem in found:
        if problem.where is not None and not (problem.kind == "bad_value" and problem.where in looked_into):
            yield Finding(problem.where, severity_of(problem.kind), problem.kind, problem.message, problem.mend)


def _looked_into(catalog: Catalog) -> frozenset[Origin]:
    return frozenset(origin for section in catalog.shared.profiles.values() for name in _OURS if (origin := section.origin(name)))
