"""The report on somebody's pictures: what is there, what follows from it, and every file that cannot be used."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHeaderView, QLabel, QScrollArea, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from engine.data.preparation.report import Report
from explorer.figures import figure
from explorer.words import tr

from .facts_grid import Fact, FactsGrid

MOST = 8  # kinds that are counted one by one


class DataReport(QWidget):
    """Facts, advice, and below them the bad files with reason and remedy."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.facts = FactsGrid()
        self.advice = QLabel()
        self.advice.setWordWrap(True)
        self.bad = QTreeWidget()
        self.bad.setObjectName("plainTree")
        self.bad.setRootIsDecorated(False)
        self.bad.setUniformRowHeights(True)
        self.bad.setHeaderLabels([tr("Cannot be used"), tr("Why"), tr("What helps")])
        self.bad.setAccessibleName(tr("Files that cannot be used"))
        head = self.bad.header()
        if head is not None:
            head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.advice)
        column.addWidget(self.facts)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(upper)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(scroll, 1)
        outer.addWidget(self.bad, 1)

    def show_report(self, report: Report) -> None:
        """This one from now on."""
        self.facts.show_facts(facts(report))
        self.advice.setText("\n".join(map(tr, report.advice)))
        self.advice.setVisible(bool(report.advice))
        self.bad.clear()
        for each in report.bad:
            texts = (each.name, tr(each.reason), tr(each.fix))
            row = QTreeWidgetItem(texts)
            for at, text in enumerate(texts):
                row.setToolTip(at, text)
            self.bad.addTopLevelItem(row)
        self.bad.setVisible(bool(report.bad))


def facts(report: Report) -> list[Fact]:
    """What was counted, in words."""
    side, copies = report.side, sum(len(group.others) for group in report.alike)
    alike = tr("{count:,} in {groups:,} groups", count=copies + len(report.alike), groups=len(report.alike))
    sides = tr(
        "{least:,} to {most:,} pixels, half of them {middle:,} or more",
        least=side.least, most=side.most, middle=side.middle,
    )  # fmt: skip
    size = tr("{size} pixels; nine tenths of the pictures reach it", size=report.size)
    return [
        (tr("Usable pictures"), f"{figure(report.usable, ',')} ({figure(report.bytes / 1e6, ',.1f')} MB)"),
        (tr("Cannot be used"), figure(len(report.bad), ",") if report.bad else ""),
        (tr("Shorter side"), sides if report.usable else ""),
        (tr("Largest good size"), size if report.usable else ""),
        (tr("Sizes"), counts(report.sizes)),
        (tr("Shapes"), counts(report.aspects)),
        (tr("Special"), counts(report.traits)),
        (tr("Look alike"), alike if report.alike else ""),
        (tr("Classes"), counts(report.classes)),
        (tr("Captions"), figure(report.captions, ",") if report.captions else ""),
    ]


def counts(values: dict[str, int]) -> str:
    """The most frequent ones with their numbers."""
    rows = [f"{tr(name)}: {figure(count, ',')}" for name, count in list(values.items())[:MOST]]
    if len(values) > MOST:
        rows.append(tr("and {count} more", count=len(values) - MOST))
    return ", ".join(rows)
