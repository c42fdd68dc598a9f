"""What the program says to people, read from its source: sentences whose parts are numbered, as `{0} is no file`.

In the engine a sentence is a literal of at least three words, and of two where it is raised; so reasons that a function gives back,
notes of progress and tables are among them. In the window two words are enough. Left out is what a terminal alone shows: of the
command line all but the presets, and but what the programs raise that the window starts.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

from msgspec import Struct

from engine.networks import FAMILIES
from engine.training.config import Config
from engine.training.described import sentences

FILES = {"training/card.py", "training/course.py", "gallery/index.py"}  # a model card, a picture of curves, a database
TABLES = {"training/troubles.py", "training/advice.py"}  # are said by the window itself, as the titles of a recipe are
TERMINAL = "display.py"
SHOWN, RAISED = {"cli/presets.py"}, {"cli/train.py", "cli/training.py", "cli/trial.py", "recipe/recipe.py"}
NO_SENTENCE = re.compile(
    r"\| None$|\\b|^pip install|^Pictures of the style"  # types, patterns, commands, a licence
    r"|^(No such file|unpack it first|(outside of|inside) (the|an) archive)$"  # what a report knows reasons by
)
NO_WORDS = re.compile(
    r"\| None$|^[*.]|&nbsp;|^\{0\} (off|layers|\w+ \{1\} \w+|min|ms)$"  # types, patterns, names that are looked up as a whole
    r"|^(dock \{0\}|a seed and \{0\}|as drawn|pip install|latent explorer session|(data|sample|small|gallery) (sets|pictures))$"
    r"|(GAN|GAN2 \(lucidrains\))$|\(SHA-256\)$|\(\{1\} MB\)$| Hz$|\(\*|^latent-explorer: "
)
FEWEST, NEVER = 3, 99


def written(project: Path) -> dict[str, str]:
    """Every sentence of the engine that a window may show -> where it stands."""
    root = project / "engine"
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root).as_posix()
        if place not in FILES | TABLES | {TERMINAL} and (not place.startswith("cli/") or place in SHOWN | RAISED):
            fewest = NEVER if place in RAISED else FEWEST
            found |= dict.fromkeys(sentences_of(ast.parse(path.read_text(encoding="utf-8")), fewest), place)
    return found | dict.fromkeys(settings(), "a setting of training")


def unsaid(trees: Iterable[tuple[str, ast.Module]], known: Collection[str]) -> list[str]:
    """The words of the window that are in no catalogue, neither as they are written nor with numbered parts."""
    found = []
    for path, tree in trees:
        reader = _Reader(dict(_constants(tree)), 2)
        reader.visit(tree)
        pairs = ((raw.partition("\t")[0], text) for raw, text in reader.pairs if path != "app.py")
        missing = ((raw, text) for raw, text in pairs if raw not in known and text not in known)
        found += [f"{path}: {raw}" for raw, text in missing if not NO_WORDS.search(text)]
    return found


def settings() -> Iterator[str]:
    """What is said of the settings of a training."""
    kinds: list[Any] = [Config, *FAMILIES.values()]
    for kind in kinds:
        yield from filter(None, sentences(kind).values())
        hints = get_type_hints(kind).values()
        kinds += [part for hint in hints for part in (hint, *get_args(hint)) if _struct(part) and part not in kinds]


def _struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def sentences_of(tree: ast.Module, fewest: int = FEWEST) -> list[str]:
    """The sentences of one file that have so many words, docstrings left out."""
    reader = _Reader(dict(_constants(tree)), fewest)
    reader.visit(tree)
    return [text for _, text in reader.pairs if not NO_SENTENCE.search(text)]


class _Reader(ast.NodeVisitor):
    def __init__(self, constants: dict[str, Any], fewest: int):
        self.pairs: list[tuple[str, str]] = []  # as it is written, and with numbered parts
        self._constants, self._fewest = constants, fewest

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        before, self._fewest = self._fewest, 2
        self.generic_visit(node)
        self._fewest = before

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._take(node)
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self.visit(value.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._take(node)

    def _take(self, node: ast.expr) -> None:
        text = template(node, self._constants)
        words = re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\d+\}|<[^>]*>", " ", text))
        if " " in text.strip() and len(words) >= self._fewest:
            self.pairs.append((str(getattr(node, "value", text)), text))


def _constants(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    """The constants of a file by name, also those that are set in one row."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names, values = (getattr(each, "elts", [each]) for each in (node.targets[0], node.value))
            for name, value in zip(names, values, strict=False):
                if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                    yield name.id, value.value


def template(node: ast.expr, constants: dict[str, Any]) -> str:
    """A literal with numbers in the places of its parts; a beginning that waits for its rest gets one more."""
    numbers = iter(range(99))
    if isinstance(node, ast.JoinedStr):
        text = "".join(_piece(value, constants) or f"{{{next(numbers)}}}" for value in node.values)
    else:
        text = re.sub(r"\{[a-z_]\w*(:[^}]*)?\}", lambda _: f"{{{next(numbers)}}}", str(getattr(node, "value", "")))
    return f"{text}{{{next(numbers)}}}" if text.endswith(" ") else text.strip()


def _piece(value: ast.expr, constants: dict[str, Any]) -> str:
    """What stands in a sentence that is put together: letters, or a constant of the file; "" for a part."""
    if isinstance(value, ast.FormattedValue):
        known = constants.get(getattr(value.value, "id", ""))
        return known if isinstance(known, str) else ""
    return str(getattr(value, "value", ""))
