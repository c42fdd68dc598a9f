"""Which control of the window each help topic belongs to."""

from operator import attrgetter

from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QButtonGroup, QTabBar, QTableView, QToolButton, QWidget

from .help_texts import TOPICS
from .widgets.equalizer import Equalizer
from .widgets.equalizer_faces import MIX, NOISE, PSI, STRENGTH
from .words import tr

PLACES = {  # class -> attribute (with dots; "" is the whole) -> topic
    "Canvas": {"": "canvas"},
    "Toolbar": {"model": "models", "session": "session", "compare": "compare"},
    "Status": {"facts": "status.facts", "place": "status.place", "hint": "status.zoom"},
    "ModelsPanel": {"": "model", "opener": "open", "catalogue": "catalogue", "card": "card", "exporter": "export"},
    "ExplorePanel": {
        "a": "seed", "b": "seed", "a.picture": "a", "b.picture": "b", "a.dice": "random", "b.dice": "random",
        "a.opener": "source.picture", "b.opener": "source.picture",
        "a.classes": "class", "b.classes": "class",
        "a.classes.picker": "class", "b.classes.picker": "class", "a.words": "prompt", "b.words": "prompt",
        "swapper": "swap", "linker": "link", "pad": "pad",
        "player": "travel", "speed": "speed",
    },
    "ShapePanel": {
        "psi": "psi", "cutoff": "cutoff", "centre": "centre", "mode": "noise.mode", "strength": "noise.strength",
        "seed": "noise.seed", "motion": "noise.motion", "place": "transform",
    },
    "MixPanel": {
        "header.a": "a", "header.b": "b", "opener": "desk", "bar": "desk", "pile": "desk",
        "tabs": "equalizer", "equalizer": "equalizer", "curves": "curves",
        "reset": "equalizer.reset", "row": "layer.number",
    },
    "LayersPanel": {"": "layers", "view": "equalizer"},
    "HistoryPanel": {"": "history"},
    "SheetPanel": {"": "sheet", "bar.kind": "kin", "bar.part": "kin.part", "bar.radius": "kin.radius", "bar.keeper": "favourite",
        "bar.saver": "sheet.save"},
    "GalleryPanel": {"": "gallery", "bar.search": "gallery.search", "bar.rating": "gallery.search",
        "bar.order": "gallery.search", "bar.adder": "favourite", "bar.comparer": "gallery.compare", "bar.keyer": "timeline.key",
        "bar.exporter": "gallery.export", "details": "gallery.marks"},
    "TimelinePanel": {"": "timeline", "axis": "timeline", "adder": "timeline.key", "way": "timeline.way",
        "wanderer": "timeline.wander", "looper": "timeline.loop", "curve": "timeline.curve", "recorder": "record",
        "exporter": "timeline.export"},
    "HelpPanel": {"": "help"},
    "CatalogueDialog": {"": "catalogue", "search": "catalogue.search", "family": "catalogue.search",
        "here": "catalogue.search", "details": "catalogue.get", "progress": "catalogue.get"},
    "CardDialog": {"": "card", "layers": "card.layers", "exporter": "export"},
    "ExportModelDialog": {"": "export", "out": "export.file", "chooser": "export.file", "start": "export.file",
        "progress": "export.file"},
    "VideoDialog": {
        "": "film.stops", "stops": "film.stops", "add_this": "film.add", "add_files": "film.add", "seeds": "film.add",
        "add_seeds": "film.add", "settings.seconds": "film.seconds", "settings.fps": "film.fps",
        "settings.loop": "film.loop", "settings.sizes": "film.size", "out": "film.file", "make": "film.make",
        "progress": "film.make", "show_folder": "film.file", "copy_path": "film.file",
    },
    "TrainDialog": {
        "form": "train.pictures", "form.pictures.set": "train.samples", "form.pictures.number": "train.samples",
        "form.pictures.draw": "train.samples", "form.preset": "train.preset", "form.run": "train.run",
        "form.begin": "train.begin", "form.open": "train.open", "facts": "train.facts", "facts.explore": "train.explore",
        "facts.show_folder": "train.run", "facts.new": "train.begin", "samples": "train.grid", "plot": "train.plot",
        "form.trial": "train.trial", "facts.runs": "train.list", "list": "train.list",
    },
    "DatasetDialog": {
        "sources": "data.sources", "options": "data.options", "view": "data.view", "out": "data.begin",
        "begin": "data.begin", "progress": "data.begin", "train": "train.pictures",
    },
}  # fmt: skip


def mark(root: QWidget) -> None:
    """Writes the topics on the controls of a panel, a bar or a dialog."""
    for path, topic in PLACES.get(type(root).__name__, {}).items():
        found = attrgetter(path)(root) if path else root
        for widget in found.buttons() if isinstance(found, QButtonGroup) else [found]:
            widget.setProperty("help", topic)


def topic_at(widget: QWidget | None, place: QPoint | None = None) -> str:
    """The topic of a widget, or else of what it lies in; `place` is the pointer in global coordinates. "" is none."""
    while widget is not None:
        action = widget.defaultAction() if isinstance(widget, QToolButton) else None
        name = action.objectName() if action is not None else widget.property("help")
        if name:
            topic = _of_face(widget, place) if name == "equalizer" else name
            return topic if topic in TOPICS else ""
        widget = widget.parentWidget() if not widget.isWindow() else None
    return ""


def _of_face(widget: QWidget, place: QPoint | None) -> str:
    """The equalizer, its tabs and the table speak of the face that the pointer is at."""
    at = widget.mapFromGlobal(place) if place is not None else None
    if isinstance(widget, Equalizer):
        return f"equalizer.{widget.face.key}"
    if isinstance(widget, QTabBar):
        tab = widget.tabAt(at) if at is not None else -1
        keys = {tr(face.word): face.key for face in (MIX, STRENGTH, PSI, NOISE)}
        return f"equalizer.{keys.get(widget.tabText(tab if tab >= 0 else widget.currentIndex()), 'mix')}"
    if isinstance(widget, QTableView):
        viewport = widget.viewport()
        local = viewport.mapFromGlobal(place) if viewport is not None and place is not None else None
        column = widget.columnAt(local.x()) if local is not None and local.x() >= 0 else widget.currentIndex().column()
        faces = getattr(widget.model(), "faces", ())
        return f"equalizer.{faces[column].key}" if 0 <= column < len(faces) else "layers"
    return ""
