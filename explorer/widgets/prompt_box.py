"""The words of A or of B: a prompt, those used lately, and a second one to blend with on a slider."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from engine.recipe import Condition, Conditions
from engine.render.info import ModelInfo
from explorer.condition_pair import Pair
from explorer.prompts import Prompts
from explorer.words import tr

from .blend_row import BlendRow
from .buttons import icon_button, opens
from .prompt_line import PromptLine

SHOWN = 80  # letters of a prompt in the menu
EVEN = 0.5  # share of a second prompt that has just been typed


class PromptBox(QWidget):
    """`changed` while a gesture goes on, `settled` with a few words when it is over. Hidden where a model reads no words."""

    changed = pyqtSignal(object)  # Conditions
    settled = pyqtSignal(str)

    def __init__(self, prompts: Prompts, name: str, parent: QWidget | None = None):
        """`name` is A or B."""
        super().__init__(parent)
        self._prompts, self.pair = prompts, Pair()
        self.first = PromptLine(prompts, tr("Prompt of {name}", name=name))
        self.first.setPlaceholderText(tr("Describe the picture"))
        self.first.setToolTip(tr("What {name} shows, in words. Up and Down: prompts used lately", name=name))
        self.second = PromptLine(prompts, tr("Second prompt of {name}", name=name))
        self.second.setPlaceholderText(tr("Blend with other words"))
        self.second.setToolTip(tr("A second prompt to blend with. Up and Down: prompts used lately"))
        self.recent = icon_button("history", "Prompts used lately")
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill)
        opens(self.recent, self.menu)
        self.opener = icon_button("blend", "Blend with a second prompt", self._open, checkable=True)
        self.blend = BlendRow(tr("Blend of two prompts"), tr("How much of the second prompt: 0 is all the first"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("role", "secondary")
        self.note.hide()
        self._lay_out()
        self._connect()
        self._show(self.pair)
        self.hide()

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(2)
        for widget in (self.first, self.recent, self.opener):
            above.addWidget(widget)
        self.more = QWidget()
        below = QVBoxLayout(self.more)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(2)
        below.addWidget(self.second)
        below.addWidget(self.blend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(2)
        column.addLayout(above)
        column.addWidget(self.more)
        column.addWidget(self.note)

    def _connect(self) -> None:
        self.first.typed.connect(lambda text: self._change(Pair(_words(text), self.pair.second, self.pair.share)))
        self.second.typed.connect(self._typed_second)
        self.blend.moved.connect(lambda share: self._change(Pair(self.pair.first, self.pair.second, share)))
        for ended in (self.first.settled, self.second.settled, self.blend.ended):
            ended.connect(lambda: self.settled.emit(said(self.pair.conditions)))

    def introduce(self, info: ModelInfo) -> None:
        """Shown where the model reads words."""
        self.opener.setChecked(False)
        self.say("")
        self._show(Pair())
        self.setVisible(bool(info.text_size))

    def say(self, why: str) -> None:
        """Why words cannot be read here; those there are can still be taken away. Empty where they can."""
        self.note.setText(tr(why))
        self.note.setVisible(bool(why))

    def show_conditions(self, found: Conditions) -> None:
        """From outside, without telling anyone."""
        self._show(self.pair.following(found))

    def _typed_second(self, text: str) -> None:
        if text:
            self._change(Pair(self.pair.first, _words(text), self.pair.share or EVEN))
        else:
            self._change(Pair(self.pair.first))

    def _open(self) -> None:
        """The second prompt is there; or it is not, and the picture shows the first alone."""
        if self.opener.isChecked():
            self.more.show()
            self.second.setFocus()
        else:
            self._change(Pair(self.pair.first))
            self.settled.emit(said(self.pair.conditions))
            self.more.hide()

    def _change(self, pair: Pair) -> None:
        self._show(pair)
        self.changed.emit(pair.conditions)

    def _show(self, pair: Pair) -> None:
        self.pair = pair
        self.first.show_prompt(pair.first.prompt)
        self.second.show_prompt(pair.second.prompt if pair.second else None)
        self.blend.show_share(pair.share)
        self.blend.setEnabled(pair.second is not None)
        if pair.second is not None:
            self.opener.setChecked(True)
        self.more.setVisible(self.opener.isChecked())

    def _fill(self) -> None:
        """The menu as it is opened; a choice goes into the line that was used last."""
        self.menu.clear()
        for text in self._prompts.recent:
            shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
            action = self.menu.addAction(shown.replace("&", "&&"))
            assert action is not None
            action.triggered.connect(lambda _, text=text: self.first.write(text))
        if self.menu.isEmpty():
            none = self.menu.addAction(tr("No prompts yet"))
            assert none is not None
            none.setEnabled(False)


def _words(text: str) -> Condition:
    return Condition(prompt=text or None)


def said(found: Conditions) -> str:
    """A few words for a step of undo."""
    parts = [f"“{condition.prompt}”" if condition.prompt else tr("no words") for condition, _ in found]
    return parts[0] if len(parts) == 1 else f"{parts[0]} · {parts[1]} {found[1][1]:.0%}"
