"""What tests of the mixing desk do again and again: lay styles over one another, carry lines, drop files."""

from pathlib import Path

from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from engine.recipe import Recipe, Style, seeded
from explorer.widgets.desk_row import HEIGHT, SIDE, WORDS, DeskRow
from tests.explorer.stage import LEFT, Stage, move

LEFT_OF_PICTURE = WORDS - SIDE


def piled(stage: Stage, *seeds: int, amount: float = 0.5) -> None:
    """Styles of these seeds, the last on top, with nothing to undo."""
    styles = tuple(Style(seeded(number), (amount,) * 6) for number in seeds)
    stage.store.show(Recipe(model=stage.store.recipe.model, styles=styles))
    stage.store.history = type(stage.store.history)(stage.store.recipe)


def seeds(recipe: Recipe) -> list[str]:
    """What lies over A, from the lowest to the one on top."""
    return [style.name or str(style.latent.points[0].point.number) for style in recipe.styles]


def carry(row: DeskRow, lines: float) -> None:
    """Drags a line up or down."""
    start = QPoint(LEFT_OF_PICTURE, HEIGHT // 2)
    QTest.mousePress(row, LEFT, pos=start)
    for part in (0.3, 0.7, 1.0):
        move(row, start + QPoint(0, round(lines * HEIGHT * part)))
    QTest.mouseRelease(row, LEFT, pos=start)


def drop_on(widget: QWidget | None, place: QPoint, *paths: Path) -> bool:
    """What a file manager or the gallery does; whether it was welcome."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, LEFT, none)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, LEFT, none))
    return enter.isAccepted()
