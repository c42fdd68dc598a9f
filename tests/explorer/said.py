"""What the window says, read from its source: words that go through `tr`, and literals that go past it."""

import ast
import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from engine.gallery import query
from engine.recipe import Recipe, knob
from engine.render.info import BANDS
from engine.training import advice, troubles
from explorer import actions, help_texts, key_bindings, settings_pages, tour
from explorer.panels import shape
from explorer.widgets import (
    data_options,
    data_view,
    export_form,
    first_steps,
    run_advanced,
    run_curves,
    run_settings,
    sheet_bar,
    time_menus,
    two_pictures,
)
from explorer.widgets.equalizer_faces import MIX, NOISE, PSI, STRENGTH

SINKS = {  # what is given to these is seen or heard
    "setText", "setToolTip", "setPlaceholderText", "setWindowTitle", "setAccessibleName", "setAccessibleDescription",
    "setSuffix", "setPrefix", "setSpecialValueText", "setTitle", "setStatusTip", "setNameFilter", "setNameFilters",
    "setTabText", "setTabToolTip", "setLabelText", "addAction", "addMenu", "addSection", "addTab", "addItem", "addItems",
    "addRow", "drawText", "showText", "heading", "offer", "refuse", "QLabel", "QPushButton", "QToolButton", "QCheckBox",
    "QRadioButton", "QAction", "QMenu", "QFileDialog", "QListWidgetItem",
}  # fmt: skip
TRANSLATE = {"icon_button", "tell", "complain", "say", "emit", "empty", "Plate", "Stars", "Choice", "Knob", "SeedRow"}
"""These look up whole sentences themselves; what is put together must be looked up before."""

FACES = (MIX, STRENGTH, PSI, NOISE)
PATH = r"[a-z0-9]+(\.[a-z0-9]+)+"

Call = tuple[ast.Call, ast.expr]


def sources(project: Path) -> Iterator[tuple[str, ast.Module]]:
    """Every file of the window: its name below `explorer`, and its tree."""
    root = project / "explorer"
    for path in sorted(root.rglob("*.py")):
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def literal(node: ast.expr) -> str:
    """The letters of a string that is written here, put together or not; "" for anything else."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    shown = re.sub(r"<[^>]*>|&\w+;", "", text)  # without mark-up
    path = re.fullmatch(PATH, text)  # of a field of the recipe
    return text if sum(letter.isalpha() for letter in shown) > 1 and not path else ""


def leaves(node: ast.expr) -> Iterator[ast.expr]:
    """The strings that an expression may be, without those inside of calls."""
    if literal(node):
        yield node
    elif isinstance(node, ast.BinOp):
        yield from (*leaves(node.left), *leaves(node.right))
    elif isinstance(node, ast.IfExp):
        yield from (*leaves(node.body), *leaves(node.orelse))
    elif isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            yield from leaves(item)


def given(tree: ast.Module, names: set[str]) -> Iterator[Call]:
    """The strings given to calls of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name(node) in names:
            first = 1 if name(node) == "icon_button" else 0  # its first is the icon's name
            last = 2 if name(node) == "QFileDialog" else len(node.args)  # its third is a folder
            labels = [keyword.value for keyword in node.keywords if keyword.arg == "label"]
            for argument in (*node.args[first:last], *labels):
                yield from ((node, leaf) for leaf in leaves(argument))


def bypassing(tree: ast.Module) -> list[str]:
    """Strings that are shown as they are written, in whatever language the window speaks."""
    found = [leaf for _, leaf in given(tree, SINKS)]
    found += [leaf for _, leaf in given(tree, TRANSLATE) if isinstance(leaf, ast.JoinedStr)]
    return [f"line {leaf.lineno}: {ast.unparse(leaf)}" for leaf in found]


def written(project: Path) -> dict[str, str]:
    """Every sentence that a catalogue must have -> where it stands."""
    found = dict.fromkeys(filter(None, tables()), "a table")
    for path, tree in sources(project):
        found |= dict.fromkeys(_of(tree), path)
    return found


def _of(tree: ast.Module) -> Iterator[str]:
    """The sentences of one file: what a panel calls itself, what is looked up, and the constants that are."""
    lookups, constants = {"tr"} | TRANSLATE, _constants(tree)
    for node in ast.walk(tree):
        yield from _knob(node)
        if isinstance(node, ast.ClassDef):
            yield from _titles(node)
        if isinstance(node, ast.Call) and name(node) in lookups:
            names = (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
            yield from (text for known in names for text in constants.get(known, []))
    yield from (leaf.value for _, leaf in given(tree, lookups) if isinstance(leaf, ast.Constant))


def _knob(node: ast.AST) -> list[str]:
    """What the recipe says of one of its fields that is named here."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(PATH, node.value):
        with contextlib.suppress(KeyError, ValueError):
            said = knob(Recipe, node.value)
            return [text for text in (said.title, said.description) if text]
    return []


def _titles(node: ast.ClassDef) -> list[str]:
    """What a panel calls itself."""
    named = (s for s in node.body if isinstance(s, ast.Assign) and ast.unparse(s.targets[0]) == "title")
    return [s.value.value for s in named if isinstance(s.value, ast.Constant)]


def _constants(tree: ast.Module) -> dict[str, list[str]]:
    """The sentences among a file's constants."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = [leaf.value for leaf in leaves(node.value) if isinstance(leaf, ast.Constant)]
    return found


PAIRS = (
    actions.BY_HAND, shape.NOISE.values(), shape.CENTRES.values(), time_menus.EASES.values(),
    time_menus.FIELDS, time_menus.PATHS.values(),
    two_pictures.WAYS.items(),
    (group[:2] for group in run_curves.GROUPS.values()), run_settings.FIELDS.values(),
    (first_steps.START, first_steps.EMPTY), ((face.title, face.hint) for face in FACES),
)  # fmt: skip
SINGLE = (
    troubles.TEXTS.values(), advice.TEXTS.values(), run_advanced.GROUPS.values(), data_view.WORDS.values(),
    (words for words, _ in data_options.PARTS.values()),
    (column[1] for group in run_curves.GROUPS.values() for column in group[2]),
    key_bindings.TAKEN.values(), time_menus.KINDS.values(),
    BANDS, query.ORDERS, sheet_bar.KINDS, export_form.QUALITIES.values(),
    export_form.SHAPES.values(), export_form.FITS.values(), settings_pages.PAGES, (face.word for face in FACES),
)  # fmt: skip


def tables() -> list[str]:
    """Words that lie in tables and are looked up where they are shown."""
    rows = [row for page in settings_pages.PAGES.values() for row in page]
    return [
        *(text for deed in actions.DEEDS for text in (deed.text, deed.tip, deed.group)),
        *(text for topic in help_texts.TOPICS.values() for text in (topic.title, topic.term, topic.text)),
        *(text for row in rows for text in (row.title, row.text, row.zero)),
        *(text for step in tour.STEPS for text in (step.title, step.text)),
        *(text for table in PAIRS for pair in table for text in pair),
        *(text for table in SINGLE for text in table),
    ]
