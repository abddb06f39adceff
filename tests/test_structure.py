"""Imports go one way, `scripts → curation → russia_dprk_claims`, and never in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from conftest import REPOSITORY

SOURCES = (REPOSITORY / "src", REPOSITORY / "scripts")


def module_name(path: Path, root: Path) -> str:
    """Return the name of the module in a file."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


FILES = {
    module_name(path, root if root.name == "src" else root.parent): path
    for root in SOURCES
    for path in sorted(root.rglob("*.py"))
}


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every node that is run, those in functions too; what only type checkers read is left out."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from nodes(node)


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of the project that a file imports."""
    for node in nodes(ast.parse(path.read_text(encoding="utf-8"))):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{each.name}" for each in node.names]
            names = [each for each in inside if each in FILES] or [node.module]
        yield from (each for each in names if each in FILES)


GRAPH = {name: sorted(set(imports(path))) for name, path in FILES.items()}


def room(module: str) -> str:
    """Return the part of the program that a module belongs to."""
    if module.startswith("russia_dprk_claims.checks"):
        return "checks"
    return {"russia_dprk_claims": "loader"}.get(module.partition(".")[0], module.partition(".")[0])


def test_no_modules_import_each_other() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(error.args[1])) from None


def test_imports_go_one_way() -> None:
    allowed = {
        "loader": {"loader"},
        "checks": {"loader", "checks"},
        "curation": {"loader", "checks", "curation"},
        "scripts": {"loader", "checks", "curation", "scripts"},
    }
    wrong = [
        f"{name} → {each}" for name, used in GRAPH.items() for each in used if room(each) not in allowed[room(name)]
    ]
    assert wrong == []
    assert {room(name) for name in GRAPH} == set(allowed)
