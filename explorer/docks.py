"""The panels around the picture: docks with a quiet title, moved, hidden and remembered, and put back when asked."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QMainWindow, QScrollArea, QWidget

from .widgets.buttons import icon_button

Area = Qt.DockWidgetArea

LOW = 860  # pixels of height below which the last two panels at the right lie behind one another


class Dock(QDockWidget):
    """A panel in a dock; what is higher than the window can be scrolled."""

    def __init__(self, panel: QWidget, window: QMainWindow, scrolls: bool = True):
        title = str(getattr(panel, "title", ""))
        super().__init__(title, window)
        self.setObjectName(f"dock {title}")
        self.panel = panel
        panel.setObjectName(panel.objectName() or "panel")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setTitleBarWidget(self._title(title))
        if not scrolls:
            self.setWidget(panel)
            return
        area = QScrollArea()
        area.setWidget(panel)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumWidth(max(panel.minimumSizeHint().width(), 200))
        self.setWidget(area)

    def _title(self, title: str) -> QWidget:
        bar = QWidget()
        bar.setObjectName("dockTitle")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 4, 8, 0)
        row.addWidget(QLabel(title.upper()), 1, Qt.AlignmentFlag.AlignVCenter)
        close = icon_button("x", f"Hide {title.lower()}", self.hide)
        close.setFixedSize(20, 20)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        return bar


def arrange(window: QMainWindow, left: list[Dock], right: list[Dock], bottom: list[Dock]) -> None:
    """Every dock in its first place."""
    window.setCorner(Qt.Corner.BottomLeftCorner, Area.LeftDockWidgetArea)
    window.setCorner(Qt.Corner.BottomRightCorner, Area.RightDockWidgetArea)
    for area, docks in (
        (Area.LeftDockWidgetArea, left),
        (Area.RightDockWidgetArea, right),
        (Area.BottomDockWidgetArea, bottom),
    ):
        for dock in docks:
            window.removeDockWidget(dock)
            window.addDockWidget(area, dock)
            dock.setFloating(False)
            dock.show()
    if window.height() < LOW:  # both are faces of one thing, so they may share a place
        window.tabifyDockWidget(right[-2], right[-1])
        right[-2].raise_()
    _sizes(window, left, right, bottom)


def _sizes(window: QMainWindow, left: list[Dock], right: list[Dock], bottom: list[Dock]) -> None:
    window.resizeDocks([left[0], right[0]], [280, 340], Qt.Orientation.Horizontal)
    window.resizeDocks(bottom, [112], Qt.Orientation.Vertical)
    for docks in (left, right):
        heights = [max(dock.panel.sizeHint().height(), 120) for dock in docks]
        window.resizeDocks(docks, heights, Qt.Orientation.Vertical)
