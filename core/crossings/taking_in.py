"""Takes links from the closed network in: entitlements without facts, and matches of them."""

import json
from collections.abc import Container, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import crypto
from core.crossings import rows, rules
from core.crossings.rows import Crossing
from core.eligibility import closed_rows, match_rows
from core.eligibility import rows as eligibility
from core.eligibility.rules import AmountRefused, MatchConflicts, RosterExists
from core.eligibility.terms import Terms
from core.ids import new_id
from core.matching import Class, Decision, Rule
from core.residents import fact_rows
from core.sealing.links import Answer, Links
from core.sealing.refusals import SealBroken

PERSONAL = ("household", "name", "kana", "birth_date", "sex", "postal_code", "address")
"""What the closed network keeps to itself."""

BY_KIT = "kit"
"""Who decided what the closed network linked by an engine's rule."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A link as it waits for a second person. `amount` is in yen, as the file gives it."""

    registration_id: str
    reference: str
    amount: int | None
    account: str
    match_class: Class
    rule: Rule

    @property
    def decision(self) -> Decision:
        return rules.decision_of(self.rule)

    def line(self) -> str:
        return json.dumps(astuple(self), ensure_ascii=False)

    @staticmethod
    def of(line: str) -> "Staged":
        registration_id, reference, amount, account, match_class, rule = json.loads(line)
        return Staged(registration_id, reference, amount, account, Class(match_class), Rule(rule))


@dataclass(slots=True)
class Taken:
    """How many were linked or wait for a person; `known` were before, `gone` are nobody's now."""

    linked: int = 0
    to_review: int = 0
    known: int = 0
    gone: int = 0

    def takes(self, link: Staged, present: Container[str], *, is_known: bool) -> bool:
        """Count a link; return whether something is to be written for it."""
        if link.registration_id not in present:
            self.gone += 1
            return False
        if is_known:
            self.known += 1
            return False
        self.linked += link.decision is Decision.ACCEPTED
        self.to_review += link.decision is Decision.TO_REVIEW
        return True

    def details(self) -> dict[str, str]:
        """Return it as the log tells it."""
        return {
            "linked": str(self.linked),
            "to_review": str(self.to_review),
            "known": str(self.known),
            "gone": str(self.gone),
        }


def read(links: Links) -> list[Staged]:
    """Read the rows of a verified answer; raise SealBroken where a class or rule is unknown."""
    try:
        return [
            Staged(
                link.registration_id,
                link.reference,
                int(link.amount) if link.amount else None,
                link.account,
                Class(link.match_class),
                Rule(link.rule),
            )
            for link in links.rows
        ]
    except ValueError as wrong:
        raise SealBroken("ROW_BROKEN", "a row has a class or rule that is none of ours") from wrong


def check(
    session: Session,
    program: eligibility.Program,
    answer: Answer,
    staged: Sequence[Staged],
    terms: Terms,
) -> None:
    """Raise what would keep links from being taken in: SealBroken, RosterExists, MatchConflicts."""
    if (answer.municipality, answer.program_id) != (program.municipality, program.id):
        raise SealBroken("OTHER_PROGRAM", "the file is of another program")
    for number, one in enumerate(staged, 1):
        _amount(terms, one, number)
    _roster(session, program)
    _Known(session, program).check(staged)


def staged(session: Session, crossing: Crossing) -> list[Staged]:
    return [Staged.of(line) for line in rows.lines(session, crossing)]


def take_in(
    session: Session,
    program: eligibility.Program,
    crossing: Crossing,
    links: Sequence[Staged],
    *,
    terms: Terms,
    now: datetime,
) -> Taken:
    """Make entitlements and matches of links; raise RosterExists, MatchConflicts, SealBroken.

    Whose registration was deleted since is left out. Who is linked just so already stays so.
    """
    roster = _roster(session, program) or _new_roster(session, program, crossing, now)
    known = _Known(session, program)
    known.check(links)
    present = fact_rows.names_of(
        session, program.municipality, {one.registration_id for one in links}
    )
    vault = crypto.vault_of(session)
    taken = Taken()
    entitled: list[dict[str, Any]] = []
    matched: list[dict[str, Any]] = []
    for number, one in enumerate(links, 1):
        entitlement_id = known.entitlement_of(one)
        if not taken.takes(one, present, is_known=known.has(one, entitlement_id)):
            continue
        if entitlement_id is None:
            entitlement_id, amount = new_id(), _amount(terms, one, number)
            values = _entitlement(vault, program, roster, one, amount)
            entitled.append({**values, "id": entitlement_id})
        matched.append(_match(program, one, entitlement_id, now))
    closed_rows.add(session, entitled)
    match_rows.add(session, matched)
    roster.row_count += len(entitled)
    roster.total += sum(one["amount"] for one in entitled)
    program.revision += 1
    return taken


