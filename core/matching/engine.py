"""Matches registrations with a roster. An automatic match is never wrong; doubt goes to a person.

A pair is accepted only if name, birth date, sex (where the roster tells it) and address agree, and
no other registration and no other row has a similar name and the same birth date. Two namesakes of
one day are rare and their addresses may be old, so that they are never told apart by a machine.

The outcome does not depend on any order. It takes time in proportion to the people and the pairs
found: people are compared only within a birth date, and there only by equal keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from core.matching.comparing import of_namesakes, sexes_differ
from core.matching.pairs import (
    ACCEPTING,
    NO_LINKS,
    Class,
    Decision,
    Likeness,
    Links,
    Pair,
    Rule,
)
from core.matching.people import Entitled, Registration

_Side: TypeAlias = Registration | Entitled

_CONFLICTING = Likeness(Class.CONFLICTING, Rule.CONFLICTING)
_LINKED_ALREADY = Likeness(Class.CONFLICTING, Rule.LINKED_ALREADY)
_NAME_DIFFERS = Likeness(Class.NAME_DIFFERS, Rule.NAME_DIFFERS)
_BIRTH_DATE_UNKNOWN = Likeness(Class.NORMALISED, Rule.BIRTH_DATE_UNKNOWN)


@dataclass(slots=True)
class _Group:
    """Those of both sides that have one key."""

    registrations: list[Registration] = field(default_factory=list)
    entitled: list[Entitled] = field(default_factory=list)

    def pairs(self) -> Iterator[tuple[Registration, Entitled]]:
        return ((one, other) for other in self.entitled for one in self.registrations)


def match(
    registrations: Iterable[Registration], entitled: Iterable[Entitled], links: Links = NO_LINKS
) -> list[Pair]:
    """Return the new pairs, by entitlement and registration id.

    A pair of `links` is not proposed again, and who is linked there stays linked.
    """
    registered, rows = list(registrations), list(entitled)
    dated: list[_Side] = [*(one for one in registered if one.birth_date), *rows]
    undated = [one for one in registered if not one.birth_date]
    found = _Found(links)
    for group in _by_similar_name(dated):
        _compare_namesakes(group, found)
    for group in _by_address(dated):
        _compare_neighbours(group, found)
    for group in _by_name_and_address([*undated, *rows] if undated else []):
        _compare_undated(group, found)
    return sorted(found.pairs, key=lambda pair: (pair.entitled_id, pair.registration_id))


class _Found:
    """The pairs so far, and who is linked: before, or by one of them."""

    def __init__(self, links: Links) -> None:
        self.pairs: list[Pair] = []
        self.links = links
        self._registrations = set(links.registrations)
        self._entitled = set(links.entitled)

    def add(self, registration: Registration, entitled: Entitled, likeness: Likeness) -> None:
        if (registration.id, entitled.id) in self.links.pairs:
            return
        accepted = likeness.rule in ACCEPTING
        if accepted:
            self._registrations.add(registration.id)
            self._entitled.add(entitled.id)
        decision = Decision.ACCEPTED if accepted else Decision.TO_REVIEW
        self.pairs.append(
            Pair(registration.id, entitled.id, likeness.match_class, decision, likeness.rule)
        )

    def is_linked(self, registration: Registration, entitled: Entitled) -> bool:
        return registration.id in self._registrations or entitled.id in self._entitled


def _compare_namesakes(group: _Group, found: _Found) -> None:
    contested = len(group.registrations) > 1 or len(group.entitled) > 1
    for registration, entitled in group.pairs():
        likeness = of_namesakes(registration, entitled)
        if likeness is None:
            continue
        if found.is_linked(registration, entitled):
            likeness = _LINKED_ALREADY
        elif contested and likeness.rule in ACCEPTING:
            likeness = _CONFLICTING
        found.add(registration, entitled, likeness)


def _compare_neighbours(group: _Group, found: _Found) -> None:
    """Propose who may have changed their name; twins of whom one is linked are no doubt."""
    for registration, entitled in group.pairs():
        if registration.keys.similar == entitled.keys.similar:
            continue
        if sexes_differ(registration, entitled) or found.is_linked(registration, entitled):
            continue
        found.add(registration, entitled, _NAME_DIFFERS)


def _compare_undated(group: _Group, found: _Found) -> None:
    for registration, entitled in group.pairs():
        if not sexes_differ(registration, entitled) and not found.is_linked(registration, entitled):
            found.add(registration, entitled, _BIRTH_DATE_UNKNOWN)


def _by_similar_name(people: list[_Side]) -> Iterable[_Group]:
    return _grouped(((one.birth_date, one.keys.similar), one) for one in people)


def _by_address(people: list[_Side]) -> Iterable[_Group]:
    return _grouped(((one.birth_date, one.keys.address), one) for one in people)


def _by_name_and_address(people: list[_Side]) -> Iterable[_Group]:
    return _grouped(((one.keys.name, one.keys.address), one) for one in people)


def _grouped(
    keyed: Iterable[tuple[tuple[str, str], _Side]],
) -> Iterable[_Group]:
    """Return the groups; a key with an empty part groups nobody."""
    groups: defaultdict[tuple[str, str], _Group] = defaultdict(_Group)
    for key, one in keyed:
        if not all(key):
            continue
        if isinstance(one, Registration):
            groups[key].registrations.append(one)
        else:
            groups[key].entitled.append(one)
    return groups.values()
