"""Real pictures that stream out of tar shards are judged as prepared ones are: all of them, or a bounded part from all over."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.data.streaming.pictures import Streamed
from engine.metrics import shards
from engine.metrics.registry import Result
from engine.metrics.shards import RUN, passed
from tests.data.hostile_archives import write_tar
from tests.data.shards import picture, serving

pytestmark = pytest.mark.usefixtures("small")
Judging = Callable[..., list[Result]]
NAMES = "fd_lite0_24,kd_lite0_24,pr_lite0_24,fd_lite0_24_full"


@pytest.fixture
def packed(photos: Path, tmp_path: Path) -> Path:
    """The photos in three tar files, beside each its class."""
    (tmp_path / "packed").mkdir()
    names = sorted(photos.rglob("*.png"), key=lambda path: int(path.stem))
    for number in range(3):
        files: dict[str, bytes] = {}
        for path in names[number * 8 : number * 8 + 8]:
            files[path.name] = path.read_bytes()
            files[f"{path.stem}.cls"] = str(int(path.parent.name == "dark")).encode()
        write_tar(tmp_path / "packed" / f"{number}.tar", files)
    return tmp_path / "packed"


@pytest.mark.parametrize("total", [1, RUN, 5 * RUN + 3, 1000])
def test_a_pass_takes_every_picture_once(total: int) -> None:
    order = passed(total, np.arange(total))
    assert sorted(order) == list(range(total))
    assert (passed(total, np.arange(total // 2)) == order[: total // 2]).all()


def test_the_beginning_of_a_pass_lies_all_over() -> None:
    some = np.sort(passed(10_000_000, np.arange(5_000)))
    gaps = np.diff(some[::RUN])
    assert gaps.max() < 3 * 10_000_000 / (5_000 / RUN)
    assert len(np.unique(some)) == 5_000


def test_shards_give_the_figures_of_prepared_pictures(judge: Judging, packed: Path, tmp_path: Path) -> None:
    ours = judge(NAMES, data=None, shards=str(packed))
    theirs = judge(NAMES, cache=tmp_path / "prepared")
    for one, other in zip(ours, theirs, strict=True):
        assert one.pictures == other.pictures == {"real": 24, "generated": 24}
        assert one.values == pytest.approx(other.values, rel=0.2 if one.name.startswith("kd") else 1e-5, abs=1e-6)


def test_what_is_known_of_shards_is_kept_until_they_change(
    judge: Judging, packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    take = Streamed.__getitem__

    def counted(pixels: Streamed, at: np.ndarray) -> np.ndarray:
        read.append(len(at))
        return take(pixels, at)

    monkeypatch.setattr(Streamed, "__getitem__", counted)
    first = judge("fd_lite0_16", data=None, shards=str(packed))
    assert sum(read) == 16, "no more than are asked for"
    assert judge("fd_lite0_16", data=None, shards=str(packed))[0].values == first[0].values
    assert sum(read) == 16
    write_tar(packed / "0.tar", {"0.png": picture(7)})
    assert judge("fd_lite0_16", data=None, shards=str(packed))[0].values != first[0].values
    assert sum(read) == 32
    assert len(list((tmp_path / "cache").glob("*.features"))) == 1, "the older ones are gone"
    assert not shards._open


def test_shards_on_a_server_class_by_class(judge: Judging, packed: Path) -> None:
    with serving(packed) as server:
        source = f"{server.address}/{{0..2}}.tar"
        (web,) = judge("fd_lite0_class_24", "classes", data=None, shards=source)
    (disk,) = judge("fd_lite0_class_24", "classes", data=None, shards=str(packed))
    assert web.values == disk.values
    assert web.pictures == {"real": 8, "generated": 12}


def test_a_model_of_words_is_asked_for_the_captions_of_shards(judge: Judging, photos: Path, tmp_path: Path) -> None:
    names = sorted(photos.rglob("*.png"), key=lambda path: int(path.stem))
    files = {path.name: path.read_bytes() for path in names}
    texts = {f"{path.stem}.txt": f"{path.parent.name} tone".encode() for path in names}
    (tmp_path / "said").mkdir()
    together = {name: (files | texts)[name] for name in sorted(files | texts)}
    write_tar(tmp_path / "said" / "0.tar", together)
    (result,) = judge("fd_lite0_12", "words", data=None, shards=str(tmp_path / "said"))
    assert result.pictures == {"real": 12, "generated": 12}
    write_tar(tmp_path / "said" / "0.tar", files)
    with pytest.raises(ValueError, match=r"in the shards of said have no captions: neither a \.txt nor a \.json"):
        judge("fd_lite0_12", "words", data=None, shards=str(tmp_path / "said"))


def test_what_shards_have_not_is_refused(judge: Judging, packed: Path) -> None:
    with pytest.raises(ValueError, match="reads attributes beside prepared pictures"):
        judge("ls_12", data=None, shards=str(packed))
    with pytest.raises(ValueError, match="run commands and are refused"):
        judge("fd_lite0_12", data=None, shards="pipe:cat x.tar")
    (packed / "empty").mkdir()
    with pytest.raises(ValueError, match="holds no tar files"):
        judge("fd_lite0_12", data=None, shards=str(packed / "empty"))
