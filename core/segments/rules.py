"""Trees of conditions, read from the contract's Condition in JSON and checked in themselves.

What a leaf names (a program, a kept segment) is looked up where the tree is compiled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.applications.rules import State
from core.associations.rules import OfficeKind
from core.errors import AlreadyThere, BadRequest, NotFound, NotNow

DEEPEST = 10
LARGEST = 200


class SegmentUnknown(NotFound):
    """`path` says where in the tree it is named, where a tree names it."""

    reason = "SEGMENT_UNKNOWN"


class SegmentExists(AlreadyThere):
    reason = "SEGMENT_EXISTS"


class SegmentInUse(NotNow):
    """`users` are the names of what names it."""

    reason = "SEGMENT_IN_USE"


class SegmentInvalid(BadRequest):
    """`path` says where in the tree, as `any_of[1].age`; `problem` is a word for callers."""

    reason = "SEGMENT_INVALID"

    def __init__(self, path: str, problem: str, text: str) -> None:
        super().__init__(f"{path or 'condition'}: {text}", path=path, problem=problem)
        self.path = path
        self.problem = problem
        self.text = text


@dataclass(frozen=True, slots=True)
class AllOf:
    """Each holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """None holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept segment's condition holds; the path is where in the tree it is named."""

    segment_id: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Age:
    """Of an age in years, the first and the last included."""

    from_age: int
    to_age: int


@dataclass(frozen=True, slots=True)
class Sex:
    """Of this sex in the register, by its digit."""

    digit: str


@dataclass(frozen=True, slots=True)
class InArea:
    """Living in a town, or in a block of it."""

    town: str
    block: str


@dataclass(frozen=True, slots=True)
class InAssociation:
    """A member of an association, or of a part of it; with `offices`, in one of them today."""

    association_id: str
    group_id: str
    household_ids: tuple[str, ...]
    offices: tuple[OfficeKind, ...]


@dataclass(frozen=True, slots=True)
class InProgram:
    """With an application in one of the states; without states, entitled and matched."""

    program_id: str
    states: tuple[State, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Having last chosen this at a marked step."""

    procedure: str
    step: str
    value: str


@dataclass(frozen=True, slots=True)
class Wants:
    """Wanting to hear of a topic."""

    topic: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Reads:
    """Reading a language."""

    language: str


@dataclass(frozen=True, slots=True)
class On:
    """Reached on a channel, or reading on it."""

    channel: str


@dataclass(frozen=True, slots=True)
class Registered:
    """Registered on one of the days from one to another."""

    begin: date
    end: date


@dataclass(frozen=True, slots=True)
class Campaigned:
    """Having stood so to an earlier campaign, such as "not_opened"."""

    campaign_id: str
    engagement: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of these residents."""

    resident_ids: tuple[str, ...]


Condition = (
    AllOf
    | AnyOf
    | NoneOf
    | Kept
    | Age
    | Sex
    | InArea
    | InAssociation
    | InProgram
    | Answered
    | Wants
    | Reads
    | On
    | Registered
    | Campaigned
    | Chosen
)

Json = Mapping[str, Any]

_SEXES = {"SEX_MALE": "1", "SEX_FEMALE": "2", "SEX_OTHER": "9"}
_NODES: dict[str, type[AllOf | AnyOf | NoneOf]] = {
    "all_of": AllOf,
    "any_of": AnyOf,
    "none_of": NoneOf,
}


def read(condition: Json) -> Condition:
    """Return the tree of the contract's Condition, in JSON with the contract's names.

    Raises SegmentInvalid where it is too deep or too large, or an age or a date cannot be.
    """
    size = 0

    def node(json: Json, path: str, depth: int) -> Condition:
        nonlocal size
        size += 1
        if depth > DEEPEST or size > LARGEST:
            text = f"at most {DEEPEST} deep and {LARGEST} conditions"
            raise SegmentInvalid(path, "TOO_LARGE", text)
        ((kind, said),) = json.items()
        at = f"{path}.{kind}" if path else kind
        if kind not in _NODES:
            return _leaf(kind, said, at)
        parts = [
            node(part, f"{at}[{number}]", depth + 1)
            for number, part in enumerate(said["conditions"])
        ]
        return _NODES[kind](tuple(parts))

    return node(condition, "", 1)


def _leaf(kind: str, said: Any, path: str) -> Condition:  # noqa: PLR0911, PLR0912, C901 - one case a kind.
    match kind:
        case "segment_id":
            return Kept(said, path)
        case "age":
            return _age(said, path)
        case "sex":
            return Sex(_SEXES[said])
        case "area":
            return InArea(said["town"], said.get("block", ""))
        case "association":
            return InAssociation(
                said["association_id"],
                said.get("group_id", ""),
                tuple(said.get("household_ids", ())),
                tuple(OfficeKind(_named(name, "OFFICE_KIND_")) for name in said.get("offices", ())),
            )
        case "program":
            states = [State(_named(name, "APPLICATION_STATE_")) for name in said.get("states", ())]
            return InProgram(said["program_id"], tuple(states), path)
        case "answer":
            return Answered(said["procedure"], said["step"], said["value"])
        case "topic":
            return Wants(said, path)
        case "language":
            return Reads(said)
        case "channel":
            return On(said)
        case "registered":
            return _registered(said, path)
        case "campaign":
            engagement = _named(said["engagement"], "ENGAGEMENT_")
            return Campaigned(said["campaign_id"], engagement, path)
        case "residents":
            return Chosen(tuple(said["resident_ids"]))
    raise SegmentInvalid(path, "KIND_UNKNOWN", "no such condition")


def _age(said: Json, path: str) -> Age:
    age = Age(said.get("from_age", 0), said.get("to_age", 0))
    if age.from_age > age.to_age:
        raise SegmentInvalid(path, "AGES_REVERSED", "the first age is above the last")
    return age


def _registered(said: Json, path: str) -> Registered:
    try:
        days = Registered(
            date.fromisoformat(said["begin_date"]), date.fromisoformat(said["end_date"])
        )
    except ValueError:
        raise SegmentInvalid(path, "NO_SUCH_DAY", "no such day") from None
    if days.begin > days.end:
        raise SegmentInvalid(path, "DAYS_REVERSED", "the first day is after the last")
    return days


def _named(name: str, prefix: str) -> str:
    """Return the member of an enumeration of ours for the contract's name of it."""
    return name.removeprefix(prefix).lower()


def kept_in(condition: Condition) -> Sequence[Kept]:
    """Return the kept segments that a tree names."""
    match condition:
        case Kept():
            return [condition]
        case AllOf(parts) | AnyOf(parts) | NoneOf(parts):
            return [kept for part in parts for kept in kept_in(part)]
        case _:
            return []
