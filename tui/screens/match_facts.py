"""A match as people read it: both sides letter by letter, then in words why it is doubtful."""

import re
from collections.abc import Callable, Iterator

from textual.content import Content

from todoke.v1.matching_pb2 import MATCH_DECISION_TO_CONFIRM, Match, MatchClass, MatchDecision
from todoke.v1.residents_pb2 import Sex
from tui import formats
from tui.widgets.side_by_side import Sides, code_points, side_by_side
from tui.wording import Words

DIFFERENCE = re.compile(r"(?P<fact>name|address): (?P<pairs>.+ for .+)")
"""How the contract writes one."""

POINTS_SHOWN = 2
"""Pairs of code points under the table; all of them stand in the details."""


def compared(words: Words, match: Match, *, width: int, whole: bool = False) -> Iterator[Content]:
    """Write each fact from both sides, then the code points of what differs in the name."""
    entitled = match.entitlement
    sides = Sides(words("side.roster"), words("side.resident"), words("side.equal"))
    facts = (
        ("name", entitled.name, match.resident_name, match.resident_name_flags),
        ("birth_date", entitled.birth_date, match.resident_birth_date, ""),
        ("sex", _sex(words, entitled.sex), _sex(words, match.resident_sex), ""),
        ("address", entitled.address, match.resident_address, match.resident_address_flags),
    )
    for name, ours, theirs, flags in facts:
        label = words(f"fact.{name}")
        yield side_by_side(label, sides, ours, theirs, width=width, flags=flags)
    points = code_points(entitled.name, match.resident_name)
    if whole:
        points += code_points(entitled.address, match.resident_address)
    if points:
        shown = points if whole else points[:POINTS_SHOWN]
        line = words("points", points="   ".join(shown))
        yield Content(line if whole else formats.fit(line, width))
    if "1" in match.resident_name_flags + match.resident_address_flags:
        yield Content.styled(words("stand_in"), "dim")


def told(words: Words, match: Match, facts: Callable[..., Content]) -> Content:
    """Say how they resemble each other, by which rule, and who has decided what and why."""
    parts = [
        facts(
            ("fact.match_class", words(f"match_class.{MatchClass.Name(match.match_class)}")),
            ("fact.rule", _rule(words, match)),
        ),
        facts(("fact.difference", differing(words, match.difference))),
    ]
    if match.decided_by or match.rule_id:
        decision = match.decision
        if decision == MATCH_DECISION_TO_CONFIRM:
            decision = match.proposed
        parts.append(
            facts(
                ("fact.decision", words(f"state.{MatchDecision.Name(decision)}")),
                ("fact.decided_by", match.decided_by or words("by_rule")),
                ("fact.confirmed_by", match.confirmed_by),
                ("fact.reason", formats.plain(match.reason)),
            )
        )
    return Content("\n").join(part for part in parts if part)


def differing(words: Words, difference: str) -> str:
    """Say in words what the contract says of a difference."""
    told = DIFFERENCE.fullmatch(difference)
    if told is None:
        return formats.plain(difference)
    pairs = (pair.partition(" for ") for pair in told["pairs"].split(", "))
    return words(
        "differing",
        fact=words(f"fact.{told['fact']}"),
        pairs=words("comma").join(
            words("differing_pair", roster=formats.plain(one), resident=formats.plain(other))
            for one, _, other in pairs
        ),
    )


def _rule(words: Words, match: Match) -> str:
    """Name the rule, unless a person's reason stands in its place or it says the class again."""
    if match.rule in {
        match.reason,
        MatchClass.Name(match.match_class).lower()[len("MATCH_CLASS_") :],
    }:
        return ""
    return words.find(f"rule_name.{match.rule}") or formats.plain(match.rule)


def _sex(words: Words, code: str) -> str:
    known = code.isdecimal() and int(code) in Sex.values()
    return words(f"sex.{Sex.Name(Sex.ValueType(int(code)))}") if known else ""
