"""The line at the foot: how fast the pictures come, from what, and where on the plane we are."""

from collections import deque
from time import monotonic

from PyQt6.QtWidgets import QLabel, QStatusBar

from engine.recipe import Recipe, plane
from engine.render.frame import Frame

from .bridge import Bridge
from .figures import figure
from .pictures import heaviest
from .store import Store
from .timers import after_rest
from .widgets.steady import SteadyLabel
from .words import tr

SPAN = 1.0  # seconds over which frames are counted


class Status(QStatusBar):
    """Milliseconds, frames a second, precision, device, size, seed; at the right how large the picture is shown."""

    def __init__(self, store: Store, bridge: Bridge):
        super().__init__()
        self.setSizeGripEnabled(False)
        self.setContentsMargins(12, 0, 12, 0)
        self._times: deque[float] = deque()
        self._frame: Frame | None = None
        self._rest = after_rest(self, round(SPAN * 1000), self._rested)
        self.facts, self.place, self.hint = SteadyLabel(), SteadyLabel(), QLabel()
        self.facts.setToolTip(tr("Time to draw the picture · pictures a second · number format · device · size"))
        self.addWidget(self.facts)
        self.addWidget(self.place)
        self.addPermanentWidget(self.hint)
        bridge.framed.connect(self._framed)
        bridge.previewed.connect(self._framed)
        store.changed.connect(self._show)
        self._show(store.recipe)

    def _framed(self, frame: Frame) -> None:
        now = monotonic()
        self._times.append(now)
        while self._times and self._times[0] < now - SPAN:
            self._times.popleft()
        self._tell(frame, tr("{count} fps", count=len(self._times)) if len(self._times) > 3 else tr("still"))
        self._rest.start()

    def _rested(self) -> None:
        if self._frame is not None:
            self._tell(self._frame, tr("still"))

    def _tell(self, frame: Frame, rate: str) -> None:
        self._frame = frame
        height, width, _ = frame.pixels.shape
        size = f"{width}²" if width == height else f"{width} × {height}"
        size = tr("preview {size}", size=size) if frame.preview else size
        facts = (f"{figure(frame.seconds * 1000, '.1f')} ms", rate, frame.precision, frame.device, size)
        self.facts.setText("  ·  ".join(facts) + "  ·")

    def show_zoom(self, scale: float, fitted: bool) -> None:
        """Screen pixels for one of the picture."""
        self.hint.setText(tr("fitted") if fitted else f"{scale:.0%}")

    def _show(self, recipe: Recipe) -> None:
        place, seed = plane.place(recipe.latent), heaviest(recipe.latent)
        if place is not None and (place[0] % 1 or place[1] % 1):
            self.place.setText(tr("seed {x:.1f} / {y:.1f}", x=place[0], y=place[1]))
        else:
            self.place.setText(tr("seed {number}", number=seed.number) if seed else tr("from a picture"))
