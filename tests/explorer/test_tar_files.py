"""Tar files of pictures for a training, named in the window as on the command line: found, learnt from, or refused in words."""

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.training import Start
from explorer.widgets.new_run import NewRun, free
from explorer.widgets.pictures_found import title
from explorer.widgets.tar_files import TarFiles
from tests.data.hostile_archives import write_tar
from tests.data.shards import serving, shards
from tests.explorer.stage import LEFT

SOON = 10_000


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path) -> NewRun:
    form = NewRun(tmp_path / "home")
    qtbot.addWidget(form)
    form.show()
    shards(tmp_path / "set", 2, 3, classes=2)
    (tmp_path / "set" / "all.txt").write_text("shard-{000..001}.tar\n")
    return form


def asked(qtbot: QtBot, form: NewRun, source: str) -> TarFiles:
    """What somebody types."""
    form.pictures.ask_tars()
    (dialog,) = form.findChildren(TarFiles)
    QTest.keyClicks(dialog.source, source)
    QTest.keyClick(dialog.source, Qt.Key.Key_Return)
    return dialog


def begun(qtbot: QtBot, form: NewRun) -> Start:
    qtbot.waitUntil(form.begin.isEnabled, timeout=SOON)
    with qtbot.waitSignal(form.start) as started:
        QTest.mouseClick(form.begin, LEFT)
    start = started.args[0]
    assert isinstance(start, Start)
    return start


@pytest.mark.parametrize("place", ["set", "set/shard-000.tar", "set/all.txt", "set/shard-{000..001}.tar"])
def test_tar_files_of_a_disk(qtbot: QtBot, form: NewRun, tmp_path: Path, place: str) -> None:
    asked(qtbot, form, str(tmp_path / place))
    words = begun(qtbot, form).words()
    assert words[0] == str(tmp_path / place)
    assert words[-1] == "--stream"
    assert form.pictures.found is not None
    assert form.pictures.found.count == (3 if place.endswith("000.tar") else 6)
    assert not form.pictures.stream.isEnabled()


def test_an_address_of_a_server_and_its_classes(qtbot: QtBot, form: NewRun, tmp_path: Path) -> None:
    with serving(tmp_path / "set") as server:
        source = f"{server.address}/shard-{{000..001}}.tar"
        asked(qtbot, form, source)
        qtbot.waitUntil(form.begin.isEnabled, timeout=SOON)
    assert form.pictures.labels.text() == "Learn its 2 classes"
    form.pictures.labels.setChecked(True)
    start = begun(qtbot, form)
    assert start.words()[0] == source
    assert start.words()[-2:] == ["--labels", "--stream"]
    assert start.run.name.startswith("shard-")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("pipe:cat a.tar", "run commands and are refused"),
        ("s3://bucket/a.tar", "not from s3: addresses"),
        ("https://me:secret@server/a.tar", "no user or password"),
        ("https://server/a.tgz", "is no plain tar file"),
        ("nowhere", "cannot be read"),
        ("set/shard-{000..009}.tar", "cannot be read"),
        ("set/shard-{009..000}.tar", "names no shards"),
        ("set/none.tar", "holds no PNG, JPEG or WebP pictures"),
        ("set/list.txt", "names no tar files"),
    ],
)
def test_what_is_wrong_is_said_where_it_was_typed(
    qtbot: QtBot, form: NewRun, tmp_path: Path, source: str, sentence: str
) -> None:
    write_tar(tmp_path / "set" / "none.tar", {"readme.md": b"nothing"})
    (tmp_path / "set" / "list.txt").write_text("# none\n")
    dialog = asked(qtbot, form, source if ":" in source else str(tmp_path / source))
    qtbot.waitUntil(lambda: bool(dialog.said.text), timeout=SOON)
    assert sentence in dialog.said.text
    assert dialog.isVisible()
    assert dialog.use.isEnabled()
    assert form.pictures.found is None
    dialog.reject()


def test_a_list_that_is_dropped_is_looked_through_and_a_folder_of_tar_files_may_stream(
    qtbot: QtBot, form: NewRun, tmp_path: Path
) -> None:
    form.pictures.take(tmp_path / "set" / "all.txt")
    assert begun(qtbot, form).words()[-1] == "--stream"
    form.pictures.take(tmp_path / "set")
    qtbot.waitUntil(form.pictures.stream.isEnabled, timeout=SOON)
    assert begun(qtbot, form).words()[-1] != "--stream"
    form.pictures.stream.click()
    assert begun(qtbot, form).words()[-1] == "--stream"


def test_a_name_for_the_run() -> None:
    assert title("shard-{000..042}.tar") == "shard"
    assert title("my pictures.txt") == "my-pictures"
    assert title("{0..9}.tar") == "pictures"


def test_a_name_that_is_free_keeps_its_ending(tmp_path: Path) -> None:
    for name, other in (("a-64.zip", "a-64-2.zip"), ("my.run", "my.run-2")):
        assert free(tmp_path / name) == tmp_path / name
        (tmp_path / name).touch()
        assert free(tmp_path / name) == tmp_path / other
