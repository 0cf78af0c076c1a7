"""No module needs itself: what two of them share moves down into a third with a name."""

from __future__ import annotations

import ast
import pathlib
from collections.abc import Iterator, Mapping

ROOT = pathlib.Path(__file__).parents[2]
ALLOWED: Mapping[frozenset[str], str] = {}
"""Circles that may stay, by their modules, each with its reason."""

Graph = Mapping[str, set[str]]


def name_of(path: pathlib.Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in (ROOT / "tui_app").rglob("*.py") if "_config" not in path.parts}


def imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Those of a running program: at the top and inside functions, but not those that only name types."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            yield from imports(ast.Module(child.orelse, []))
        else:
            yield from imports(child)


def imported(path: pathlib.Path) -> set[str]:
    found = set()
    for line in imports(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(line, ast.Import):
            found |= {alias.name for alias in line.names}
        else:
            assert not line.level, f"{path}:{line.lineno} is relative"
            package = str(line.module)
            found |= {name if (name := f"{package}.{alias.name}") in MODULES else package for alias in line.names}
    return found & MODULES.keys()


def circles(graph: Graph) -> set[frozenset[str]]:
    """The strongly connected parts of more than one module, by who is reached from where."""
    reached: dict[str, set[str]] = {}
    for start in graph:
        seen, waiting = set(), [start]
        while waiting:
            new = graph[waiting.pop()] - seen
            seen |= new
            waiting += new
        reached[start] = seen
    around = {name: frozenset(other for other in reached[name] if name in reached[other]) for name in graph}
    return {part for part in around.values() if len(part) > 1}


def test_a_circle_is_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set(), "f": {"g"}, "g": {"f", "e"}}
    assert circles(graph) == {frozenset("abc"), frozenset("fg")}


def test_late_imports_count_and_types_do_not():
    top = "import a\nif TYPE_CHECKING:\n    import b\nelse:\n    import c\n"
    late = "class D:\n    def e(self):\n        from f import g\n        import h\n"
    assert [ast.unparse(line) for line in imports(ast.parse(top + late))] == ["import a", "import c", "from f import g", "import h"]


def test_no_module_needs_itself():
    graph = {name: imported(path) - {name} for name, path in MODULES.items()}
    assert sum(map(len, graph.values())) > len(graph)
    assert sorted(map(sorted, circles(graph) - ALLOWED.keys())) == []


def test_nothing_is_allowed_that_is_no_circle_any_more():
    graph = {name: imported(path) - {name} for name, path in MODULES.items()}
    assert ALLOWED.keys() - circles(graph) == set()
