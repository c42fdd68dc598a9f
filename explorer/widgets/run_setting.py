"""One setting of a training in a form: its name and sentence, and a check box, a choice or a line to type in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from explorer import theme
from explorer.figures import plain, said
from explorer.words import tr

if TYPE_CHECKING:
    from engine.training.described import Setting

WIDTH = 168


class SettingField(QObject):
    """`words` and `editor` are laid out by whoever has the form; `change` is None where it is as the preset says."""

    changed = pyqtSignal()

    def __init__(self, setting: Setting, text: str | None = None):
        super().__init__()
        self.setting = setting
        self.wanted = True
        self._usual = as_text(setting.value)
        self.words, self.title = self._words()
        self.editor = self._editor()
        self.editor.setFixedWidth(WIDTH)
        self.editor.setAccessibleName(setting.name)
        self.editor.setAccessibleDescription(tr(setting.about))
        self.editor.setToolTip(self._range())
        self._set(self._usual if text is None else text)
        self._mark()

    def _words(self) -> tuple[QWidget, QLabel]:
        """The title, which is marked where something was changed, over the sentence."""
        words, title = QWidget(), QLabel()
        about = QLabel(tr(self.setting.about).replace("`", ""))
        about.setWordWrap(True)
        about.setProperty("role", "secondary")
        about.setVisible(bool(self.setting.about))
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(2)
        column.addWidget(title)
        column.addWidget(about)
        column.addStretch(1)
        return words, title

    def _editor(self) -> QWidget:
        if self.setting.kind is bool:
            box = QCheckBox()
            box.toggled.connect(self._mark)
            return box
        if self.setting.choices:
            choice = QComboBox()
            for word in self.setting.choices:
                choice.addItem(word)
            if self._usual not in self.setting.choices:
                choice.addItem(self._usual)
            choice.currentTextChanged.connect(self._mark)
            return choice
        line = QLineEdit()
        line.setPlaceholderText(said(self._usual))
        line.textChanged.connect(self._mark)
        return line

    def _range(self) -> str:
        low, high, usual = self.setting.low, self.setting.high, said(self._usual) or "–"
        parts = [tr("The preset says {value}", value=usual)]
        if low is not None and high is not None:
            parts.append(tr("from {low:g} to {high:g}", low=low, high=high))
        elif low is not None:
            parts.append(tr("from {low:g} on", low=low))
        return ", ".join(parts)

    def text(self) -> str:
        """What is chosen now."""
        editor = self.editor
        if isinstance(editor, QCheckBox):
            return as_text(editor.isChecked())
        if isinstance(editor, QComboBox):
            return editor.currentText()
        assert isinstance(editor, QLineEdit)
        text = editor.text().strip()
        return (plain(text) if self.setting.kind is float else text) or self._usual

    def change(self) -> str | None:
        """What is chosen, where it differs from the preset."""
        text = self.text()
        return None if text == self._usual or same_number(text, self._usual) else text

    def reset(self) -> None:
        """As the preset says."""
        self._set(self._usual)

    def show_if(self, wanted: bool) -> None:
        """Whether the search has found it."""
        self.wanted = wanted
        self.words.setVisible(wanted)
        self.editor.setVisible(wanted)

    def _set(self, text: str) -> None:
        editor = self.editor
        if isinstance(editor, QCheckBox):
            editor.setChecked(text == "true")
        elif isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(said(text))

    def _mark(self) -> None:
        name = self.setting.name.rpartition(".")[2]
        dot = f'<span style="color:{theme.colour("a").name()}">●</span>&nbsp; ' if self.change() is not None else ""
        self.title.setText(f"{dot}{name}")
        self.changed.emit()


def as_text(value: bool | int | float | str) -> str:
    """As the command line reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def same_number(first: str, second: str) -> bool:
    """Whether both are one number, written differently."""
    try:
        return float(first) == float(second)
    except ValueError:
        return False
