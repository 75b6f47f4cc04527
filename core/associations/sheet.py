"""Reads a list of associations, groups and households: a household a row, in one table."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import BadRequest
from core.rosters.cells import text_of
from core.rosters.columns import ColumnAmbiguous, ColumnsMissing, refuse_my_number_titles
from core.rosters.file import too_many
from core.rosters.own_numbers import Tally
from core.rosters.rows import Problem, Reason
from core.rosters.text import RosterBroken, Table, open_table
from core.rosters.values import plain

MOST_ROWS = 100_000
MOST_ORDER = 100_000
_NUMBER = re.compile("[A-Za-z0-9-]{1,20}")
_YES = frozenset({"1", "○", "〇", "◯", "有", "要", "紙", "はい", "yes", "true"})
_NO = frozenset({"", "0", "×", "無", "不要", "いいえ", "no", "false", "-"})


class Column(StrEnum):
    """What a list can say."""

    NUMBER = "number"
    NAME = "name"
    AREA = "area"
    GROUP = "group"
    GROUP_ORDER = "group_order"
    HOUSEHOLD = "household"
    HOUSEHOLD_NAME = "household_name"
    ADDRESS = "address"
    ORDER = "order"
    PAPER = "paper"


TITLES: Mapping[Column, tuple[str, ...]] = {
    Column.NUMBER: ("自治会番号", "町内会番号", "自治会コード"),
    Column.NAME: ("自治会名", "町内会名", "自治会名称"),
    Column.AREA: ("区域", "地区", "地域"),
    Column.GROUP: ("班", "班名", "組", "組名"),
    Column.GROUP_ORDER: ("班順", "組順"),
    Column.HOUSEHOLD: ("世帯番号", "世帯コード"),
    Column.HOUSEHOLD_NAME: ("世帯名", "表札", "世帯主", "世帯主名"),
    Column.ADDRESS: ("住所", "所在地"),
    Column.ORDER: ("回覧順", "順番", "順路"),
    Column.PAPER: ("紙", "紙回覧"),
}
_COLUMNS = {title: column for column, titles in TITLES.items() for title in titles}
REQUIRED = (Column.NUMBER, Column.NAME)
LONGEST = {
    Column.NAME: 100,
    Column.AREA: 200,
    Column.GROUP: 64,
    Column.HOUSEHOLD_NAME: 64,
    Column.ADDRESS: 200,
}
OWN_NUMBERS = (Column.NUMBER, Column.HOUSEHOLD)


class Wrong(StrEnum):
    """What can be wrong with a cell beyond what can be with a roster's."""

    NUMBER_INVALID = "NUMBER_INVALID"
    ORDER_INVALID = "ORDER_INVALID"
    PAPER_INVALID = "PAPER_INVALID"
    VALUE_DIFFERS = "VALUE_DIFFERS"


class UploadRefused(BadRequest):
    """Rows cannot be taken; metadata hold how many `problems`, and the first `rows`."""

    reason = "UPLOAD_REFUSED"


@dataclass(frozen=True, slots=True)
class ListedHousehold:
    """A household as a row tells of it; `group` is the name of its group, or empty."""

    number: str
    group: str
    name: str
    address: str
    order: int
    paper: bool


