"""The three files: registrations, the roster, and the truth about them, block by block."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from random import Random

from channels.simulators.city.chance import source
from channels.simulators.pairs.addresses import TOWN
from channels.simulators.pairs.ordinary import Population, Shares
from channels.simulators.pairs.people import Person
from channels.simulators.pairs.places import municipality
from channels.simulators.pairs.stress import StressPopulation
from channels.simulators.pairs.subjects import Group, Label, Side

REGISTRATIONS, ROSTER, TRUTH = "R.csv", "L.csv", "truth.csv"
HEADINGS = {
    REGISTRATIONS: (
        "registration_id,name,birth_date,sex,address,registered_at,name_flags,address_flags"
    ),
    ROSTER: (
        "addressee_number,name_kanji,name_kana,birth_date,sex,postal_code,address,"
        "household_number,bank_account"
    ),
    TRUTH: "registration_id,addressee_number,label,corruptions",
}
# People who are drawn from one source of chance: the first blocks of a large set are a small one's.
BLOCK = 1_000
# More ids than a block can need, should everybody of it be there twice.
IDS = 10 * BLOCK

CODES = {"男": "1", "女": "2"}

Row = list[str]


@dataclass(frozen=True, slots=True)
class Order:
    """What to draw; the same order gives the same files on every machine."""

    people: int
    seed: int
    shares: Shares = field(default_factory=Shares)
    stress: bool = False


@dataclass(slots=True)
class Written:
    """How much was written, and of what kind."""

    registrations: int = 0
    rows: int = 0
    labels: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Block:
    """The lines of one block of people."""

    registrations: list[Row] = field(default_factory=list)
    roster: list[Row] = field(default_factory=list)
    truth: list[Row] = field(default_factory=list)


def write(
    order: Order, directory: Path, progress: Callable[[int], None] = lambda _people: None
) -> Written:
    """Write `R.csv`, `L.csv` and `truth.csv` into the directory, which is made if need be."""
    directory.mkdir(parents=True, exist_ok=True)
    written = Written()
    with (
        (directory / REGISTRATIONS).open("w", encoding="utf-8", newline="") as registrations,
        (directory / ROSTER).open("w", encoding="utf-8", newline="") as roster,
        (directory / TRUTH).open("w", encoding="utf-8", newline="") as truth,
    ):
        outs = (registrations, roster, truth)
        for out, heading in zip(outs, HEADINGS.values(), strict=True):
            out.write(heading + "\n")
        for block in blocks(order):
            for out, lines in zip(
                outs, (block.registrations, block.roster, block.truth), strict=True
            ):
                out.write(_encoded(lines))
            written.registrations += len(block.registrations)
            written.rows += len(block.roster)
            written.labels.update(line[2] for line in block.truth)
            progress(BLOCK)
    return written


def blocks(order: Order) -> Iterator[Block]:
    for number in range(-(-order.people // BLOCK)):
        yield block(order, number, min(BLOCK, order.people - number * BLOCK))


def block(order: Order, number: int, people: int) -> Block:
    """Draw one block; the last household or group is cut where it is too large."""
    random = source(order.seed, f"{'stress' if order.stress else 'pairs'}:{number}")
    place = municipality(order.seed)
    population = StressPopulation if order.stress else Population
    groups: list[Group] = []
    for group in population(random, place, order.shares).groups():
        del group.subjects[people:]
        groups.append(group)
        people -= len(group.subjects)
        if people == 0:
            break
    return _Scribe(random, number * IDS).write(groups)


class _Scribe:
    """Gives out ids, and writes groups down in an order that tells nothing."""

    def __init__(self, random: Random, first: int) -> None:
        self._random = random
        self._first = first

    def write(self, groups: list[Group]) -> Block:
        cards = self._ids("R", [side for g in groups for s in g.subjects for side in s.cards])
        rows = self._ids("", [side for g in groups for s in g.subjects for side in s.rows])
        found = Block()
        for number, group in enumerate(groups, self._first):
            found.truth += _truth(group, cards, rows)
            for subject in group.subjects:
                person = subject.person
                for card in subject.cards:
                    found.registrations.append(self._registration(cards[id(card)], card))
                for row in subject.rows:
                    found.roster.append(self._entitled(rows[id(row)], row, person, number))
        found.registrations.sort()
        found.roster.sort()
        return found

    def _ids(self, prefix: str, sides: list[Side]) -> dict[int, str]:
        """Give every side an id, by the identity of the object."""
        numbers = list(range(self._first + 1, self._first + 1 + len(sides)))
        self._random.shuffle(numbers)
        return {id(side): f"{prefix}{n:010}" for side, n in zip(sides, numbers, strict=True)}

    def _registration(self, number: str, card: Side) -> Row:
        address, flags = "".join(card.address), ""
        if card.town_flags:
            before = len("".join(card.address[:TOWN]))
            flags = f"{'0' * before}{card.town_flags}".ljust(len(address), "0")
        of_name = card.name_flags if "1" in card.name_flags else ""
        luck = int(self._random.random() * 31 * 24 * 60)
        at = f"2026-05-{1 + luck // 1440:02}T{luck // 60 % 24:02}:{luck % 60:02}:00+09:00"
        return [number, card.name, card.birth, card.sex, address, at, of_name, flags]

    def _entitled(self, number: str, row: Side, person: Person, household: int) -> Row:
        luck = int(self._random.random() * 10_000_000)
        account = f"{luck % 3 * 77 + 5:04}-{luck % 97 + 1:03}-1-{luck:07}" if luck % 20 else ""
        address = "".join(row.address)
        postcode = person.home.town.postcode
        sex = CODES.get(row.sex, "") if luck % 3 == 0 else row.sex
        return [
            number, row.name, row.kana, row.birth, sex, postcode, address,
            f"{household:010}", account,
        ]  # fmt: skip


def _truth(group: Group, cards: dict[int, str], rows: dict[int, str]) -> Iterator[Row]:
    """Name every pair of one person; and of two people, where they look alike."""
    for one in group.subjects:
        tags = ";".join(one.tags)
        for card in one.cards:
            for row in one.rows:
                yield [cards[id(card)], rows[id(row)], one.label, tags]
            if not group.look_alike:
                continue
            for other in group.subjects:
                if other is not one:
                    for row in other.rows:
                        yield [cards[id(card)], rows[id(row)], Label.NEVER, group.look_alike]


def _encoded(lines: list[Row]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()
