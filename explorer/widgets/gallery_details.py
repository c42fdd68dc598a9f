"""What is said of the chosen favourites, and where to say it: stars, tags, a note."""

from collections.abc import Callable, Sequence

import msgspec
from PyQt6.QtCore import QStringListModel, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent
from PyQt6.QtWidgets import QCompleter, QLabel, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from engine.gallery import marks
from engine.gallery.favourite import Favourite
from engine.gallery.marks import Marks
from explorer.words import tr

from .stars import Stars

WIDTH = 216
Change = Callable[[Marks], Marks]


class GalleryDetails(QWidget):
    """Speaks of one picture, or of several at once: then tags are added to all, and notes stay as they are."""

    changed = pyqtSignal(object, object)  # list of Favourite, Change

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._chosen: list[Favourite] = []
        self.setFixedWidth(WIDTH)
        self.title, self.facts = QLabel(), QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setMinimumWidth(1)
        self.facts.setProperty("role", "secondary")
        self.facts.setWordWrap(True)
        for label in (self.title, self.facts):
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.stars = Stars("Rating of the chosen pictures", "Rating (1 to 5 in the gallery; 0: none)")
        self.tags = QLineEdit()
        self.tags.setAccessibleName(tr("Tags"))
        self.tags.setToolTip(tr("Tags, with commas between; #word finds them"))
        self.tags.setMaxLength(marks.MOST_TAGS * (marks.LONGEST_TAG + 2))
        self._known = QStringListModel(self)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.tags.setCompleter(completer)
        self.note = _Note()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.title, self.facts, self.stars, self.tags):
            column.addWidget(widget)
        column.addWidget(self.note, 1)
        column.addStretch(0)  # takes what is left where the note is hidden
        self.stars.rated.connect(lambda rating: self._change(lambda m: msgspec.structs.replace(m, rating=rating)))
        self.tags.editingFinished.connect(self.commit)
        self.note.left.connect(self.commit)
        self._fill()

    def offer(self, tags: Sequence[str]) -> None:
        """Tags that are in use, to choose from while typing."""
        self._known.setStringList(list(tags))

    def show_favourites(self, chosen: Sequence[Favourite]) -> None:
        """Of these from now on; what was typed for others is kept first."""
        if [f.name for f in chosen] != [f.name for f in self._chosen]:
            self.commit()
            self._chosen = list(chosen)
            self._fill()
        elif list(chosen) != self._chosen:
            self._chosen = list(chosen)
            if not (self.tags.hasFocus() or self.note.hasFocus()):
                self._fill()

    def commit(self) -> None:
        """What was typed becomes the note and the tags. Once: showing what it changed calls this again."""
        paper = self.note.document()
        if paper is None or not (self.tags.isModified() or paper.isModified()):
            return
        tags = self._typed_tags() if self.tags.isModified() else None
        note = self.note.toPlainText()[: marks.LONGEST_NOTE] if paper.isModified() else None
        self.tags.setModified(False)
        paper.setModified(False)
        self._change(lambda m: _said(m, tags, note))

    def _fill(self) -> None:
        one = self._chosen[0] if len(self._chosen) == 1 else None
        self.setEnabled(bool(self._chosen))
        self.title.setText(
            one.title
            if one
            else tr("{count} pictures", count=len(self._chosen))
            if self._chosen
            else tr("Nothing chosen")
        )
        self.title.setToolTip(one.name if one else "")
        self.facts.setText(f"{tr(one.words)} · {one.model or tr('no model named')}" if one else "")
        self.stars.show_rating(min((f.marks.rating for f in self._chosen), default=0))
        self.tags.setText(", ".join(one.marks.tags) if one else "")
        self.tags.setPlaceholderText(tr("Tags") if len(self._chosen) < 2 else tr("Tags to add to all"))
        self.tags.setModified(False)
        self.note.setPlainText(one.marks.note if one else "")  # which leaves it unmodified
        self.note.setVisible(len(self._chosen) < 2)

    def _typed_tags(self) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
        """What becomes of a picture's tags: these instead, or with several chosen, these too."""
        typed = marks.tags(self.tags.text())
        if len(self._chosen) < 2:
            return lambda _: typed
        self.tags.clear()
        return lambda old: marks.tags(", ".join((*old, *typed)))

    def _change(self, change: Change) -> None:
        if self._chosen:
            self.changed.emit(list(self._chosen), change)


def _said(old: Marks, tags: Callable[[tuple[str, ...]], tuple[str, ...]] | None, note: str | None) -> Marks:
    """None: as it was."""
    return msgspec.structs.replace(
        old, tags=tags(old.tags) if tags is not None else old.tags, note=old.note if note is None else note
    )


class _Note(QPlainTextEdit):
    """Says when the hand leaves it; Tab goes on instead of writing a tab."""

    left = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Note"))
        self.setPlaceholderText(tr("Note"))
        self.setToolTip(tr("A note; it is kept inside the picture"))
        self.setTabChangesFocus(True)
        self.setMinimumHeight(44)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self.left.emit()
