"""Who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.repo.checkout import ROOT, files

#: Modules of the standard library that read a clock, a dice or the world.
IMPURE = {
    "asyncio", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil",
    "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
CLOCKS = {"now", "today", "utcnow"}


#: What else the core may use, and what of it reads a dice or the world.
ALLOWED = {"numba", "numpy"}
IMPURE_PARTS = {"fromfile", "genfromtxt", "load", "loadtxt", "memmap", "random", "save", "savetxt"}


def core_modules() -> list[Path]:
    found = [path for path in files() if path.suffix == ".py" and path.parts[:2] == ("registry", "core")]
    assert found
    return found


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # `from registry import core` imports registry.core
            names |= (
                {f"registry.{alias.name}" for alias in node.names}
                if node.module == "registry"
                else {node.module or "."}
            )
    return names


def test_import_contracts_hold() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_core_imports_only_itself_numpy_numba_and_the_pure_standard_library() -> None:
    wrong = []
    for path in core_modules():
        for name in imported(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            top = name.partition(".")[0]
            own = name == "registry.core" or name.startswith("registry.core.")
            if not own and top not in ALLOWED and (top not in sys.stdlib_module_names or top in IMPURE):
                wrong.append(f"{path} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_the_core_asks_no_clock_and_opens_no_file() -> None:
    wrong = []
    for path in core_modules():
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
                wrong.append(f"{path}:{node.lineno} reads a clock: {ast.unparse(node)}")
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np" and node.attr in IMPURE_PARTS:
                wrong.append(f"{path}:{node.lineno} uses {ast.unparse(node)}")
            if isinstance(node, ast.Name) and node.id in {"open", "print", "input", "eval", "exec"}:
                wrong.append(f"{path}:{node.lineno} uses {node.id}")
    assert not wrong, "\n".join(wrong)
