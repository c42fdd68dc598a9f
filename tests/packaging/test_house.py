"""The rules of the house, kept by a machine so that reviews can be about ideas."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(p for folder in ("engine", "explorer") for p in (ROOT / folder).rglob("*.py") if p.stat().st_size)

LEAVES_BEHIND = """
import subprocess, sys, threading, time
def test_nothing(): pass
def test_daemon(): threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
def test_thread(): threading.Thread(target=time.sleep, args=(3,)).start()
def test_process(): subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3)"])
def test_ended_process(): subprocess.Popen([sys.executable, "-c", ""]).wait()
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_short_idea(path: Path):
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert source.count("\n") <= 300
    assert ast.get_docstring(tree), "say in one sentence what the file is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, f"{node.name} is too long to be seen at once"


def test_a_test_that_leaves_something_running_fails(tmp_path: Path):
    ours = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    (tmp_path / "conftest.py").write_text(ours.replace("PATIENCE = 5.0", "PATIENCE = 0.1"), encoding="utf-8")
    (tmp_path / "test_it.py").write_text(LEAVES_BEHIND)
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-W", "ignore", "test_it.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    said = {line for line in done.stdout.splitlines() if line.startswith("ERROR test_it")}
    assert {line.partition("::")[2].partition(" ")[0] for line in said} == {"test_thread", "test_process"}, done.stdout
    assert all("left running" in line for line in said)
