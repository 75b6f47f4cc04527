"""The text of a PDF is read in lines, however many pieces a line was written in."""

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from core.attachments.paging import pages_of
from core.attachments.texts import text_of
from tests.core.circulars.makers import a_pdf

WRITTEN = """屋台は朝8時に始めます。Bring your own cup, 雨天中止。

#table(columns: 2, [氏名], [住所], [山田], [中央一丁目])"""


def test_a_line_of_many_fonts_is_one_line_and_a_table_has_its_columns() -> None:
    assert pages_of("application/pdf", a_pdf(WRITTEN)).text.splitlines() == [
        "屋台は朝 8 時に始めます。Bring your own cup, 雨天中止。",
        "氏名 住所",
        "山田 中央一丁目",
        "Page two",
    ]


@pytest.mark.parametrize(
    ("content", "read"),
    [
        ("BT /F 10 Tf 50 500 Td (one) Tj (two) Tj ET", "onetwo"),
        ("BT /F 10 Tf 50 500 Td (one) Tj 40 0 Td (two) Tj ET", "one two"),
        ("BT /F 10 Tf 12 TL 50 500 Td (one) Tj T* (two) Tj (three) ' ET", "one\ntwo\nthree"),
        ("BT /F 10 Tf 50 500 TD (one) Tj 0 -12 TD (two) Tj T* (three) Tj ET", "one\ntwo\nthree"),
        # A page on its side: the line goes up.
        ("BT /F 10 Tf 0 1 -1 0 50 50 Tm (one) Tj 0 1 -1 0 50 66 Tm (two) Tj ET", "onetwo"),
        ("q 1 0 0 1 50 500 cm BT /F 10 Tf (one) Tj ET Q BT 50 500 Td (two) Tj ET", "onetwo"),
        # Nothing that is broken keeps the rest from being read.
        ("Q Q BT /F 10 Tf /x Td 1 Tm (one) Tj ET", "one"),
        ("BT /F 0 Tf (one) Tj 0 -9 Td (two) Tj ET", "onetwo"),
    ],
)
def test_what_parts_pieces_is_where_they_stand(content: str, read: str) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(600, 800))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary(F=font))
    page.Contents = pdf.make_stream(content.encode())
    assert text_of(pdf) == read
