"""What the form of a new training asks of the render thread, where torch is: the device, the embedded models, all settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, Qt

from explorer.bridge import Bridge
from explorer.embedded import Embedded, cards

from .new_run import NewRun
from .run_advanced import RunAdvanced

if TYPE_CHECKING:
    from engine.training.described import Setting


class NewRunAsks(QObject):
    """Belongs to the form; what nobody answers is not shown."""

    def __init__(self, form: NewRun, bridge: Bridge, complain: Callable[[Exception], None]):
        super().__init__(form)
        self._form, self._bridge, self._complain = form, bridge, complain
        form.advanced_wanted.connect(self._ask)
        form.begins.turned.connect(self._follow)
        bridge.ask(device_of, form.preset.know_device, lambda _: None)
        bridge.ask(cards, self._know, lambda _: None)

    def _know(self, known: list[Embedded]) -> None:
        self._form.begins.know_embedded([(one.model.name, one.path) for one in known])

    def _follow(self) -> None:
        """A training that begins with a model has its network, as far as a preset has."""
        path = self._form.begins.model
        if path is not None:
            self._bridge.ask(lambda _: like(path), self._choose, self._complain)

    def _choose(self, preset: str) -> None:
        if preset:
            self._form.preset.choose(preset)

    def _ask(self, preset: str, changes: dict[str, str]) -> None:
        self._bridge.ask(lambda _: settings_of(preset), lambda settings: self._show(settings, changes), self._complain)

    def _show(self, settings: list[Setting], changes: dict[str, str]) -> None:
        dialog = RunAdvanced(settings, changes, self._form)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._form.change)
        dialog.open()


def device_of(_: Any) -> str:
    """What would train here, in words; "" for a processor alone. In the render thread."""
    from engine import device as devices

    device = devices.best()
    return "" if device.type == "cpu" else devices.describe(device)


def like(path: Path) -> str:
    """The preset whose network is most like that of a model or run. In the render thread."""
    from engine.training.transfer import preset_like

    return preset_like(path)


def settings_of(preset: str) -> list[Setting]:
    """All settings of a preset, with their declarations. In the render thread."""
    from engine.training.described import described
    from engine.training.presets import PRESETS

    return described(PRESETS[preset])
