"""The wheel, built and installed outside the checkout, has all it needs: it renders with the embedded model."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from PIL import Image

SOURCES = ("engine", "explorer", "assets", "main.py", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Path:
    """A fresh environment with the wheel in it; the dependencies are seen in this one's site-packages.

    Gives the folder of its commands.
    """
    room = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = project / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, room / "source" / name) if source.is_dir() else _copy_file(source, room / "source" / name)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", room, room / "source", cwd=room)
    (wheel,) = room.glob("latent_explorer-*.whl")

    venv.create(room / "venv", with_pip=False)
    here = {"base": str(room / "venv"), "platbase": str(room / "venv")}
    commands = Path(sysconfig.get_path("scripts", "venv", here))
    packages = Path(sysconfig.get_path("purelib", "venv", here))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = commands / Path(sys.executable).name
    options = ("--no-deps", "--no-index", "--ignore-installed", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel, cwd=room)
    return commands


def run(*command: object, cwd: Path) -> str:
    """Runs a command as a person outside the checkout would; gives what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
