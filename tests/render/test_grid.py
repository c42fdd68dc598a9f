"""Contact sheets and mixing tables: everything in its place."""

import numpy as np
import pytest
from PIL import Image

from engine.render import grid


def flat(shade, height=4, width=6):
    return np.full((height, width, 3), shade, np.uint8)


def test_a_contact_sheet_goes_row_by_row():
    sheet = grid.contact_sheet([flat(shade) for shade in (50, 100, 150)], 2, 2, (1, 2, 3))
    assert sheet.shape == (2 + 2 * 6, 2 + 2 * 8, 3)
    assert sheet.dtype == np.uint8
    assert (sheet[2:6, 2:8] == 50).all()
    assert (sheet[2:6, 10:16] == 100).all()
    assert (sheet[8:12, 2:8] == 150).all()
    assert (sheet[8:, 8:] == (1, 2, 3)).all()
    assert (sheet[:2] == (1, 2, 3)).all()


def test_a_mixing_table_has_a_down_the_left_and_b_along_the_top():
    table = grid.mixing_table([flat(10), flat(20)], [flat(30)], [[flat(40)], [flat(50)]], 1, (0, 0, 0))
    assert table.shape == (1 + 4 + 4 + 2 * 5, 1 + 6 + 4 + 7, 3)
    assert (table[:9, :11] == 0).all()
    assert (table[1:5, 11:17] == 30).all()
    assert (table[9:13, 1:7] == 10).all()
    assert (table[14:18, 1:7] == 20).all()
    assert (table[9:13, 11:17] == 40).all()
    assert (table[14:18, 11:17] == 50).all()


def test_what_does_not_fit_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no picture"):
        grid.contact_sheet([], 2)
    with pytest.raises(ValueError, match="different sizes"):
        grid.contact_sheet([flat(1), flat(1, 5)], 2)
    with pytest.raises(ValueError, match="at least one column"):
        grid.contact_sheet([flat(1)], 0)
    with pytest.raises(ValueError, match="2 by 1"):
        grid.mixing_table([flat(1), flat(1)], [flat(1)], [[flat(1)]])


def test_a_sheet_is_written_whole(tmp_path):
    grid.write(tmp_path / "a.png", flat(9))
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), flat(9))
    assert list(tmp_path.iterdir()) == [tmp_path / "a.png"]
