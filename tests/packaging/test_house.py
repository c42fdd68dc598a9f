"""The rules of the house, kept by a machine so that reviews can be about ideas."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(p for folder in ("engine", "explorer") for p in (ROOT / folder).rglob("*.py") if p.stat().st_size)

LEAVES_BEHIND = {
    "nothing": "pass",
    "a daemon": "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "a thread": "threading.Thread(target=time.sleep, args=(12,)).start()",
    "a process": "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(12)'])",
    "a finished process": "subprocess.Popen([sys.executable, '-c', '']).wait()",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_short_idea(path: Path):
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert source.count("\n") <= 300
    assert ast.get_docstring(tree), "say in one sentence what the file is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, f"{node.name} is too long to be seen at once"


@pytest.mark.slow
@pytest.mark.parametrize("what", LEAVES_BEHIND)
def test_a_test_that_leaves_something_running_fails(what: str, tmp_path: Path):
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    body = f"import subprocess, sys, threading, time\ndef test_it():\n    {LEAVES_BEHIND[what]}\n"
    (tmp_path / "test_it.py").write_text(body)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore", "test_it.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == (1 if what in ("a thread", "a process") else 0), done.stdout
    assert ("left running" in done.stdout) == (what in ("a thread", "a process"))
