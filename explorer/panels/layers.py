"""All numbers of all layers in one table, to read at a glance and to type."""

from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.recipe import Recipe
from engine.render.info import ModelInfo
from explorer import theme
from explorer.bridge import Bridge
from explorer.desk import MixingDesk
from explorer.figures import figure
from explorer.store import Store
from explorer.tab_order import after
from explorer.widgets.decimal_box import DecimalBox
from explorer.widgets.equalizer_faces import Face, faces
from explorer.words import tr

Role = Qt.ItemDataRole
NO_MODEL = "The layers appear with the model."
NO_W = "The layers of this model have no styles, so they have no numbers of their own."
WORDS = {"mix": "B", "strength": "Style", "psi": "Trunc.", "noise": "Noise"}


class LayerTable(QAbstractTableModel):
    """A row for each layer, a column for each face of the equalizer. It asks the store for every number."""

    def __init__(self, store: Store, parent: QObject | None = None):
        super().__init__(parent)
        self._store = store
        self._desk = MixingDesk.of(store)
        self._info: ModelInfo | None = None
        self.faces: tuple[Face, ...] = ()
        self._seen: tuple[object, ...] = ()
        store.changed.connect(self._changed)
        self._desk.chose.connect(self._turn)

    def introduce(self, info: ModelInfo | None) -> None:
        if info == self._info:
            return  # a reset would close the field that somebody types in
        self.beginResetModel()
        self._info = info
        self.faces = faces(info, self._desk.chosen) if info is not None and info.has_w else ()
        self.endResetModel()

    def _turn(self, at: int) -> None:
        """B is another one of the styles now."""
        if self.faces:
            self.faces = faces(self._info, at)
            self._changed(self._store.recipe)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return len(self._info.layers) if self._info and self.faces and not (parent and parent.isValid()) else 0

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return len(self.faces)

    def value(self, row: int, column: int) -> float:
        face = self.faces[column]
        return face.values(self._store.recipe, self.rowCount())[row]

    def data(self, index: QModelIndex, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        face, value = self.faces[index.column()], self.value(index.row(), index.column())
        if role == Role.DisplayRole:
            return _text(face, value)
        if role == Role.EditRole:
            return value * 100 if face.mixes else value
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Role.ForegroundRole:
            loud = "b" if face.mixes else "a"
            return theme.colour("secondary" if value == face.neutral else loud)
        if role == Role.ToolTipRole:
            return f"{face.title}: {face.say(value)}\n{face.hint}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if self._info is None:
            return None
        if orientation == Qt.Orientation.Horizontal:
            face = self.faces[section]
            known = {Role.DisplayRole: tr(WORDS[face.key]), Role.ToolTipRole: f"{face.title}. {face.hint}"}
            return known.get(Role(role))
        layer = self._info.layers[section]
        if role == Role.ToolTipRole:
            return f"{layer.name}, {tr(layer.band)}"
        return f"{layer.row}   {layer.resolution}²" if role == Role.DisplayRole else None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def put(self, cells: list[tuple[int, int, float]], note: str) -> None:
        """Values for cells (row, column, value), as one step of undo."""
        recipe = self._store.recipe
        for column, face in enumerate(self.faces):
            values = list(face.values(recipe, self.rowCount()))
            for row, _, value in (cell for cell in cells if cell[1] == column):
                values[row] = face.rounded(value)
            recipe = face.laid(recipe, tuple(values))
        self._store.do(recipe, note)

    def _changed(self, recipe: Recipe) -> None:
        seen = tuple(face.values(recipe, self.rowCount()) for face in self.faces)
        if seen and seen != self._seen:  # walking over the plane must not paint a table sixty times a second
            self._seen = seen
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))


def _text(face: Face, value: float) -> str:
    if face.mixes:
        return f"{value * 100:.0f} %"
    return figure(value, ".2f")


class Typed(QStyledItemDelegate):
    """A number that is typed goes into every selected cell of its column."""

    def __init__(self, view: QTableView, table: LayerTable):
        super().__init__(view)
        self._view, self._table = view, table

    def createEditor(self, parent: QWidget | None, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget | None:
        editor, face = DecimalBox(parent), self._table.faces[index.column()]
        times = 100 if face.mixes else 1
        editor.setFrame(False)
        editor.setRange(face.range[0] * times, face.range[1] * times)
        editor.setDecimals(0 if face.mixes else 2)
        editor.setSingleStep(1 if face.mixes else 0.05)
        return editor

    def setModelData(self, editor: QWidget | None, model: Any, index: QModelIndex) -> None:
        if editor is None:
            return
        face = self._table.faces[index.column()]
        value = editor.property("value") / (100 if face.mixes else 1)
        chosen = {i.row() for i in self._view.selectedIndexes() if i.column() == index.column()} | {index.row()}
        self._table.put([(row, index.column(), value) for row in chosen], f"{tr(face.word)}: {face.say(value)}")


class LayersPanel(QWidget):
    """The table; Delete makes the selected numbers neutral."""

    title = "Layers"

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self.table = LayerTable(store, self)
        self.view = QTableView()
        self.view.setTabKeyNavigation(False)  # Tab leads on to the next control; the arrow keys go from cell to cell
        self.view.setModel(self.table)
        self.view.setItemDelegate(Typed(self.view, self.table))
        self.view.setShowGrid(False)
        self.view.setAccessibleName(tr("Numbers of every layer"))
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.installEventFilter(self)
        across, down = self.view.horizontalHeader(), self.view.verticalHeader()
        assert across is not None
        assert down is not None
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        down.setDefaultSectionSize(24)
        down.setHighlightSections(False)
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 4)
        self.note = QLabel()
        self.note.setProperty("role", "secondary")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(8, 4, 8, 4)
        column.addWidget(self.note, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.view)
        self._introduce(bridge.model)
        bridge.model_changed.connect(self._introduce)

    def _introduce(self, info: ModelInfo | None) -> None:
        self.table.introduce(info)
        there = info is not None and info.has_w
        self.note.setText(tr(NO_W if info is not None else NO_MODEL))
        self.note.setVisible(not there)
        self.view.setVisible(there)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        keys = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        if event is not None and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Tab:  # Qt would give the focus back to the table
                after(self.view).setFocus(Qt.FocusReason.TabFocusReason)
                return True
            chosen = self.view.selectedIndexes()
            if event.key() in keys and chosen:
                faces_ = self.table.faces
                self.table.put([(i.row(), i.column(), faces_[i.column()].neutral) for i in chosen], "Layers reset")
                return True
        return super().eventFilter(watched, event)
