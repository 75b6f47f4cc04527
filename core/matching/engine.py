"""Matches registrations with a roster. An automatic match is never wrong; doubt goes to a person.

The outcome does not depend on any order. It takes time in proportion to the people and the pairs
found: people are compared only within equal keys, whole columns at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields

import polars as pl

from core.matching import homes
from core.matching.candidates import candidates
from core.matching.deciding import decided
from core.matching.joins import Joins
from core.matching.pairs import NO_LINKS, Class, Decision, Links, Pair, Rule
from core.matching.people import Entitled, Registration
from core.matching.sides import prepared
from core.normalise import CURATED, Variants


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: `pairs`, and the ids of those whom nobody compared with all they could be.

    Too many of them share a name, or a home, for which no birth dates are told. Nobody of them is
    linked without a person; pairs of them may be missing.
    """

    pairs: pl.DataFrame
    crowded_registrations: pl.Series
    crowded_entitled: pl.Series


Progress = Callable[[str, float], None]

COMPARED = ("id", "name", "written", "key", "words", "sex", *homes.COLUMNS)


def match(
    registrations: Iterable[Registration], entitled: Iterable[Entitled], links: Links = NO_LINKS
) -> list[Pair]:
    """Return the new pairs, by entitlement and registration id.

    A pair of `links` is not proposed again, and who is linked there stays linked.
    """
    found = link(_frame(registrations, Registration), _frame(entitled, Entitled), links)
    return [
        Pair(mine, theirs, Class(match_class), Decision(decision), Rule(rule))
        for mine, theirs, match_class, decision, rule in found.pairs.iter_rows()
    ]


def link(
    registrations: pl.DataFrame,
    roster: pl.DataFrame,
    known: Links = NO_LINKS,
    progress: Progress | None = None,
    variants: Variants = CURATED,
) -> Found:
    """Return the new pairs of two frames, with class, decision and rule, and who is crowded.

    The columns of the frames are the fields of `Registration` and `Entitled`. `progress` is told
    what is done next, and how much of the whole is behind.
    """
    tell = progress or _tell_nobody
    tell("normalise", 0.0)
    mine = prepared(registrations, variants)
    tell("normalise", 0.35)
    theirs = prepared(roster, variants)
    tell("find", 0.7)
    joins = Joins()
    pairs = candidates(mine, theirs, variants, joins)
    tell("decide", 0.85)
    both = pairs.join(
        mine.select("row", "suppressed", "name_flags", *COMPARED), left_on="r", right_on="row"
    ).join(theirs.select("row", *COMPARED), left_on="e", right_on="row", suffix="_e")
    found = decided(homes.with_home(both, variants), known, variants)
    tell("decide", 1.0)
    my_crowd, their_crowd = joins.crowded()
    return Found(found, mine["id"].gather(my_crowd), theirs["id"].gather(their_crowd))


def _frame(people: Iterable[Registration] | Iterable[Entitled], kind: type) -> pl.DataFrame:
    schema = {field.name: pl.Boolean if field.type is bool else pl.String for field in fields(kind)}
    return pl.DataFrame([asdict(one) for one in people], schema=schema)


def _tell_nobody(_what: str, _share: float) -> None:
    pass
