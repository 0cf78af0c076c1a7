"""Views that the user's config adds: `[[explorer.view]]`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from tui_app.catalog.checked import Checked
from tui_app.catalog.view_limits import split_column
from tui_app.explorer.expressions import unknown_function
from tui_app.explorer.view import OWN, Column, Scope, View
from tui_app.explorer.views import FIRST_SIGHT, SUB_VIEWS, VIEWS, known_words, views_called
from tui_app.model import Problem
from tui_app.text import clean, nearest

if TYPE_CHECKING:
    from tui_app.catalog.settings import Settings


def own_views(explorer: Mapping[str, object]) -> tuple[tuple[View, ...], tuple[Problem, ...]]:
    """The views of `[explorer]`, and the problems of those that are left out: their table's own, or a name that is taken."""
    taken = {view.name for view in (*VIEWS, *SUB_VIEWS)}
    views: list[View] = []
    problems: list[Problem] = []
    for table in cast("Iterable[Checked]", explorer.get("view") or ()):
        if table.everything:
            problems += table.everything
            continue
        if not table.values["columns"]:
            problems.append(Problem("no_columns", "A view needs a column.", table.origins.get("columns", table.here), "Name one."))
            continue
        view = _view(table.values)
        if view.name in taken:
            sentence = f'There is a view "{clean(view.name)}" already.'
            problems.append(Problem("view_taken", sentence, table.origins.get("name", table.here), "Give it another name."))
            continue
        taken.add(view.name)
        views.append(view)
    return tuple(views), tuple(problems)


def doubts(explorer: Mapping[str, object], views: Iterable[View]) -> tuple[Problem, ...]:
    """Where one of the user's `views` asks for what botocore does not know, with the nearest that it does; imports botocore."""
    wanted = {view.name: view for view in views if view.group == OWN}
    if not wanted:
        return ()
    from tui_app.aws.api_names import complaint  # botocore is wanted only where there are such views

    found: list[Problem] = []
    for table in cast("Iterable[Checked]", explorer.get("view") or ()):
        view = wanted.pop(str(table.values.get("name")), None)
        if view is None:
            continue
        paths = [
            *(column.path for column in view.columns),
            *(str(table.values[name]) for name in ("id", "arn", "tags") if name in table.values),
        ]
        function = next(filter(None, map(unknown_function, (view.rows, *paths))), "")
        said = f"There is no JMESPath function {clean(function)}." if function else ""
        said = said or complaint(view.service, view.operation, view.parameters, view.rows, paths)
        if said:
            found.append(Problem("doubtful_view", said, table.here, f"See the view {view.name}."))
    return tuple(found)


def complaints(settings: Settings) -> tuple[Problem, ...]:
    """All that is wrong with the views that the files add or name; imports botocore where they add any."""
    views, problems = own_views(settings.explorer)
    return (*problems, *doubts(settings.explorer, views), *_unknown(settings, views))


def _unknown(settings: Settings, own: Iterable[View]) -> Iterator[Problem]:
    """The words of the first sight that no view goes by; one that is left out has been told already."""
    among = (*VIEWS, *own)
    refused = {table.values.get("name") for table in cast("Iterable[Checked]", settings.explorer.get("view") or ())}
    for word in map(str, cast("Iterable[object]", settings.explorer.get("views") or ())):
        if word in refused or views_called(word, among):
            continue
        near = nearest(word.casefold(), known_words(among))
        mend = f'Did you mean "{near}"?' if near else "roledeck views lists them."
        sentence = f'There is no view "{clean(word, 80)}" that the first sight could show.'
        yield Problem("unknown_view", sentence, settings.origins.get("explorer.views"), mend)


def first_sight_of(explorer: Mapping[str, object]) -> tuple[tuple[View, ...], tuple[str, ...]]:
    """The views and regions of the config's `[explorer]`; where it names no view that there is, our first sight and the user's own."""
    words, regions = (tuple(map(str, cast("Iterable[object]", explorer.get(name) or ()))) for name in ("views", "regions"))
    own = own_views(explorer)[0]
    wanted = {view.name for word in words for view in views_called(word, (*VIEWS, *own))}
    return tuple(view for view in (*VIEWS, *own) if view.name in wanted) or (*FIRST_SIGHT, *own), regions


def _view(said: Mapping[str, Any]) -> View:
    parameters = said.get("parameters")
    columns = tuple(Column(clean(head), path) for head, path in map(split_column, said["columns"]))
    return View(
        name=said["name"],
        title=clean(said.get("title") or said["name"]),
        group=OWN,
        service=said["service"],
        operation=said["operation"],
        action=clean(said.get("action") or f"{said['service']}:{said['operation']}"),
        rows=said["rows"],
        columns=columns,
        id=said.get("id") or columns[0].path,
        arn="{" + said["arn"] + "}" if said.get("arn") else "",
        parameters=dict(parameters.values) if isinstance(parameters, Checked) else {},
        scope=cast("Scope", said.get("scope", "regional")),
        console="home",
        tags=said.get("tags", "not_null(Tags, tags)"),
    )
