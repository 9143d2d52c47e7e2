"""The engine is pure: no Django, no clock, no float, no other package of ours but canon."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import chancery.procedure

HOME = Path(chancery.procedure.__file__).parent
MODULES = sorted(path for path in HOME.rglob("*.py") if "tests" not in path.parts)
CLOCKS = {"now", "utcnow", "today", "time_ns", "monotonic", "perf_counter"}


def tree_of(path):
    return ast.parse(path.read_text())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_module_imports_django_or_another_package_of_ours(path):
    for node in ast.walk(tree_of(path)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.split(".")[0] not in {"django", "random", "time", "sqlite3", "pydantic", "socket"}
            assert not name.startswith("chancery.") or name.startswith(("chancery.procedure", "chancery.canon"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_module_reads_a_clock_or_makes_a_float(path):
    for node in ast.walk(tree_of(path)):
        assert not (isinstance(node, ast.Attribute) and node.attr in CLOCKS)
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)) or in_path(node)


def in_path(node):
    """`a / b` is allowed for paths and fractions only: the names say which."""
    left = ast.unparse(node.left)
    return "PRESETS" in left or "parent" in left or left.startswith(("(share", "share"))


def test_importing_the_package_loads_nothing_else():
    program = "import sys, chancery.procedure; print(sorted(m for m in sys.modules if m.startswith('chancery')))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert found.stdout.strip() == "['chancery', 'chancery.procedure']"
