"""The panels around the picture: docks with a quiet title, moved, hidden and remembered, and put back when asked."""

from PyQt6.QtCore import QByteArray, QEvent, QObject, QSize, Qt
from PyQt6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QMainWindow, QScrollArea, QTabBar, QWidget

from .widgets.buttons import icon_button
from .words import inside, tr

Area = Qt.DockWidgetArea
LOW = 860  # pixels of height below which the lower panels at the right lie behind one another, the strip with them
SHARE = 0.35  # of the window's height, the most that a compact panel takes
SCROLL_BAR = 10
ANY = 16777215  # Qt's "as high as you like"


class Pane(QScrollArea):
    """Holds a panel: never narrower than it, and scrolled where it is higher than its place.

    A compact panel is as high as what is in it, so that its neighbours get the rest.
    """

    def __init__(self, panel: QWidget, compact: bool):
        super().__init__()
        self._panel, self._compact = panel, compact
        self.setWidget(panel)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        panel.installEventFilter(self)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._panel.minimumSizeHint().width() + SCROLL_BAR, 96)

    def sizeHint(self) -> QSize:
        return self._panel.sizeHint()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.updateGeometry()
            if self._compact:
                self.fit()
        return False

    def fit(self) -> None:
        """A compact panel's height; one that shares its place with another takes what there is."""
        if self._compact and _shares(self):
            self.setMinimumHeight(0)
            self.setMaximumHeight(ANY)
        elif self._compact:
            self._tighten()

    def _tighten(self) -> None:
        layout = self._panel.layout()
        window = self.window()
        if layout is None or window is None or window is self:
            return
        width = self._panel.width()
        needed = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        height = min(needed, int(window.height() * SHARE)) if not _floats(self) else needed
        if height > 0 and not height == self.maximumHeight() == self.minimumHeight():
            self.setFixedHeight(height)


class Dock(QDockWidget):
    """A panel in a dock; what is higher than the window can be scrolled."""

    def __init__(self, panel: QWidget, window: QMainWindow, scrolls: bool = True):
        title = str(getattr(panel, "title", ""))
        super().__init__(tr(title), window)
        self.setObjectName(f"dock {title}")
        self.panel = panel
        panel.setObjectName(panel.objectName() or "panel")
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setTitleBarWidget(self._title(tr(title)))
        self.setWidget(Pane(panel, bool(getattr(panel, "compact", False))) if scrolls else panel)

    def _title(self, title: str) -> QWidget:
        bar = QWidget()
        bar.setObjectName("dockTitle")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 4, 8, 0)
        row.addWidget(QLabel(title.upper()), 1, Qt.AlignmentFlag.AlignVCenter)
        close = icon_button("x", tr("Hide {title}", title=inside(title)), self.hide)
        close.setFixedSize(20, 20)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        return bar


def arrange(window: QMainWindow, left: list[Dock], right: list[Dock], bottom: list[Dock]) -> None:
    """Every dock in its first place. A low window keeps its height for the picture: what lies below it goes to the right."""
    low = window.height() < LOW
    right, bottom = ([*right, *bottom], []) if low else (right, bottom)
    window.setCorner(Qt.Corner.BottomLeftCorner, Area.LeftDockWidgetArea)
    window.setCorner(Qt.Corner.BottomRightCorner, Area.RightDockWidgetArea)
    places = ((Area.LeftDockWidgetArea, left), (Area.RightDockWidgetArea, right), (Area.BottomDockWidgetArea, bottom))
    for dock in (*left, *right, *bottom):  # all of them first, or a group of tabs would outlive its docks
        window.removeDockWidget(dock)
    for area, docks in places:
        for dock in docks:
            window.addDockWidget(area, dock)
            dock.setFloating(False)
            dock.show()
    if low:
        for dock in right[2:]:
            window.tabifyDockWidget(right[1], dock)
        right[1].raise_()
        whole_tabs(window)
    _sizes(window, left, right, bottom)


def restore(window: QMainWindow, layout: bytes) -> None:
    """The docks as they were kept."""
    window.restoreState(QByteArray(layout))
    whole_tabs(window)


def whole_tabs(window: QMainWindow) -> None:
    """Qt makes the bars of tabs itself, and shortens their words even where there is room."""
    for bar in window.findChildren(QTabBar):
        bar.setElideMode(Qt.TextElideMode.ElideNone)


def _sizes(window: QMainWindow, left: list[Dock], right: list[Dock], bottom: list[Dock]) -> None:
    window.resizeDocks([left[0], right[0]], [244, 330], Qt.Orientation.Horizontal)
    if bottom:
        window.resizeDocks(bottom, [96], Qt.Orientation.Vertical)
    for docks in (left, right):
        heights = [max(dock.panel.sizeHint().height(), 120) for dock in docks]
        window.resizeDocks(docks, heights, Qt.Orientation.Vertical)


def _floats(widget: QWidget) -> bool:
    dock = widget.parentWidget()
    return isinstance(dock, QDockWidget) and dock.isFloating()


def _shares(widget: QWidget) -> bool:
    """Whether it is in a group of tabs of which another one is in use too."""
    dock = widget.parentWidget()
    main = dock.parentWidget() if isinstance(dock, QDockWidget) else None
    if not isinstance(dock, QDockWidget) or not isinstance(main, QMainWindow):
        return False
    return any(not other.isHidden() for other in main.tabifiedDockWidgets(dock))
