"""Reads a 総合振込 file strictly: what `write` would not have written is refused, by its record."""

from collections.abc import Mapping, Sequence

from core.payments.zengin import layout
from core.payments.zengin.decoding import (
    Problem,
    TransferFileBroken,
    choice,
    fields,
    invalid,
    month_day,
    originator,
    transfer,
)
from core.payments.zengin.records import (
    BankFormat,
    Designation,
    LineEnd,
    Originator,
    Transfer,
    TransferFile,
)

Record = Mapping[str, str]

# Which kinds of record may follow which.
_FOLLOWERS = {"": "1", "1": "2", "2": "28", "8": "9", "9": ""}


def read(data: bytes) -> TransferFile:
    """Return what the file says; `write` makes the same bytes of it again.

    Raises `TransferFileBroken` with the number of the record, and never a field's value in it.
    """
    line_end = LineEnd.CRLF if data[120:122] == b"\r\n" else LineEnd.NONE
    records = [fields(raw, number) for number, raw in enumerate(_split(data, line_end), 1)]
    _check_order(records)
    has_end = records[-1]["record_kind"] == "9"
    lines = len(records) - 2 - has_end
    header, data_records, trailer = records[0], records[1 : lines + 1], records[lines + 1]
    payer = originator(header)
    transfers = tuple(transfer(record, number) for number, record in enumerate(data_records, 2))
    _check_payment_ids(transfers)
    _check_totals(trailer, transfers, lines + 2)
    return TransferFile(
        originator=payer,
        transfers=transfers,
        month_day=month_day(header),
        format=BankFormat(
            line_end=line_end,
            bank_names=_bank_names(payer, transfers),
            clearing_house=_clearing_house(data_records),
            end_record=has_end,
            designation=choice(Designation, _same(data_records, "designation"), "designation", 2),
            wo=any("ｦ" in name for name in (payer.name, *(t.payee_name for t in transfers))),
        ),
    )


def _split(data: bytes, line_end: LineEnd) -> list[bytes]:
    end = line_end.value.encode()
    step = layout.RECORD_BYTES + len(end)
    pieces = [data[start : start + step] for start in range(0, len(data), step)]
    if not pieces:
        raise invalid(1, Problem.WRONG_LENGTH, "the file is empty")
    for number, piece in enumerate(pieces, 1):
        if len(piece) != step or not piece.endswith(end):
            raise invalid(
                number,
                Problem.WRONG_LENGTH,
                "must be 120 bytes, and each record of a file must end in the same way",
            )
    return [piece[: layout.RECORD_BYTES] for piece in pieces]


def _check_order(records: Sequence[Record]) -> None:
    before = ""
    for number, record in enumerate(records, 1):
        kind = record["record_kind"]
        if kind not in _FOLLOWERS[before]:
            raise _out_of_order(number)
        before = kind
    if before not in ("8", "9"):
        raise _out_of_order(len(records) + 1)


def _out_of_order(number: int) -> TransferFileBroken:
    return invalid(
        number,
        Problem.WRONG_ORDER,
        "is out of order or missing: a file is one record 1, its 2s, one 8 and at most one 9",
    )


def _check_payment_ids(transfers: Sequence[Transfer]) -> None:
    first: dict[str, int] = {}
    for number, line in enumerate(transfers, 2):
        if first.setdefault(line.payment_id, number) != number:
            raise invalid(
                number,
                Problem.FIELD_INVALID,
                f"has the customer codes of record {first[line.payment_id]}",
            )


def _check_totals(trailer: Record, transfers: Sequence[Transfer], number: int) -> None:
    count, total = len(transfers), sum(transfer.amount for transfer in transfers)
    said_count, said_total = int(trailer["count"]), int(trailer["total"])
    if (said_count, said_total) != (count, total):
        raise invalid(
            number,
            Problem.TOTALS_DIFFER,
            f"says {said_count} transfers of {said_total} yen, "
            f"but the file holds {count} of {total} yen",
        )


def _bank_names(payer: Originator, transfers: Sequence[Transfer]) -> bool:
    """Tell whether the file names banks: all or none, as a single gap is a sign of damage."""
    named = bool(payer.bank_name)
    holders: tuple[Originator | Transfer, ...] = (payer, *transfers)
    for number, holder in enumerate(holders, 1):
        if bool(holder.bank_name) is not named or bool(holder.branch_name) is not named:
            raise invalid(
                number, Problem.FIELD_INVALID, "bank and branch names must all be given, or none"
            )
    return named


def _clearing_house(records: Sequence[Record]) -> str:
    filler = _same(records, "clearing_house")
    if filler not in ("0000", "    "):
        raise invalid(2, Problem.FIELD_INVALID, "clearing_house must be zeros or spaces")
    return filler[0]


def _same(records: Sequence[Record], field: str) -> str:
    first = records[0][field]
    for number, record in enumerate(records, 2):
        if record[field] != first:
            raise invalid(number, Problem.FIELD_INVALID, f"{field} must be the same in all records")
    return first
