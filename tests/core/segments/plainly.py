"""People as plain data, and whether a condition finds one: what the statement must find as well."""

from dataclasses import dataclass, field
from datetime import date, datetime

from core.applications.rules import State
from core.associations.rules import OfficeKind
from core.eligibility.terms import age_on
from core.japan import today
from core.normalise.addresses import read_area
from core.segments import rules


@dataclass(frozen=True)
class Membership:
    association: str
    group: str
    household: str
    office: OfficeKind | None = None
    ended: bool = False


@dataclass(frozen=True)
class Got:
    """What became of a campaign for somebody."""

    told: str
    opened: bool = False


@dataclass(frozen=True)
class Person:
    """A resident, as everybody would describe them."""

    id: str
    birth: str
    sex: str
    address: str
    registered: datetime
    language: str = ""
    channels: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    contact_language: str = "ja"
    topics: dict[str, bool] = field(default_factory=dict)
    memberships: tuple[Membership, ...] = ()
    entitled: frozenset[str] = frozenset()
    applied: dict[str, State] = field(default_factory=dict)
    marked: frozenset[tuple[str, str, str]] = frozenset()
    got: dict[str, Got] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    protected: bool = False


@dataclass(frozen=True)
class World:
    """What holds beside the people: the day, topics chosen at first, kept segments."""

    now: datetime
    at_first: frozenset[str]
    kept: dict[str, rules.Condition]


def finds(  # noqa: C901, PLR0911, PLR0912 - one case a kind.
    condition: rules.Condition, person: Person, world: World
) -> bool:
    """Whether a tree finds a person."""
    match condition:
        case rules.AllOf(parts):
            return all(finds(part, person, world) for part in parts)
        case rules.AnyOf(parts):
            return any(finds(part, person, world) for part in parts)
        case rules.NoneOf(parts):
            return not any(finds(part, person, world) for part in parts)
        case rules.Kept(segment_id):
            return finds(world.kept[segment_id], person, world)
        case rules.Age():
            return _has_age(condition, person, world)
        case rules.Sex(digit):
            return person.sex == digit
        case rules.InArea(town, block):
            lives = read_area(person.address)
            return lives[0] == read_area(town)[0] and (not block or lives[1] == block)
        case rules.InAssociation():
            return any(_belongs(condition, one) for one in person.memberships)
        case rules.InProgram(program_id, states):
            if states:
                return person.applied.get(program_id) in states
            return program_id in person.entitled
        case rules.Answered(procedure, step, value):
            return (procedure, step, value) in person.marked
        case rules.Wants(topic):
            return person.topics.get(topic, topic in world.at_first)
        case rules.Reads(language):
            if person.language:
                return person.language == language
            return bool(person.channels | person.lost) and person.contact_language == language
        case rules.On(channel):
            return channel in person.channels
        case rules.Registered(begin, end):
            return begin <= today(person.registered) <= end
        case rules.Campaigned(campaign_id, engagement):
            return _stood(person, campaign_id, engagement)
        case rules.Chosen(resident_ids):
            return person.id in resident_ids
    raise AssertionError(condition)


def _has_age(asked: rules.Age, person: Person, world: World) -> bool:
    """Of a birth that is known in part, every day it may have been must fit."""
    year, month, day = person.birth.split("-") if person.birth else ("", "", "")
    if not year:
        return False
    if month == "00":
        days = [date(int(year), 1, 1), date(int(year), 12, 31)]
    elif day == "00":
        first = date(int(year), int(month), 1)
        days = [first, first.replace(day=28)]
    else:
        days = [date.fromisoformat(person.birth)]
    ages = [age_on(born, today(world.now)) for born in days]
    return all(age is not None and asked.from_age <= age <= asked.to_age for age in ages)


def _belongs(asked: rules.InAssociation, one: Membership) -> bool:
    return (
        not one.ended
        and one.association == asked.association_id
        and (not asked.group_id or one.group == asked.group_id)
        and (not asked.household_ids or one.household in asked.household_ids)
        and (not asked.offices or one.office in asked.offices)
    )


def _stood(person: Person, campaign_id: str, engagement: str) -> bool:
    got = person.got.get(campaign_id)
    if got is None:
        return False
    unreached = got.told in {"failed", "dropped", "left_out", "inbox"}
    answered = campaign_id in person.answered
    return {
        "opened": got.opened,
        "answered": answered,
        "not_answered": not answered,
        "not_reached": unreached and not got.opened,
        "not_opened": not unreached and not got.opened,
    }[engagement]
