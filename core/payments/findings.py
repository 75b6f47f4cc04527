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
    found = []
    above = [n for n, payment in enumerate(payments, 1) if payment.amount > program.amount]
    if above:
        figures = {
            "amount": str(program.amount),
            "most": str(max(payment.amount for payment in payments)),
        }
        found.append(_finding(Kind.ABOVE_PROGRAM_AMOUNT, above, figures))
    paid = Counter(payment.account for payment in payments)
    shared = [
        number
        for number, payment in enumerate(payments, 1)
        if paid[payment.account] > 1 or payment.account in earlier.accounts
    ]
    if shared:
        accounts = {payments[number - 1].account for number in shared}
        figures = {"accounts": str(len(accounts))}
        found.append(_finding(Kind.MANY_LINES_TO_ONE_ACCOUNT, shared, figures))
    total = sum(payment.amount for payment in payments)
    if earlier.total + total > program.budget:
        figures = {
            "total": str(total),
            "earlier": str(earlier.total),
            "budget": str(program.budget),
        }
        found.append(Finding(Kind.ABOVE_BUDGET, (), figures))
    if earlier.lines + len(payments) > program.entitled:
        figures = {
            "lines": str(len(payments)),
            "earlier": str(earlier.lines),
            "entitled": str(program.entitled),
        }
        found.append(Finding(Kind.MORE_LINES_THAN_ENTITLEMENTS, (), figures))
    return found


def _finding(kind: Kind, lines: Sequence[int], figures: dict[str, str]) -> Finding:
    return Finding(kind, tuple(lines[:MOST_LINES_NAMED]), {**figures, "lineCount": str(len(lines))})
