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

from engine.checkpoints import read_card
from engine.render.models import find

SOURCES = ("engine", "explorer", "assets", "main.py", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Path:
    """A fresh environment with the wheel in it; the dependencies are seen in this one's site-packages.

    Gives the folder of its commands.
    """
    room = tmp_path_factory.mktemp("wheel")
    copy_sources(project, room / "source")
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


def copy_sources(project: Path, to: Path) -> None:
    """Setuptools leaves its work beside the sources, and would pack what an earlier build left there."""
    to.mkdir()
    for name in SOURCES:
        if (project / name).is_dir():
            shutil.copytree(project / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(project / name, to / name)


def run(*command: object, cwd: Path) -> str:
    """Runs a command as a person outside the checkout would; gives what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_brings_its_assets(installed: Path, tmp_path: Path):
    seen = run(
        installed / "python", "-c", "import engine.assets as a; print(a.__file__); print(a.assets())", cwd=tmp_path
    ).split()
    root = installed.parent
    assert all(Path(path).is_relative_to(root) for path in seen), "imported from the checkout"
    assert list((Path(seen[1]) / "models").glob("*.safetensors"))


@pytest.mark.slow
def test_the_wheel_renders_with_the_embedded_model(installed: Path, tmp_path: Path):
    out = tmp_path / "pictures"
    run(installed / "latent-explorer", "render", "--seeds", "0", "--out", out, cwd=tmp_path)
    (picture,) = out.glob("*.png")
    with Image.open(picture) as image:
        card = read_card(find(""))
        assert image.width == card.network.resolution // 2 ** int(card.lod)
        assert len(image.convert("L").getcolors()) > 16, "a picture, not a plain colour"
