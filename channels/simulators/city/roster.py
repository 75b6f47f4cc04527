"""The roster file as municipal systems export it: CP932, CRLF, a Japanese heading, full width.

Characters that CP932 lacks leave such systems as 外字 that no other machine can read; exports put
〓 in their place, and so does this one.
"""

import csv
import io
from dataclasses import astuple, dataclass
from datetime import date

HEADING = (
    "宛名番号",
    "世帯番号",
    "氏名",
    "氏名カナ",
    "生年月日",
    "性別",
    "郵便番号",
    "住所",
    "支給額",
    "金融機関コード",
    "支店コード",
    "預金種目",
    "口座番号",
    "口座名義カナ",
    "抑止区分",
)
GETA = "〓"
ERAS = (
    (date(2019, 5, 1), "令和", 2018),
    (date(1989, 1, 8), "平成", 1988),
    (date(1926, 12, 25), "昭和", 1925),
    (date(1912, 7, 30), "大正", 1911),
    (date(1868, 1, 25), "明治", 1867),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entitled household, every column as text; the fields stand in the heading's order.

    Without an account its five columns are empty; `suppressed` is `1` or empty.
    """

    addressee: str
    household: str
    name: str
    kana: str
    birth_date: str
    sex: str
    postcode: str
    address: str
    amount: str
    bank: str = ""
    branch: str = ""
    account_kind: str = ""
    account_number: str = ""
    account_holder: str = ""
    suppressed: str = ""


def encode(rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADING)
    writer.writerows(astuple(row) for row in rows)
    return "".join(char if fits_cp932(char) else GETA for char in text.getvalue()).encode("cp932")


def fits_cp932(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def era_date(day: date) -> str:
    """Write a day in the Japanese calendar: 昭和33年04月12日; the first year is 元年."""
    for first, era, before in ERAS:
        if day >= first:
            year = day.year - before
            return f"{era}{'元' if year == 1 else f'{year:02}'}年{day:%m月%d日}"
    raise ValueError("nobody alive was born before Meiji")
