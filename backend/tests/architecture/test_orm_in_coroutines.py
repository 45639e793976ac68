"""Does any coroutine touch the database by itself? Only functions behind `database_sync_to_async` may."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import BACKEND, ROOT, parse

PACKAGES = ("accounts", "ai_agent", "ai_personas", "config")
ROW_METHODS = frozenset({"save", "delete", "refresh_from_db", "full_clean", "bulk_create", "select_for_update"})
ASYNC_ORM = frozenset(
    {"aget", "acreate", "asave", "adelete", "aexists", "acount", "afirst", "alast", "aupdate", "aiterator", "aexplain"}
    | {
        "aget_or_create",
        "aupdate_or_create",
        "abulk_create",
        "abulk_update",
        "arefresh_from_db",
        "aearliest",
        "alatest",
    }
)
SOURCES = [
    path for package in PACKAGES for path in sorted((BACKEND / package).rglob("*.py")) if "migrations" not in path.parts
]


def _inside(coroutine: ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """Every node that runs on the event loop: not the bodies of functions that are only defined there."""
    pending: list[ast.AST] = list(coroutine.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def _touches_rows(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    return node.attr == "objects" or node.attr in ROW_METHODS | ASYNC_ORM


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(BACKEND)))
def test_no_coroutine_touches_a_row(path: Path) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: .{node.attr}"
        for coroutine in ast.walk(parse(path))
        if isinstance(coroutine, ast.AsyncFunctionDef)
        for node in _inside(coroutine)
        if isinstance(node, ast.Attribute) and _touches_rows(node)
    ]
    assert not found, f"through call_store, please: {found}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(BACKEND)))
def test_rows_are_reached_over_the_bridge_that_minds_the_connections(path: Path) -> None:
    """`database_sync_to_async` closes old connections; plain `sync_to_async` is for what is no row."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {function.name}"
        for function in ast.walk(parse(path))
        if isinstance(function, ast.FunctionDef) and any(_is_plain_bridge(each) for each in function.decorator_list)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and _touches_rows(node)
    ]
    assert not found


def _is_plain_bridge(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Name) and called.id == "sync_to_async"


def test_the_guard_sees_what_it_forbids() -> None:
    coroutine = ast.parse("async def f():\n    await Room.objects.aget(id=1)\n    def g(): Room.objects.get()\n").body[
        0
    ]
    assert isinstance(coroutine, ast.AsyncFunctionDef)
    assert [node.attr for node in _inside(coroutine) if isinstance(node, ast.Attribute)] == ["aget", "objects"]