class _Known:
    """What the program has already: its rows by reference, and its pairs."""

    def __init__(self, session: Session, program: eligibility.Program) -> None:
        self._index = crypto.vault_of(session).index
        roster = eligibility.find_roster(session, program.municipality, program.id)
        self._entitled = (
            {}
            if roster is None
            else closed_rows.ids_by_reference(session, program.municipality, roster.id)
        )
        self.links = match_rows.links(session, program.municipality, program.id)

    def entitlement_of(self, link: Staged) -> str | None:
        return self._entitled.get(self._index(link.reference, "entitlements.reference"))

    def has(self, link: Staged, entitlement_id: str | None) -> bool:
        return (link.registration_id, entitlement_id) in self.links.pairs

    def check(self, links: Sequence[Staged]) -> None:
        """Raise MatchConflicts where a link contradicts one that is there."""
        for number, one in enumerate(links, 1):
            entitlement_id = self.entitlement_of(one)
            if self.has(one, entitlement_id):
                continue
            linked = (
                one.registration_id in self.links.registrations
                or entitlement_id in self.links.entitled
            )
            if linked and one.decision is Decision.ACCEPTED:
                raise MatchConflicts(
                    f"row {number} links somebody who is linked otherwise already: "
                    "take that link back first, or leave the row out",
                    row=str(number),
                )


def _roster(session: Session, program: eligibility.Program) -> eligibility.Roster | None:
    """Return the program's roster without facts; raise RosterExists where it has one with them."""
    roster = eligibility.find_roster(session, program.municipality, program.id)
    if roster is not None and not closed_rows.is_without_facts(roster):
        raise RosterExists(
            "the program has a roster of its own here: match it here", rosterId=roster.id
        )
    return roster


def _new_roster(
    session: Session, program: eligibility.Program, crossing: Crossing, now: datetime
) -> eligibility.Roster:
    roster = eligibility.Roster(
        municipality=program.municipality,
        id=new_id(),
        program_id=program.id,
        row_count=0,
        total=0,
        content_hash=crossing.content_hash,
        file_name=crossing.file_name,
        encoding=closed_rows.WITHOUT_FACTS,
        import_time=now,
        freeze_time=now,
    )
    session.add(roster)
    session.flush()
    return roster


def _amount(terms: Terms, link: Staged, number: int) -> int:
    try:
        return rules.amount_of_link(terms, link.amount)
    except AmountRefused as refused:
        raise SealBroken("AMOUNT_REFUSED", f"row {number} {refused.message}") from refused


def _entitlement(
    vault: crypto.Vault,
    program: eligibility.Program,
    roster: eligibility.Roster,
    link: Staged,
    amount: int,
) -> dict[str, Any]:
    return {
        "municipality": program.municipality,
        "program_id": program.id,
        "roster_id": roster.id,
        "reference": vault.seal(link.reference, "entitlements.reference"),
        "reference_index": vault.index(link.reference, "entitlements.reference"),
        **{name: vault.seal("", f"entitlements.{name}") for name in PERSONAL},
        "amount": amount,
        "account_text": None,
        "suppressed": False,
        "masked_text": vault.seal(link.account, "entitlements.masked_text"),
    }


def _match(
    program: eligibility.Program, link: Staged, entitlement_id: str, now: datetime
) -> dict[str, Any]:
    accepted = link.decision is Decision.ACCEPTED
    return {
        "municipality": program.municipality,
        "id": new_id(),
        "program_id": program.id,
        "entitlement_id": entitlement_id,
        "resident_id": link.registration_id,
        "match_class": link.match_class,
        "decision": link.decision,
        "rule": link.rule.value,
        "find_time": now,
        "decided_by": BY_KIT if accepted else "",
        "reason": None,
        "decide_time": now if accepted else None,
        "proposed": None,
        "confirmed_by": "",
        "rule_id": None,
        "revision": 1,
    }
