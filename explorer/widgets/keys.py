"""The sheet of all keys, over the window: to read, and to give every action another key."""

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations_with_replacement, pairwise

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction, QFontMetrics, QKeyEvent
from PyQt6.QtWidgets import (  # fmt: skip
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from explorer import key_bindings, theme
from explorer.key_bindings import Bindings
from explorer.words import tr

from .buttons import icon_button
from .key_chip import KeyChip

COLUMNS = 3
SEEN = 2  # keys of an action that are shown
FREE = 48  # pixels of the window that stay free around it
ASK = "Click a key to change it."
PRESS = "Press the new key for “{title}”. Esc leaves it as it is, Delete takes it away."
LOSES = "{key} is “{title}” already, which would lose it."


class KeySheet(QFrame):
    """Grouped as the table of actions is; what hands do comes last. Esc or a click elsewhere takes it away."""

    changed = pyqtSignal(object)  # Bindings

    def __init__(
        self, over: QWidget, actions: Mapping[str, QAction], by_hand: Iterable[tuple[str, str]], standard: Bindings
    ):
        super().__init__(over)
        self.setObjectName("overlay")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._actions, self._by_hand, self._standard = actions, tuple(by_hand), standard
        self._keys: Bindings = standard
        self.chips: dict[tuple[str, int], KeyChip] = {}
        self.body = QScrollArea()
        self.body.setWidgetResizable(True)
        self.body.setFrameShape(QFrame.Shape.NoFrame)
        self.body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words = QLabel(tr(ASK))
        self.buttons: list[QPushButton] = []
        self.reset = QPushButton(tr("Reset all keys"))
        self.reset.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reset.clicked.connect(self._reset)
        self._lay_out()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)
        self.hide()

    def _lay_out(self) -> None:
        title = QLabel(tr("Keys"))
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(icon_button("x", "Close (Esc)", self.hide))
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addWidget(self.words)
        self._foot.addStretch(1)
        self._foot.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 20, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.body, 1)
        column.addLayout(self._foot)

    def show_keys(self, keys: Bindings) -> None:
        """The keys as they are now."""
        self._keys = keys
        self.reset.setEnabled(bool(key_bindings.own(self._standard, keys)))
        if self.isVisible():
            self._fill()

    def open(self) -> None:
        """Shows it, or takes it away when it is there."""
        over = self.parentWidget()
        if self.isVisible() or over is None:
            self.hide()
            return
        self._say(tr(ASK))
        self._fill()
        inside = self.body.widget()
        wanted = inside.sizeHint() if inside is not None else self.sizeHint()
        width = min(wanted.width() + 60, over.width() - FREE)
        height = min(wanted.height() + 140, over.height() - FREE)
        self.setGeometry((over.width() - width) // 2, (over.height() - height) // 2, width, height)
        self.show()
        self.raise_()
        self.setFocus()

    # what is seen

    def _fill(self) -> None:
        self.chips = {}
        page, groups = QWidget(), self._groups()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(20)
        for part in _columns({name: len(lines) for name, lines in groups.items()}):
            column = QVBoxLayout()
            column.setSpacing(16)
            wide = max(_width(texts or [tr("set")]) for name in part for texts, _, _ in groups[name])
            for name in part:
                column.addLayout(self._group(name, groups[name], wide))
            column.addStretch(1)
            row.addLayout(column)
        self.body.setWidget(page)

    def _groups(self) -> dict[str, list[tuple[list[str], str, str]]]:
        """The lines of every group: keys as they are written, words, and the action's name."""
        groups: dict[str, list[tuple[list[str], str, str]]] = {}
        for name, action in self._actions.items():
            keys = [key_bindings.native(key) for key in self._keys[name][:SEEN]]
            groups.setdefault(action.property("group"), []).append((keys, self._title(name), name))
        groups[tr("On the picture")] = [([key], text, "") for key, text in self._by_hand]
        return groups

    def _group(self, title: str, lines: list[tuple[list[str], str, str]], wide: int) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnMinimumWidth(0, wide)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        grid.addWidget(heading, 0, 0, 1, 2)
        for at, (keys, text, name) in enumerate(lines, 1):
            line = QHBoxLayout()
            line.setSpacing(4)
            for widget in self._chips(name) if name else [_plain(key) for key in keys]:
                line.addWidget(widget)
            line.addStretch(1)
            grid.addLayout(line, at, 0)
            grid.addWidget(QLabel(text), at, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _chips(self, name: str) -> list[KeyChip]:
        found = []
        for slot, key in enumerate(self._keys[name][:SEEN] or ("",)):
            chip = KeyChip(key, self._title(name))
            chip.chosen.connect(lambda key, name=name, slot=slot: self.choose(name, slot, key))
            chip.listening.connect(
                lambda on, name=name: self._say(tr(PRESS, title=self._title(name)) if on else tr(ASK))
            )
            self.chips[name, slot] = chip
            found.append(chip)
        return found

    def _title(self, name: str) -> str:
        return self._actions[name].text().rstrip("…")

    def _say(self, text: str, *buttons: tuple[str, Callable[[], None]]) -> None:
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.words.setText(text)
        self.buttons = [QPushButton(name) for name, _ in buttons]
        for at, (button, (_, do)) in enumerate(zip(self.buttons, buttons, strict=True), 1):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, do=do: do())
            self._foot.insertWidget(at, button)

    # what is changed

    def choose(self, name: str, slot: int, key: str) -> None:
        """Another key in this place of an action, if nobody else has it; "" for none."""
        has, other = self._keys[name], key_bindings.owner(self._keys, key) if key else ""
        if why := key_bindings.refusal(key):
            self._say(why)
        elif key in has or not (key or slot < len(has)):
            self._say(tr(ASK))
        elif other:
            self._ask(name, slot, key, other)
        else:
            words = self._done(name, key) if key else tr("The key is free now.")
            self._change(key_bindings.put(self._keys, name, slot, key), words)

    def _ask(self, name: str, slot: int, key: str, other: str) -> None:
        gets = key_bindings.native(self._keys[name][slot]) if slot < len(self._keys[name]) else ""
        asks = "{key} is “{title}” already, which would get {gets} instead." if gets else LOSES
        words = tr(asks, key=key_bindings.native(key), title=self._title(other), gets=gets)
        done = self._done(name, key)
        swapped = key_bindings.swap(self._keys, name, slot, key)
        swap = (tr("Swap them") if gets else tr("Take it"), lambda: self._change(swapped, done))
        self._say(words, swap, (tr("Leave it"), lambda: self._say(tr(ASK))))
        self.buttons[0].setFocus()

    def _done(self, name: str, key: str) -> str:
        return tr("“{title}” is on {key} now.", title=self._title(name), key=key_bindings.native(key))

    def _change(self, keys: Bindings, words: str) -> None:
        before = self._keys
        self.setFocus()  # before the chip that has it goes
        self.changed.emit(keys)
        self._say(words, (tr("Undo"), lambda: self._change(before, tr("As it was before."))))

    def _reset(self) -> None:
        self._change(key_bindings.read(self._standard, {}), tr("All keys are as they came."))

    # going away

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and new is not self and self.isVisible() and not self.isAncestorOf(new):
            self.hide()


def _columns(lengths: Mapping[str, int]) -> list[list[str]]:
    """The groups' names in columns, in their order, so that the longest column is as short as it can be."""
    names = list(lengths)
    cuts = combinations_with_replacement(range(len(names) + 1), COLUMNS - 1)
    parts = [[names[a:b] for a, b in pairwise((0, *cut, len(names)))] for cut in cuts]
    best = min(parts, key=lambda part: max(sum(lengths[name] + 2 for name in column) for column in part))
    return [column for column in best if column]


def _width(keys: list[str]) -> int:
    """How many pixels the keys need, so that the words beside them line up in all groups."""
    metrics = QFontMetrics(theme.font(theme.SMALL))
    return sum(metrics.horizontalAdvance(key) + 20 for key in keys)


def _plain(key: str) -> QLabel:
    label = QLabel(key)
    label.setProperty("role", "key")
    return label
