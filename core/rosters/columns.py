"""Guesses from a roster's header which column holds what."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from core.errors import BadRequest
from core.my_number import contains_my_number


class Column(StrEnum):
    """What a roster can say of a person."""

    REFERENCE = "reference"
    HOUSEHOLD = "household"
    NAME = "name"
    NAME_KANA = "name_kana"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    POSTCODE = "postcode"
    ADDRESS = "address"
    AMOUNT = "amount"
    BANK_CODE = "bank_code"
    BRANCH_CODE = "branch_code"
    ACCOUNT_TYPE = "account_type"
    ACCOUNT_NUMBER = "account_number"
    ACCOUNT_NAME = "account_name"
    SUPPRESSION = "suppression"
    HOUSEHOLD_SIZE = "household_size"


REQUIRED = frozenset({Column.REFERENCE, Column.NAME, Column.BIRTH_DATE, Column.ADDRESS})
ACCOUNT = frozenset(
    {
        Column.BANK_CODE,
        Column.BRANCH_CODE,
        Column.ACCOUNT_TYPE,
        Column.ACCOUNT_NUMBER,
        Column.ACCOUNT_NAME,
    }
)

# Written without spaces, brackets and the like, which headers have in all variations.
SYNONYMS: dict[Column, tuple[str, ...]] = {
    Column.REFERENCE: ("宛名番号", "住民番号", "整理番号", "対象者番号"),
    Column.HOUSEHOLD: ("世帯番号", "世帯コード"),
    Column.NAME: ("氏名", "氏名漢字", "漢字氏名", "対象者氏名", "名前"),
    Column.NAME_KANA: (
        "氏名カナ",
        "カナ氏名",
        "フリガナ",
        "ふりがな",
        "氏名フリガナ",
        "対象者氏名カナ",
    ),
    Column.BIRTH_DATE: ("生年月日", "生年月日西暦", "生年月日和暦"),
    Column.SEX: ("性別", "性別コード"),
    Column.POSTCODE: ("郵便番号",),
    Column.ADDRESS: ("住所", "現住所", "住所漢字", "方書", "住所方書"),
    Column.AMOUNT: (
        "支給額",
        "金額",
        "給付額",
        "支給金額",
        "給付金額",
        "支給額円",
        "金額円",
        "給付額円",
    ),
    Column.BANK_CODE: ("金融機関コード", "銀行コード", "金融機関番号"),
    Column.BRANCH_CODE: ("支店コード", "店番", "支店番号", "店舗コード"),
    Column.ACCOUNT_TYPE: ("預金種目", "口座種別", "預金種別", "口座種目"),
    Column.ACCOUNT_NUMBER: ("口座番号",),
    Column.ACCOUNT_NAME: ("口座名義カナ", "口座名義人カナ", "名義人カナ", "口座名義", "口座名義人"),
    Column.SUPPRESSION: ("抑止区分", "抑止フラグ", "支援措置", "支援措置区分", "抑止"),
    Column.HOUSEHOLD_SIZE: ("世帯人数", "世帯員数", "世帯人員", "世帯構成人数"),
}
_BY_SYNONYM = {word: column for column, words in SYNONYMS.items() for word in words}

_ORNAMENTS = re.compile(r"[\s()\[\]【】「」『』_:・*※\-]")
_ADDRESS_PART = re.compile(r"(現?住所)[1-9]")
# The card of that name (個人番号カード) may be spoken of.
_MY_NUMBER = re.compile("(個人番号|マイナンバー|mynumber)(?!カード)", re.IGNORECASE)


class ColumnsMissing(BadRequest):
    """The header lacks columns; metadata hold `missing` and, of a header, `found`."""

    reason = "ROSTER_COLUMNS_MISSING"


class ColumnAmbiguous(BadRequest):
    """Two columns claim to hold the same; metadata hold `column` and the two headers."""

    reason = "ROSTER_COLUMN_AMBIGUOUS"


class MyNumberInRoster(BadRequest):
    """A My Number is in the roster, or a column for it.

    Metadata hold `row`, from 1, `position`, the column from 1, and `column`, its header; never the
    number, and no header that is one.
    """

    reason = "MY_NUMBER_IN_ROSTER"


def guess(
    header: Sequence[str],
    *,
    required: frozenset[Column] = REQUIRED,
    names: Mapping[str, Column] | None = None,
    synonyms: bool = True,
) -> dict[Column, tuple[int, ...]]:
    """Return where each column stands, from 0; an address may be spread over several.

    `names` are headers of this roster's own, before the known ones, or without `synonyms` alone.
    Raises `MyNumberInRoster`, `ColumnAmbiguous`, and `ColumnsMissing`, for which account columns
    come all or none.
    """
    places: dict[Column, tuple[int, ...]] = {}
    refuse_my_number_titles(header)
    held = known(header, names, synonyms=synonyms)
    for index, (title, column) in enumerate(zip(header, held, strict=True)):
        if column is None:
            continue
        before = places.get(column, ())
        if before and column is not Column.ADDRESS:
            raise ColumnAmbiguous(
                f"columns {before[0] + 1} and {index + 1} both look like {column}: rename one",
                column=column.value,
                headers=f"{header[before[0]]}, {title}",
            )
        places[column] = (*before, index)
    _check_complete(header, places, required)
    return places


def known(
    header: Sequence[str],
    names: Mapping[str, Column] | None = None,
    *,
    synonyms: bool = True,
) -> list[Column | None]:
    """Return what each title of a header says that its column holds, if it says anything."""
    own = {_plain(name): column for name, column in (names or {}).items()}
    plains = map(_plain, header)
    if not synonyms:
        return [own.get(one) for one in plains]
    return [own.get(one) or _BY_SYNONYM.get(_ADDRESS_PART.sub(r"\1", one)) for one in plains]


def fits(header: Sequence[str], titles: Sequence[str]) -> bool:
    """Whether a header has all these titles, in any order."""
    return {_plain(title) for title in titles} <= {_plain(title) for title in header}


def refuse_my_number_titles(header: Sequence[str]) -> None:
    """Raise `MyNumberInRoster` where a column is for My Numbers, or is titled by one."""
    for index, title in enumerate(header):
        if _MY_NUMBER.search(_plain(title)) or contains_my_number(title):
            raise my_number_found(header, 1, index)


def my_number_found(header: Sequence[str], row: int, index: int) -> MyNumberInRoster:
    """Return the refusal for a row, from 1, and the column at `index`, from 0."""
    title = header[index] if index < len(header) else ""
    return MyNumberInRoster(
        f"row {row}, column {index + 1} holds a My Number (個人番号): "
        "the whole file is refused; take the numbers out and import again",
        row=str(row),
        position=str(index + 1),
        column="" if contains_my_number(title) else title,
    )


def _check_complete(
    header: Sequence[str], places: Mapping[Column, tuple[int, ...]], required: frozenset[Column]
) -> None:
    wanted = required | (ACCOUNT if places.keys() & ACCOUNT else set())
    missing = [column for column in Column if column in wanted and column not in places]
    if not missing:
        return
    lacks = ", ".join(f"{column} ({SYNONYMS[column][0]})" for column in missing)
    # A first row without any known title may be a person, who must not get into a message.
    found = ", ".join(header) if places else ""
    seen = f"it has {found}" if found else "its first row holds no known title"
    raise ColumnsMissing(
        f"the roster lacks {lacks}; {seen}", missing=",".join(missing), found=found
    )


def _plain(title: str) -> str:
    return _ORNAMENTS.sub("", unicodedata.normalize("NFKC", title))