@dataclass(slots=True)
class Listed:
    """An association as a list tells of it: groups by name, with their place in the round."""

    number: str
    name: str
    area: str
    row: int
    groups: dict[str, int] = field(default_factory=dict)
    households: dict[str, ListedHousehold] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell; never holds what is in it."""

    row: int
    title: str
    what: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Sheet:
    """A list that was read: its associations by number, and what is wrong with it."""

    associations: dict[str, Listed] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def groups(self) -> int:
        return sum(len(one.groups) for one in self.associations.values())

    @property
    def households(self) -> int:
        return sum(len(one.households) for one in self.associations.values())

    def require_sound(self) -> None:
        """Raise UploadRefused where anything is wrong."""
        if not self.faults:
            return
        rows = ", ".join(map(str, dict.fromkeys([one.row for one in self.faults][:10])))
        raise UploadRefused(
            f"{len(self.faults)} problems, the first in rows {rows}: nothing was taken; look at "
            "them in a preview, mend the file and import it again",
            problems=str(len(self.faults)),
            rows=rows,
        )


def read(chunks: Iterable[bytes]) -> Sheet:
    """Read a list to its end.

    Raises EncodingUnknown, RosterBroken, ColumnsMissing, ColumnAmbiguous, RosterTooLarge and
    MyNumberInRoster; what is wrong with single rows is in the sheet.
    """
    table = open_table(chunks)
    reader = _Reader(table, _places(table.header))
    for count, (number, raw) in enumerate(table.rows, 1):
        if count > MOST_ROWS:
            raise too_many(MOST_ROWS)
        reader.take(number, raw)
    reader.tally.judge(table.header)
    if not reader.sheet.associations and not reader.sheet.faults:
        raise RosterBroken("the file holds a header and no rows: export it again")
    return reader.sheet


def _places(header: list[str]) -> dict[Column, int]:
    """Return where each column stands; raise ColumnsMissing, ColumnAmbiguous, MyNumberInRoster."""
    refuse_my_number_titles(header)
    places: dict[Column, int] = {}
    for at, title in enumerate(header):
        column = _COLUMNS.get(plain(title))
        if column is None:
            continue
        if column in places:
            raise ColumnAmbiguous(
                f"columns {places[column] + 1} and {at + 1} both look like {column}: rename one",
                column=column.value,
                headers=f"{header[places[column]]}, {title}",
            )
        places[column] = at
    missing = [column for column in REQUIRED if column not in places]
    if missing:
        # A first row without any known title may be a household, which must not get into a message.
        found = ", ".join(header) if places else ""
        lacks = ", ".join(TITLES[column][0] for column in missing)
        raise ColumnsMissing(f"the list lacks {lacks}", missing=lacks, found=found)
    return places


class _Reader:
    """Takes row after row into a sheet."""

    def __init__(self, table: Table, places: Mapping[Column, int]) -> None:
        self.sheet = Sheet()
        self.tally = Tally()
        self._table = table
        self._places = places
        self._own = [places[one] for one in OWN_NUMBERS if one in places]
        self._first: dict[tuple[str, str], int] = {}

    def take(self, row: int, raw: list[str]) -> None:
        if not any(raw):
            return
        texts, problems = text_of(self._table, row, raw, self._own)
        if problems:
            self.sheet.faults += map(_fault_of, problems)
            return
        for place in self._own:
            self.tally.add(place, texts[place], row)
        before = len(self.sheet.faults)
        self.sheet.faults += self._unreadable(row, texts)
        if len(self.sheet.faults) == before:
            self._keep(row, {column: self._cell(texts, column) for column in Column})

    def _cell(self, texts: list[str], column: Column) -> str:
        place = self._places.get(column)
        if place is None:
            return ""
        return plain(texts[place]) if column in _PLAIN else texts[place].strip()

    def _unreadable(self, row: int, texts: list[str]) -> Iterator[Fault]:
        """Yield what cannot be read in the cells of a row, each by itself."""
        cells = {column: self._cell(texts, column) for column in Column}
        has_household = self._tells_of_household(cells)
        wanted = (*REQUIRED, Column.HOUSEHOLD, Column.HOUSEHOLD_NAME)
        for column in wanted if has_household else REQUIRED:
            if not cells[column]:
                yield self._fault(row, column, Reason.VALUE_MISSING)
        for column in OWN_NUMBERS:
            if cells[column] and not _NUMBER.fullmatch(cells[column]):
                yield self._fault(row, column, Wrong.NUMBER_INVALID)
        for column, longest in LONGEST.items():
            if len(cells[column]) > longest:
                yield self._fault(row, column, Reason.VALUE_TOO_LONG, most=str(longest))
        for column in (Column.GROUP_ORDER, Column.ORDER):
            if cells[column] and not _is_order(cells[column]):
                yield self._fault(row, column, Wrong.ORDER_INVALID)
        if cells[Column.PAPER].lower() not in _YES | _NO:
            yield self._fault(row, Column.PAPER, Wrong.PAPER_INVALID)

    def _tells_of_household(self, cells: Mapping[Column, str]) -> bool:
        """Tell whether a row means a household, were it by its place alone: none is passed over."""
        if not {Column.HOUSEHOLD, Column.HOUSEHOLD_NAME} & self._places.keys():
            return False
        return any(cells[one] for one in _OF_HOUSEHOLD) or cells[Column.PAPER].lower() in _YES

    def _keep(self, row: int, cells: Mapping[Column, str]) -> None:
        number = cells[Column.NUMBER]
        listed = self.sheet.associations.setdefault(
            number, Listed(number, cells[Column.NAME], cells[Column.AREA], row)
        )
        for column, said in ((Column.NAME, listed.name), (Column.AREA, listed.area)):
            if cells[column] != said:
                self._differs(row, column, listed.row)
        if group := cells[Column.GROUP]:
            self._keep_group(row, listed, group, cells[Column.GROUP_ORDER])
        if household := cells[Column.HOUSEHOLD]:
            first = self._first.setdefault((number, household), row)
            if first != row:
                fault = self._fault(
                    row, Column.HOUSEHOLD, Reason.REFERENCE_DUPLICATE, firstRow=str(first)
                )
                self.sheet.faults.append(fault)
            listed.households[household] = ListedHousehold(
                household,
                group,
                cells[Column.HOUSEHOLD_NAME],
                cells[Column.ADDRESS],
                int(cells[Column.ORDER] or 0),
                cells[Column.PAPER].lower() in _YES,
            )

    def _keep_group(self, row: int, listed: Listed, group: str, order: str) -> None:
        """Take in a group; without an order of its own it comes in the order of the rows."""
        first = self._first.setdefault((f"group {listed.number}", group), row)
        place = int(order) if order else listed.groups.get(group, len(listed.groups))
        if listed.groups.setdefault(group, place) != place:
            self._differs(row, Column.GROUP_ORDER, first)

    def _differs(self, row: int, column: Column, first: int) -> None:
        fault = self._fault(row, column, Wrong.VALUE_DIFFERS, firstRow=str(first))
        self.sheet.faults.append(fault)

    def _fault(self, row: int, column: Column, what: Reason | Wrong, **metadata: str) -> Fault:
        place = self._places.get(column)
        title = TITLES[column][0] if place is None else self._table.header[place]
        return Fault(row, title, what.value, metadata)


_PLAIN = frozenset(
    {Column.NUMBER, Column.HOUSEHOLD, Column.GROUP_ORDER, Column.ORDER, Column.PAPER}
)

_OF_HOUSEHOLD = (Column.HOUSEHOLD, Column.HOUSEHOLD_NAME, Column.ADDRESS, Column.ORDER)


def _is_order(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 6 and int(text) <= MOST_ORDER


def _fault_of(found: Problem) -> Fault:
    return Fault(found.row, found.title, found.reason.value, found.metadata)
