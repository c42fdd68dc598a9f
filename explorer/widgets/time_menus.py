"""The menus of the timeline: how the way leads on from the chosen keys, and how the whole film wanders."""

from functools import partial
from typing import cast

from msgspec.structs import replace
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QFormLayout, QLabel, QMenu, QSpinBox, QWidget, QWidgetAction

from engine.recipe.easing import Curve, Ease
from engine.recipe.timeline import MAX_FLOW, Timeline
from engine.recipe.timeline_edits import change_keys
from engine.recipe.tween import Path
from engine.recipe.wander import Wander
from explorer.timelines import TimelineDesk
from explorer.words import tr

from .decimal_box import DecimalBox
from .ease_curve import EaseCurve

EASES: dict[Ease, tuple[str, str]] = {
    "linear": ("Even", "The same speed all the way"),
    "smooth": ("Smooth", "Begins and ends softly"),
    "hold": ("Hold", "Stays, and changes at once when the next key comes"),
    "curve": ("Own curve", "As drawn below"),
}
PATHS: dict[Path, tuple[str, str]] = {
    "straight": ("Straight", "The shortest way between the two pictures (linear in W)"),
    "cubic": ("Through the keys", "A curve through all keys without a corner (cubic in W)"),
    "slerp": ("Around the sphere", "One seed turns into the other (slerp in Z)"),
}
FIELDS = (
    ("How far", "1 is about as far as two pictures lie apart"), ("Which way", "Another number, other directions"),
    ("Rounds", "In the whole timeline; it always comes back, so a loop closes"),
)  # fmt: skip
KINDS = {"": "Does not wander", "circle": "Along a circle", "noise": "Along smooth noise"}


def heading(menu: QMenu, words: str) -> None:
    """A quiet line above some of a menu's actions; Qt paints none of its own where menus have a style sheet."""
    label = QLabel(words)
    label.setProperty("role", "secondary")
    label.setContentsMargins(12, 6, 12, 2)
    holder = QWidgetAction(menu)
    holder.setDefaultWidget(label)
    holder.setEnabled(False)
    menu.addAction(holder)


class EaseMenu(QMenu):
    """For the chosen keys; without a choice, for all."""

    def __init__(self, desk: TimelineDesk, parent: QWidget | None = None):
        super().__init__(tr("Way"), parent)
        self._desk = desk
        self.setToolTipsVisible(True)
        self.eases = self._group(tr("Speed"), EASES, "ease")
        self.curve = EaseCurve()
        self.curve.changed.connect(self._draw)
        self.curve.ended.connect(lambda: desk.keep("Own curve"))
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self.curve)
        self.addAction(holder)
        self.paths = self._group(tr("Path"), PATHS, "path")
        self.aboutToShow.connect(self._fill)

    def _group(self, title: str, words: dict, name: str) -> dict[str, QAction]:
        heading(self, title)
        group, found = QActionGroup(self), {}
        for value, (text, tip) in words.items():
            action = cast(QAction, self.addAction(tr(text)))
            action.setToolTip(tr(tip))
            action.setCheckable(True)
            action.triggered.connect(partial(self._set, name, value, text))
            group.addAction(action)
            found[value] = action
        return found

    def _keys(self) -> frozenset[int]:
        return self._desk.chosen or frozenset(range(len(self._desk.timeline.keys)))

    def _fill(self) -> None:
        keys = self._desk.timeline.keys
        for action in (*self.eases.values(), *self.paths.values()):
            action.setEnabled(bool(keys))
        self.curve.setEnabled(bool(keys))
        if keys:
            first = keys[min(self._keys())]
            self.eases[first.ease].setChecked(True)
            self.paths[first.path].setChecked(True)
            self.curve.show_curve(first.curve)

    def _set(self, name: str, value: str, text: str) -> None:
        change = {name: value}
        self._desk.do(
            change_keys(self._desk.timeline, self._keys(), lambda key: replace(key, **change)),
            tr("Way: {name}", name=tr(text)),
        )

    def _draw(self, curve: Curve) -> None:
        self.eases["curve"].setChecked(True)
        line = change_keys(self._desk.timeline, self._keys(), lambda key: replace(key, ease="curve", curve=curve))
        self._desk.show(line)


class WanderMenu(QMenu):
    """The timeline's wandering: kind, radius, seed, rounds; and how fast its noise moves."""

    failed = pyqtSignal(str)

    def __init__(self, desk: TimelineDesk, parent: QWidget | None = None):
        super().__init__(tr("Wander"), parent)
        self._desk = desk
        group = QActionGroup(self)
        self.kinds: dict[str, QAction] = {}
        for kind, text in KINDS.items():
            action = cast(QAction, self.addAction(tr(text)))
            action.setCheckable(True)
            action.triggered.connect(partial(self._choose, kind))
            group.addAction(action)
            self.kinds[kind] = action
        self.radius, self.seed, self.rounds, self.flow = DecimalBox(), QSpinBox(), QSpinBox(), DecimalBox()
        self._lay_out()
        self.aboutToShow.connect(self._fill)

    def _lay_out(self) -> None:
        self.radius.setRange(0.0, 4.0)
        self.radius.setSingleStep(0.05)
        self.seed.setRange(0, 2**31 - 1)
        self.rounds.setRange(1, 1000)
        self.flow.setRange(0.0, MAX_FLOW)
        self.flow.setSingleStep(0.25)
        self.flow.setSuffix(" /s")
        self.flow.setSpecialValueText(tr("stands still"))
        form, column = QWidget(), QFormLayout()
        form.setLayout(column)
        fields: tuple[DecimalBox | QSpinBox, ...] = (self.radius, self.seed, self.rounds)
        for (text, tip), field in zip(FIELDS, fields, strict=True):
            field.setToolTip(tr(tip))
            field.setAccessibleName(tr(text))
            column.addRow(tr(text), field)
            field.valueChanged.connect(self._change)
            field.editingFinished.connect(lambda: self._desk.keep("Wandering"))
        self.flow.setToolTip(tr("Steps that the noise moves on in a second; a loop's comes back to its beginning"))
        self.flow.setAccessibleName(tr("Motion of the noise"))
        column.addRow(tr("Motion of the noise"), self.flow)
        self.flow.valueChanged.connect(lambda flow: self._desk.show(replace(self._desk.timeline, flow=flow)))
        self.flow.editingFinished.connect(lambda: self._desk.keep("Motion of the noise"))
        holder = QWidgetAction(self)
        holder.setDefaultWidget(form)
        self.addAction(holder)

    def _fill(self) -> None:
        wander = self._desk.timeline.wander
        self.kinds[wander.kind if wander else ""].setChecked(True)
        shown = wander or Wander()
        values = (
            (self.radius, shown.radius), (self.seed, min(shown.seed, 2**31 - 1)), (self.rounds, shown.rounds),
            (self.flow, self._desk.timeline.flow),
        )  # fmt: skip
        for field, value in values:
            field.blockSignals(True)
            field.setValue(value)  # type: ignore[arg-type]
            field.blockSignals(False)

    def _choose(self, kind: str) -> None:
        line = self._desk.timeline
        wander = replace(line.wander or Wander(), kind=kind) if kind else None
        self._desk.do(replace(line, wander=wander), tr("Wander: {kind}", kind=tr(KINDS[kind])))

    def _change(self) -> None:
        line: Timeline = self._desk.timeline
        begun = line.wander or Wander()
        wander = replace(begun, radius=self.radius.value(), seed=self.seed.value(), rounds=self.rounds.value())
        self.kinds[wander.kind].setChecked(True)
        self._desk.show(replace(line, wander=wander))
