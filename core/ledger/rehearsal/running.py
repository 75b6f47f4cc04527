"""Runs a list through the engine and the branches of inviting; pure but for what it is given."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.matching import Decision, Entitled, Pair, Registration, match
from core.residents.rules import Assurance, suffices
from core.rosters.rows import RosterRow

Person = tuple[RosterRow, int]
"""A row of the list, and how much it would be in yen."""


class Branch(StrEnum):
    """Which way a row would go, in the order in which inviting asks."""

    PROTECTED = "protected"
    REVIEW = "review"
    LETTER = "letter"
    ASSURANCE_TOO_LOW = "assurance_too_low"
    NO_ACCOUNT = "no_account"
    UNREACHABLE = "unreachable"
    ACCOUNT_ON_FILE = "account_on_file"


@dataclass(frozen=True, slots=True)
class Matched:
    """What the engine and kept rules decided: pairs by the row's number, and who was accepted."""

    pairs: list[Pair]

    @property
    def accepted(self) -> dict[str, str]:
        """Return the resident of each linked row."""
        return {
            pair.entitled_id: pair.registration_id
            for pair in self.pairs
            if pair.decision is Decision.ACCEPTED
        }


@dataclass(frozen=True, slots=True)
class Residents:
    """What is known of those whom the engine linked or may link."""

    protected: Collection[str]
    assurance: Mapping[str, Assurance]
    reached: Collection[str]


def matched(registrations: Sequence[Registration], people: Sequence[Person]) -> Matched:
    """Run the engine; slow where the sides are large."""
    entitled = [
        Entitled(
            id=str(row.row),
            name=row.name,
            birth_date=row.birth_date,
            sex=row.sex or "",
            address=row.address,
        )
        for row, _ in people
    ]
    return Matched(match(registrations, entitled))


def branches(
    people: Sequence[Person], found: Matched, residents: Residents, required: Assurance
) -> dict[str, Branch]:
    """Return which way each row would go, by its number."""
    meant: dict[str, list[str]] = defaultdict(list)
    for pair in found.pairs:
        if pair.decision is Decision.REFUSED:
            continue
        meant[pair.entitled_id].append(pair.registration_id)
    accepted = found.accepted
    ways = {}
    for row, _ in people:
        id = str(row.row)
        if row.suppressed or any(one in residents.protected for one in meant[id]):
            ways[id] = Branch.PROTECTED
        elif id in accepted:
            ways[id] = _linked(row, accepted[id], residents, required)
        else:
            ways[id] = Branch.REVIEW if meant[id] else Branch.LETTER
    return ways


def _linked(row: RosterRow, resident: str, residents: Residents, required: Assurance) -> Branch:
    if not suffices(residents.assurance[resident], required):
        return Branch.ASSURANCE_TOO_LOW
    if row.account is None:
        return Branch.NO_ACCOUNT
    return Branch.ACCOUNT_ON_FILE if resident in residents.reached else Branch.UNREACHABLE


def counted(ways: Mapping[str, Branch]) -> dict[str, int]:
    return {branch.value: number for branch, number in sorted(Counter(ways.values()).items())}
