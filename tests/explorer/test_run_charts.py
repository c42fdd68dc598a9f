"""Charts of a training side by side have room for the names of all their lines."""

import pytest
from pytestqt.qtbot import QtBot

from explorer.widgets.run_chart import Line
from explorer.widgets.run_curves import RunCurves


@pytest.mark.parametrize("width", [340, 500, 1100])
def test_no_name_of_a_line_is_clipped(qtbot: QtBot, width: int) -> None:
    curves = RunCurves()
    qtbot.addWidget(curves)
    for key in ("loss", "scores", "sign"):
        lines = [Line(name, "a", range(20), range(20)) for name in ("generator", "discriminator", "reality")]
        curves.charts[key].show_lines(lines, "Loss of all")
        curves.charts[key].setVisible(True)
    for key, chart in curves.charts.items():
        chart.setVisible(key in ("loss", "scores", "sign"))
    curves.resize(width, 240)
    curves.show()
    qtbot.waitExposed(curves)
    for key in ("loss", "scores", "sign"):
        words = curves.charts[key].words
        assert words.height() >= words.heightForWidth(words.width())
        assert curves.charts[key].plot.height() > 60
