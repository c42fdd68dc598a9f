"""The report on somebody's pictures: what is there, what follows from it, and every file that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtWidgets import QHeaderView, QLabel, QScrollArea, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from engine.data.preparation.report import Bad, Report
from explorer.figures import figure
from explorer.timers import after_rest
from explorer.words import tr

from .facts_grid import Fact, FactsGrid

MOST = 8  # kinds that are counted one by one
WRAPPED = 500  # files whose sentences are seen whole
MARGIN = 12  # pixels about a sentence, both sides together


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
        self.bad.setWordWrap(True)  # reasons and remedies are sentences
        self.bad.setHeaderLabels([tr("Cannot be used"), tr("Why"), tr("What helps")])
        self.bad.setAccessibleName(tr("Files that cannot be used"))
        self._fits = after_rest(self, 0, self._fit)
        head = self.bad.header()
        if head is not None:
            head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            head.sectionResized.connect(self._fits.start)
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
        self.show_bad(report.bad)

    def show_bad(self, bad: Sequence[Bad]) -> None:
        """These cannot be used, with reason and remedy."""
        self.bad.clear()
        for each in bad:
            texts = (each.name, tr(each.reason), tr(each.fix))
            row = QTreeWidgetItem(texts)
            for at, text in enumerate(texts):
                row.setToolTip(at, text)
            self.bad.addTopLevelItem(row)
        self.bad.setVisible(bool(bad))
        self._fits.start()

    def _fit(self) -> None:
        """Rows as high as their sentences; of very many files each has one line, and the rest in its tip."""
        metrics, count = self.bad.fontMetrics(), self.bad.topLevelItemCount()
        for row in map(self.bad.topLevelItem, range(count if count <= WRAPPED else 0)):
            assert row is not None
            for at in range(self.bad.columnCount()):
                room = QRect(0, 0, max(self.bad.columnWidth(at) - MARGIN, 1), 1 << 15)
                height = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, row.text(at)).height()
                row.setSizeHint(at, QSize(1, height + MARGIN))


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
