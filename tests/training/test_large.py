"""A run over many pictures keeps its memory: the benchmark of ten million, in small."""

import pytest

from benchmarks import large
from engine.training.run import Run, read_lines


def test_memory_stays_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "LOOKS", 10)
    monkeypatch.setattr(large, "EPOCHS", 1.01)
    figures = {record.case: record.value for record in large.growth(40_000, 20, 200)}
    for kind in ("prepared", "streamed"):
        assert figures[f"{kind}: growth over the run"] < 16.0
        assert figures[f"{kind}: most, more than before"] < 64.0
    assert len(figures) == 9


def test_statistics_are_read_line_by_line(tmp_path) -> None:
    run = Run(tmp_path)
    for step in range(1, 6):
        run.append({"images": step})
    with run.stats_file.open("a") as file:
        file.write('{"images": 6')
    work = read_lines(run.stats_file)
    assert next(work) == {"images": 1}
    work.close()
    run.forget_after(3)
    assert [line["images"] for line in run.statistics()] == [1, 2, 3]
    assert [path.name for path in tmp_path.iterdir()] == ["stats.jsonl"]
