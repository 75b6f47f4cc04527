"""Rosters as municipal systems write them, and how tests read them."""

from collections.abc import Iterator

from core.rosters.file import open_roster
from core.rosters.rows import Contents, Problem, Reason, RosterRow
from core.rosters.text import Encoding

HEADER = (
    "宛名番号,世帯番号,氏名,氏名カナ,生年月日,性別,郵便番号,住所１,方書,支給額,"
    "金融機関コード,支店コード,預金種目,口座番号,口座名義カナ,抑止区分"
)


TARO = (
    "0000012345,H001,総社　太郎,ソウジャ　タロウ,昭和25年1月2日,男,719-1192,"
    '総社市中央一丁目１番１号,ハイツ101号室,"30,000",0168,191,普通,1234567,ソウジヤ　タロウ,'
)


HANA = (
    "0000012346,H001,総社　花子,ソウジャ　ハナコ,S30.12.31,2,7191192,総社市中央1-1-1,,30000,,,,,,1"
)


TEXT = (Encoding.UTF_8, Encoding.UTF_8_BOM, Encoding.CP932)


SMALL = "宛名番号,氏名,生年月日,住所"


ROW = "1,総社太郎,1950-01-02,総社市中央1"


def read(
    text: str | bytes, encoding: str = "cp932", **options: object
) -> list[RosterRow | Problem]:
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return list(open_roster([data], **options).rows)  # type: ignore[arg-type]  # options vary


def problems(*rows: str, header: str = SMALL, **options: object) -> list[tuple[int, int, Reason]]:
    found = read("\r\n".join((header, *rows)), "utf-8", **options)
    return [(p.row, p.position, p.reason) for p in found if isinstance(p, Problem)]


def contents(chunks: Iterator[bytes] | list[bytes]) -> Contents:
    found = Contents()
    for row in open_roster(chunks).rows:
        assert isinstance(row, RosterRow)
        found.add(row)
    return found
