"""The bar at the top: the model, undo and redo, the stored picture, save, video, training, full screen, search."""

from collections.abc import Mapping
from itertools import pairwise

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QAction, QShowEvent
from PyQt6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from . import actions, theme
from .widgets.buttons import opens
from .words import tr


class Toolbar(QToolBar):
    """Holds no state: what is enabled and what is checked is the actions' own."""

    def __init__(self, deeds: Mapping[str, QAction], parent: QWidget):
        super().__init__(tr("Toolbar"), parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self.toggleViewAction().setVisible(False)  # type: ignore[union-attr]
        self.model = QToolButton()
        self.model.setObjectName("modelMenu")
        self.model.setText(tr("No model") + " ")
        self.model.setIcon(theme.icon("box"))
        self.model.setToolTip(tr("Models: the embedded ones, those opened lately, or a file"))
        self.model.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.session = QToolButton()
        self.session.setIcon(theme.icon("history"))
        self.session.setToolTip(tr("Sessions: a new one, one from a file, the recent ones"))
        self.session.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.show_session("")
        self.compare = QToolButton()
        self.compare.setIcon(theme.icon("columns-2"))
        self.compare.setText(tr("Compare"))
        self.show_keys(deeds)
        self._fill(deeds)

    def open_menus(self, models: QMenu, sessions: QMenu) -> None:
        """What its two buttons with words open."""
        opens(self.model, models)
        opens(self.session, sessions)

    def _fill(self, deeds: Mapping[str, QAction]) -> None:
        self.addWidget(self.model)
        self.addWidget(self.session)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
        self.addActions([deeds["undo"], deeds["redo"]])
        self.addSeparator()
        self.addWidget(self.compare)
        self.addActions([deeds["store"]])
        self.addSeparator()
        self.addActions([deeds["favourite"], deeds["gallery"], deeds["sheet"], deeds["save"], deeds["copy"]])
        self.addSeparator()
        self.addActions([deeds["record"], deeds["video"], deeds["train"]])
        self.addSeparator()
        self.addActions([deeds["output"], deeds["palette"], deeds["keys"], deeds["settings"]])
        for name in ("video", "train"):
            button = self.widgetForAction(deeds[name])
            if isinstance(button, QToolButton):
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for button in self.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(button.toolTip().split("\n")[0])

    def showEvent(self, event: QShowEvent | None) -> None:
        """Tab goes from the left to the right, also over what was put in later."""
        super().showEvent(event)
        inside = [self.widgetForAction(action) for action in self.actions()]
        ordered = [widget for widget in inside if widget is not None and widget.focusPolicy() != Qt.FocusPolicy.NoFocus]
        for one, other in pairwise(ordered):
            self.setTabOrder(one, other)

    def show_keys(self, deeds: Mapping[str, QAction]) -> None:
        """The one tip here that is not an action's own."""
        held, key = actions.shown(deeds["compare"]), actions.shown(deeds["store"])
        first = tr("Hold to see the stored picture") + (" " + tr("(hold {key})", key=held) if held else "")
        self.compare.setToolTip(first + ("\n" + tr("{key} stores this one", key=key) if key else ""))

    def show_model(self, name: str) -> None:
        self.model.setText(f"{name} ▾")

    def show_session(self, name: str) -> None:
        self.session.setText(f"{name or tr('Session')} ▾")

    def show_held(self, held: bool) -> None:
        """The button looks pressed while the stored picture is seen, by whatever hand."""
        self.compare.setDown(held)
