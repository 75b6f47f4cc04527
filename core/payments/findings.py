"""What stops a batch until two people override it: amounts, accounts, budget and counts."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MOST_LINES_NAMED = 1_000
"""Most lines that a finding names; its metadata tell how many there are."""


class Kind(StrEnum):
    """What a finding is."""

    ABOVE_PROGRAM_AMOUNT = "above_program_amount"
    MANY_LINES_TO_ONE_ACCOUNT = "many_lines_to_one_account"
    ABOVE_BUDGET = "above_budget"
    MORE_LINES_THAN_ENTITLEMENTS = "more_lines_than_entitlements"


@dataclass(frozen=True, slots=True)
class Payment:
    """A line as the rules see it: yen, and an opaque key that is equal for equal accounts."""

    amount: int
    account: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a program allows: yen for one entitlement and for all, and how many are entitled."""

    amount: int
    budget: int
    entitled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What the program's live lines in earlier batches are: how many, their yen and accounts."""

    lines: int = 0
    total: int = 0
    accounts: Collection[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that stops a batch, with the numbers of its lines and figures to word it by."""

    kind: Kind
    lines: tuple[int, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)


def find(payments: Sequence[Payment], program: Program, earlier: Earlier) -> list[Finding]:
    """Return what stops these payments; they are the batch's lines, in order from number 1."""
    found = (
        _above_amount(payments, program),
        _to_one_account(payments, earlier),
        _above_budget(payments, program, earlier),
        _more_lines(payments, program, earlier),
    )
    return [one for one in found if one is not None]


def _above_amount(payments: Sequence[Payment], program: Program) -> Finding | None:
    above = [n for n, payment in enumerate(payments, 1) if payment.amount > program.amount]
    if not above:
        return None
    most = max(payment.amount for payment in payments)
    figures = {"amount": str(program.amount), "most": str(most)}
    return _finding(Kind.ABOVE_PROGRAM_AMOUNT, above, figures)


def _to_one_account(payments: Sequence[Payment], earlier: Earlier) -> Finding | None:
    paid = Counter(payment.account for payment in payments)
    shared = [
        number
        for number, payment in enumerate(payments, 1)
        if paid[payment.account] > 1 or payment.account in earlier.accounts
    ]
    if not shared:
        return None
    accounts = {payments[number - 1].account for number in shared}
    return _finding(Kind.MANY_LINES_TO_ONE_ACCOUNT, shared, {"accounts": str(len(accounts))})


def _above_budget(
    payments: Sequence[Payment], program: Program, earlier: Earlier
) -> Finding | None:
    total = sum(payment.amount for payment in payments)
    if earlier.total + total <= program.budget:
        return None
    figures = {"total": str(total), "earlier": str(earlier.total), "budget": str(program.budget)}
    return Finding(Kind.ABOVE_BUDGET, (), figures)


def _more_lines(payments: Sequence[Payment], program: Program, earlier: Earlier) -> Finding | None:
    lines = len(payments)
    if earlier.lines + lines <= program.entitled:
        return None
    figures = {
        "lines": str(lines),
        "earlier": str(earlier.lines),
        "entitled": str(program.entitled),
    }
    return Finding(Kind.MORE_LINES_THAN_ENTITLEMENTS, (), figures)


def _finding(kind: Kind, lines: Sequence[int], figures: dict[str, str]) -> Finding:
    return Finding(kind, tuple(lines[:MOST_LINES_NAMED]), {**figures, "lineCount": str(len(lines))})
