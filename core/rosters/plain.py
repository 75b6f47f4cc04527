"""Reads a block of rows column by column, where no cell of it needs a look of its own.

That takes a fourth of the time. It decides nothing: a block in which anything is strange, and a row
in which anything cannot be read, go to the rules of `core.rosters.cells` and `core.rosters.fields`.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Protocol

from core.my_number import contains_my_number
from core.rosters.blocks import Block
from core.rosters.cells import is_strange
from core.rosters.columns import ACCOUNT, Column
from core.rosters.fields import READERS, Cells, Understood, joined, most_of
from core.rosters.own_numbers import Tally
from core.rosters.rows import AccountOnFile, Problem, RosterRow
from core.rosters.text import RosterBroken, Undecodable

MOST_CHARACTERS = 1_000
"""In a cell; Python's csv bounds them at some more, in bytes or in characters."""

_TWELVE = 12
"""The digits of a My Number, and so the characters that one takes at the least in ASCII."""

_IN_ACCOUNT = tuple(column for column in Column if column in ACCOUNT)


class Head(Understood, Protocol):
    """What must be known of a file to read a block of it."""

    @property
    def delimiter(self) -> str: ...

    @property
    def row(self) -> int: ...

    @property
    def own_numbers(self) -> tuple[int, ...]: ...


Columns = list[tuple[str, ...]]


def columns_of(head: Head, block: Block) -> tuple[list[int], Columns] | None:
    """Return a block's rows after the header by number, and its columns; or None."""
    numbers: list[int] = []
    rows: list[list[str]] = []
    try:
        for number, row in block.decoded_rows(head.delimiter, head.encoding):
            if number > head.row:
                numbers.append(number)
                rows.append(row)
    except (RosterBroken, Undecodable):
        return None
    if set(map(len, rows)) != {len(head.header)}:
        return None
    columns: Columns = list(zip(*rows, strict=True))
    own = head.own_numbers
    if not all(_is_plain(cells, is_own=place in own) for place, cells in enumerate(columns)):
        return None
    return numbers, columns


def _is_plain(cells: Sequence[str], *, is_own: bool) -> bool:
    longest = max(map(len, cells))
    whole = "\n".join(cells)
    if longest > MOST_CHARACTERS or is_strange(whole):
        return False
    if whole.isascii() and (longest < _TWELVE or (is_own and whole.replace("\n", "").isdigit())):
        return True
    return not contains_my_number(whole)


def rows_of(
    head: Head, numbers: Sequence[int], columns: Columns, tally: Tally
) -> Iterator[RosterRow | Problem]:
    """Yield the rows of `columns_of`, or what is wrong with them."""
    for place in head.own_numbers:
        for number, cell in zip(numbers, columns[place], strict=True):
            tally.add(place, cell, number)
    refused: set[int] = set()
    read = {column: _read(head, columns, len(numbers), column, refused) for column in READERS}
    accounts = _accounts([read[column] for column in _IN_ACCOUNT], refused)
    for place, number in enumerate(numbers):
        if place in refused:
            cells = Cells(head, number, [one[place] for one in columns])
            row = cells.row()
            yield from cells.problems or (row,)
            continue
        yield RosterRow(
            row=number,
            reference=read[Column.REFERENCE][place],
            household=read[Column.HOUSEHOLD][place],
            name=read[Column.NAME][place],
            name_kana=read[Column.NAME_KANA][place],
            birth_date=read[Column.BIRTH_DATE][place],
            sex=read[Column.SEX][place],
            postcode=read[Column.POSTCODE][place],
            address=read[Column.ADDRESS][place],
            amount=read[Column.AMOUNT][place],
            account=accounts[place],
            suppressed=read[Column.SUPPRESSION][place],
            household_size=read[Column.HOUSEHOLD_SIZE][place],
        )


def _read(head: Head, columns: Columns, count: int, column: Column, refused: set[int]) -> list[Any]:
    """Read each different text of a column once; put the rows among `refused` that it is not of."""
    reader, otherwise = READERS[column]
    places = head.columns.get(column)
    if not places:
        return [otherwise] * count
    if len(places) == 1:
        texts = [cell.strip() for cell in columns[places[0]]]
    else:
        spread = [columns[place] for place in places]
        every = range(len(places))
        texts = [joined(cells, every) for cells in zip(*spread, strict=True)]
    different, most = set(texts), most_of(column)
    known: dict[str, Any] = {}
    if column not in head.required or column in ACCOUNT:
        known[""] = otherwise
    for text in different - {""}:
        if len(text) <= most:
            with suppress(ValueError):
                known[text] = reader(text)
    if not different <= known.keys():
        refused.update(place for place, text in enumerate(texts) if text not in known)
    return [known.get(text) for text in texts]


def _accounts(columns: list[list[Any]], refused: set[int]) -> list[AccountOnFile | None]:
    """Return the account of each row; one that has a part of it only is among `refused`."""
    accounts: list[AccountOnFile | None] = []
    for place, (bank, branch, kind, number, name) in enumerate(zip(*columns, strict=True)):
        account = None
        if bank and branch and kind and number and name:
            account = AccountOnFile(
                bank_code=bank,
                branch_code=branch,
                account_type=kind,
                account_number=number,
                account_name=name,
            )
        elif bank or branch or kind or number or name:
            refused.add(place)
        accounts.append(account)
    return accounts
