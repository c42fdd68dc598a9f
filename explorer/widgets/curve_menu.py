"""The menu of curves: the named ones, those a person has saved, and a line to save the present one."""

import random
from functools import partial

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QLineEdit, QMenu, QWidget, QWidgetAction

from explorer.curves import Saved, SavedCurves, fitted
from explorer.mixing_presets import HINTS, PRESETS, preset
from explorer.words import tr

from .equalizer_edits import Edits

WHOLE = ("random", "all A", "all B")  # what makes sense for one slider


class CurveMenu(QMenu):
    """Fills itself anew each time it opens, for the face that is shown."""

    failed = pyqtSignal(object)  # OSError

    def __init__(self, edits: Edits, curves: SavedCurves, parent: QWidget | None = None):
        super().__init__(parent)
        self._edits, self._curves = edits, curves
        self.setToolTipsVisible(True)
        self.name = QLineEdit()
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """The entries for the present face."""
        self.clear()
        if self._edits.face.mixes:
            for name in PRESETS if len(self._edits.layers) > 1 else WHOLE:
                self._add(tr(name), tr(HINTS[name]), partial(self._lay_preset, name))
        else:
            self._add(tr("as trained"), tr("Every layer at neutral"), self._lay_neutral)
            self._add(tr("random"), tr("Every layer by chance, not far from neutral"), self._lay_random)
        saved = self._curves.all(self._edits.face.key)
        if saved:
            self.addSeparator()
        for curve in saved:
            self._add(curve.name, tr("A curve you saved"), partial(self._lay_saved, curve))
        self.addSeparator()
        self._add_name_line()
        if saved:
            self._add_deletes(saved)

    def _add(self, name: str, hint: str, act: partial[None] | object) -> None:
        action = self.addAction(name[0].upper() + name[1:])
        assert action is not None
        action.setToolTip(hint)
        action.triggered.connect(lambda: act())  # type: ignore[operator]

    def _add_name_line(self) -> None:
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("Save this curve as…"))
        self.name.setAccessibleName(tr("Name for the present curve"))
        self.name.setMaxLength(60)
        self.name.returnPressed.connect(self._save)
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self.name)
        self.addAction(holder)

    def _add_deletes(self, saved: list[Saved]) -> None:
        menu = self.addMenu(tr("Forget"))
        assert menu is not None
        for curve in saved:
            action = menu.addAction(curve.name)
            assert action is not None
            action.triggered.connect(partial(self._forget, curve))

    def _lay_preset(self, name: str) -> None:
        layers = self._edits.layers
        self._edits.lay(preset(name, layers), tr("Curve: {name}", name=tr(name)))

    def _lay_neutral(self) -> None:
        self._edits.lay(
            (self._edits.face.neutral,) * len(self._edits.layers),
            tr("{name} as trained", name=tr(self._edits.face.word)),
        )

    def _lay_random(self) -> None:
        scale, neutral = self._edits.face.scale, self._edits.face.neutral
        middle = scale.to_unit(neutral)
        heights = [min(max(random.gauss(middle, 0.15), 0.0), 1.0) for _ in self._edits.layers]
        self._edits.lay(
            tuple(scale.from_unit(height) for height in heights), tr("{name}: random", name=tr(self._edits.face.word))
        )

    def _lay_saved(self, curve: Saved) -> None:
        self._edits.lay(fitted(curve.values, len(self._edits.layers)), tr("Curve: {name}", name=curve.name))

    def _save(self) -> None:
        name = self.name.text().strip()
        if name:
            self._write(lambda: self._curves.save(Saved(name, self._edits.face.key, self._edits.values)))
            self.close()

    def _forget(self, curve: Saved) -> None:
        self._write(lambda: self._curves.delete(curve.name, curve.face))

    def _write(self, act: object) -> None:
        try:
            act()  # type: ignore[operator]
        except OSError as error:
            self.failed.emit(error)
