"""The receipt as a PDF of A4 pages."""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from qiq.receipts.model import Receipt

LINE = HexColor("#c9ced6")
MARGIN = 20 * mm
WIDTH = A4[0] - 2 * MARGIN


def render(receipt: Receipt) -> bytes:
    """PDF of the receipt. Texts from strangers' servers are escaped and wrapped."""
    words, styles = receipt.words, getSampleStyleSheet()
    body = styles["BodyText"]
    story: list[Flowable] = [Paragraph(escape(words["title"]), styles["Title"])]
    story += [Paragraph(escape(words[key]), body) for key in ("intro", "outcome", "validity")]
    story += _part(words["checks"], _checks(receipt), (0.2, 0.8))
    story += _part(
        words["settings"], _settings(receipt), (0.34, 0.34, 0.12, 0.2), words["settings_intro"]
    )
    technical = words["technical_intro"]
    story += _part(words["technical"], _technical(receipt), (0.34, 0.4, 0.13, 0.13), technical)
    story += [Spacer(1, 6 * mm), Paragraph(escape(words["foot"]), body)]
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, title=words["title"]
    )
    document.build(story)
    return out.getvalue()


def _part(
    title: str, rows: list[list[str]], shares: tuple[float, ...], intro: str = ""
) -> list[Flowable]:
    styles = getSampleStyleSheet()
    cell = ParagraphStyle("cell", parent=styles["BodyText"], fontSize=9, leading=11, wordWrap="CJK")
    head = ParagraphStyle("head", parent=cell, fontName="Helvetica-Bold")
    cells = [
        [Paragraph(escape(text), head if n == 0 else cell) for text in row]
        for n, row in enumerate(rows)
    ]
    table = Table(cells, colWidths=[share * WIDTH for share in shares], repeatRows=1)
    table.setStyle(
        TableStyle(
            [("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        )
    )
    parts: list[Flowable] = [Spacer(1, 4 * mm), Paragraph(escape(title), styles["Heading2"])]
    if intro:
        parts.append(Paragraph(escape(intro), styles["BodyText"]))
    return [*parts, table]


def _checks(receipt: Receipt) -> list[list[str]]:
    head = [receipt.words["column_result"], receipt.words["column_what"]]
    return [head, *([row.word, row.summary] for row in receipt.rows)]


def _settings(receipt: Receipt) -> list[list[str]]:
    head = [receipt.words[f"column_{key}"] for key in ("protocol", "server", "port", "security")]
    return [head, *([row.use, row.server, str(row.port), row.security] for row in receipt.settings)]


def _technical(receipt: Receipt) -> list[list[str]]:
    words = receipt.words
    head = ["ID", words["column_target"], words["column_result"], words["column_time"]]
    return [head, *([row.id, row.target, row.status, f"{row.ms} ms"] for row in receipt.rows)]
