"""Writes a 総合振込 file, or refuses: only names are ever cut, and those by the banks' rule."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from core.banks import payee_name
from core.banks.account import AccountType
from core.banks.payee_name import Characters
from core.errors import BadRequest
from core.payments.zengin import layout
from core.payments.zengin.records import BankFormat, Originator, Transfer

MOST_TRANSFERS = 999_999
PAYMENT_ID_DIGITS = 20
ORIGINATOR_ACCOUNTS = (AccountType.ORDINARY, AccountType.CURRENT, AccountType.OTHER)


class TransferFieldInvalid(BadRequest):
    """A field of a transfer order cannot stand in the file; metadata hold `field`, its path."""

    reason = "TRANSFER_FIELD_INVALID"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}", field=field)
        self.metadata["field"] = field


def write(
    originator: Originator,
    transfers: Sequence[Transfer],
    transfer_date: date,
    format: BankFormat,
) -> bytes:
    """Return the bytes of the file for the bank.

    Names are folded into legal characters, and what does not fit is cut off their ends. Raises
    `TransferFieldInvalid`, `payee_name.IllegalCharacter` and `payee_name.NameEmpty`, each naming
    the field as `originator.code` or `transfers[3].amount`.
    """
    if not 1 <= len(transfers) <= MOST_TRANSFERS:
        raise TransferFieldInvalid(
            "transfers", f"must be 1 to {MOST_TRANSFERS}, and are {len(transfers)}"
        )
    end = format.line_end.value.encode()
    return b"".join(
        record + end for record in _records(originator, transfers, transfer_date, format)
    )


def _records(
    originator: Originator,
    transfers: Sequence[Transfer],
    transfer_date: date,
    format: BankFormat,
) -> Iterator[bytes]:
    yield _header(originator, transfer_date, format)
    seen: set[str] = set()
    for index, transfer in enumerate(transfers):
        where = f"transfers[{index}]"
        if transfer.payment_id in seen:
            raise TransferFieldInvalid(f"{where}.payment_id", "must be unique in the file")
        seen.add(transfer.payment_id)
        yield _data(transfer, where, format)
    total = sum(transfer.amount for transfer in transfers)
    yield _encoded(
        layout.TRAILER,
        {"record_kind": "8", "count": str(len(transfers)), "total": str(total)},
        "transfers",
    )
    if format.end_record:
        yield layout.encode(layout.END, {"record_kind": "9"})


def _header(originator: Originator, transfer_date: date, format: BankFormat) -> bytes:
    where = "originator"
    if originator.account_type not in ORIGINATOR_ACCOUNTS:
        raise TransferFieldInvalid(f"{where}.account_type", "must be ordinary, current or other")
    values = {
        "record_kind": "1",
        "file_kind": "21",
        "code_kind": "0",
        "originator_code": _digits(originator.code, 10, f"{where}.code"),
        "originator_name": _name(originator.name, 40, f"{where}.name", format),
        "month_day": f"{transfer_date:%m%d}",
        **_account(originator, where, format),
    }
    return _encoded(layout.HEADER, values, where)


def _data(transfer: Transfer, where: str, format: BankFormat) -> bytes:
    payment_id = _digits(transfer.payment_id, PAYMENT_ID_DIGITS, f"{where}.payment_id")
    if transfer.amount < 1:
        raise TransferFieldInvalid(f"{where}.amount", "must be at least 1 yen")
    values = {
        "record_kind": "2",
        **_account(transfer, where, format),
        "clearing_house": format.clearing_house * 4,
        "payee_name": _name(transfer.payee_name, 30, f"{where}.payee_name", format),
        "amount": str(transfer.amount),
        "new_code": transfer.new_code.value,
        "customer_code_1": payment_id[:10],
        "customer_code_2": payment_id[10:],
        "designation": format.designation.value,
    }
    return _encoded(layout.DATA, values, where)


def _account(holder: Originator | Transfer, where: str, format: BankFormat) -> dict[str, str]:
    names: dict[str, str] = {}
    if format.bank_names:
        names["bank_name"] = _bank_name(holder.bank_name, f"{where}.bank_name")
        names["branch_name"] = _bank_name(holder.branch_name, f"{where}.branch_name")
    return names | {
        "bank_code": _digits(holder.bank_code, 4, f"{where}.bank_code"),
        "branch_code": _digits(holder.branch_code, 3, f"{where}.branch_code"),
        "account_type": holder.account_type.value,
        "account_number": _digits(holder.account_number, 7, f"{where}.account_number"),
    }


def _name(name: str, width: int, field: str, format: BankFormat) -> str:
    return payee_name.cut(payee_name.fold(name, wo=format.wo, field=field), width)


def _bank_name(name: str, field: str) -> str:
    return payee_name.cut(payee_name.fold(name, Characters.BANK_NAME, field=field), 15)


def _digits(text: str, width: int, field: str) -> str:
    """Codes and ids come whole: a digit too few is as wrong as one too many."""
    if len(text) != width or not (text.isascii() and text.isdigit()):
        raise TransferFieldInvalid(field, f"must be exactly {width} digits")
    return text


def _encoded(fields: tuple[layout.Field, ...], values: Mapping[str, str], where: str) -> bytes:
    try:
        return layout.encode(fields, values)
    except layout.Unfit as unfit:
        raise TransferFieldInvalid(f"{where}.{unfit.field.name}", str(unfit)) from unfit
