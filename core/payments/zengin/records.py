"""What a 総合振込 file says: who orders which transfers, and how the bank wants it written."""

from dataclasses import dataclass
from enum import StrEnum

from core.banks.account import AccountType


class LineEnd(StrEnum):
    """What stands after each record of 120 bytes."""

    NONE = ""
    CRLF = "\r\n"


class Designation(StrEnum):
    """振込指定区分: how the bank sends the order on; many banks want 0."""

    NONE = "0"
    WIRE = "7"
    DOCUMENT = "8"


class NewCode(StrEnum):
    """新規コード: whether the payee was in an earlier file."""

    OTHER = "0"
    FIRST = "1"
    CHANGED = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFormat:
    """The switches in which banks differ; each municipality's bank says its own.

    `clearing_house` fills the unused 手形交換所番号 with "0" or " ". `wo` admits ｦ in names.
    """

    line_end: LineEnd = LineEnd.NONE
    bank_names: bool = True
    clearing_house: str = "0"
    end_record: bool = True
    designation: Designation = Designation.WIRE
    wo: bool = False

    def __post_init__(self) -> None:
        if self.clearing_house not in ("0", " "):
            raise ValueError('clearing_house is filled with "0" or " "')


@dataclass(frozen=True, slots=True, kw_only=True)
class Originator:
    """委託者, who pays: the bank gave it `code` (ten digits), and holds its account."""

    code: str
    name: str
    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    account_type: AccountType
    account_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One payment: `amount` in yen, `payment_id` the 20 digits that come back in result files."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    account_type: AccountType
    account_number: str
    payee_name: str
    amount: int
    payment_id: str
    new_code: NewCode = NewCode.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFile:
    """A file as read: writing it again gives the same bytes. A file knows no year, only MMDD."""

    originator: Originator
    transfers: tuple[Transfer, ...]
    month_day: str
    format: BankFormat

    @property
    def total(self) -> int:
        """Return the sum of the amounts, in yen."""
        return sum(transfer.amount for transfer in self.transfers)
