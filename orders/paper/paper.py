"""The paper of letters as PDF: fonts for names in any script, the letterhead, tables."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from decimal import Decimal

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from orders.models import LetterSettings
from orders.paper.fonts import BOLD, REGULAR, fonts_beside, path_of
from stores.admin.display import amount, number
from stores.models import Store

# It writes a line for each table of a font.
logging.getLogger("fontTools").setLevel(logging.WARNING)

MARGIN, WIDTH = 16, 178  # mm; the page is 210 mm wide
SOFT, RULE = (80, 96, 91), (196, 208, 204)
RIGHT, LEFT = Align.R, Align.L


class Paper(FPDF):
    """The pages of a letter of a store. `texts` are those that people wrote, in any script."""

    def __init__(
        self,
        title: str,
        store: Store,
        currency: str,
        recipient: Sequence[str],
        settings: LetterSettings,
        texts: Iterable[str],
    ) -> None:
        super().__init__(format="A4")
        self.store, self.currency, self.settings = store, currency, settings
        self.add_font("Sans", "", REGULAR)
        self.add_font("Sans", "B", BOLD)
        own = (store.name, settings.letterhead, settings.how_to_pay)
        others = fonts_beside("".join((*own, *recipient, *texts)))
        for name in others:
            self.add_font(name, "", path_of(name))
        self.set_fallback_fonts(others, exact_match=False)
        self.set_text_shaping(True)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=20)
        self.set_title(title)
        self.set_creator("Clientele")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self.write_soft(f"Page {self.page_no()}", RIGHT)

    def head(self, title: str, facts: Iterable[str], recipient: Sequence[str]) -> None:
        """Write the letterhead, what the letter is, and to whom it goes."""
        self.write_line(self.store.name, 13, "B")
        for text in self.settings.letterhead.splitlines():
            self.write_soft(text)
        self.ln(2)
        self.write_line(title, 10, "B")
        for text in facts:
            self.write_soft(text)
        self.ln(2)
        self.set_draw_color(15, 118, 110)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(6)
        for text in recipient:
            self.write_line(text)
        self.ln(6)

    def how_to_pay(self) -> None:
        self.ln(6)
        for text in self.settings.how_to_pay.splitlines():
            self.write_line(text, 9)

    # --- writing

    def number(self, value: Decimal) -> str:
        return number(value, self.currency, self.store.country)

    def write_line(self, text: str, size: int = 10, style: str = "", align: Align = LEFT) -> None:
        self.set_font("Sans", style, size)
        # A line that begins in another font would be the only one for which fpdf2 2.8 sets this font.
        self.cell(1, text=" ", new_x=XPos.LEFT)
        self.multi_cell(0, size * 0.5, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def write_soft(self, text: str, align: Align = LEFT) -> None:
        self.set_text_color(*SOFT)
        self.write_line(text, 8, align=align)
        self.set_text_color(0)

    def write_sum(self, label: str, value: Decimal) -> None:
        self.set_font("Sans", "", 10)
        self.cell(90, 6, label)
        self.set_font("Sans", "B", 11)
        text = amount(value, self.currency, self.store.country)
        self.cell(40, 6, text, align=RIGHT, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def write_heading(self, text: str) -> None:
        self.ln(5)
        if self.will_page_break(30):  # a heading alone at the foot is of no use
            self.add_page()
        self.write_line(text, 10, "B")
        self.ln(1)

    def write_table(
        self,
        heads: Sequence[str],
        widths: Sequence[int],
        left: int,
        rows: Sequence[Sequence[str]],
        total: Sequence[str] = (),
    ) -> None:
        """Write a table. The first `left` columns are texts, the others amounts."""
        self.set_font("Sans", "", 8)
        self.set_draw_color(*RULE)
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=tuple(widths),
            headings_style=FontFace(emphasis="", color=SOFT),
            line_height=4.4,
            padding=(0.8, 1),
            text_align=tuple(LEFT if index < left else RIGHT for index in range(len(heads))),
            width=WIDTH,
        ) as table:
            for cells in (heads, *rows):
                table.row(cells)
            if total:
                table.row(total, style=FontFace(emphasis="BOLD"))
