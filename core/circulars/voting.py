"""Votes: one an elector, and of a secret one nothing tells who chose what."""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, false, func, insert, select
from sqlalchemy.orm import Session

from core.associations.member_rows import Member
from core.circulars.rows import Ballot, Circular, Elector, Receipt
from core.circulars.rules import MEMBERS, AnswerInvalid, VoteCast


def give_votes(session: Session, circular: Circular, rules: Mapping[str, Any]) -> None:
    """Make who is a member of the households that got it an elector, where each has a vote.

    Whoever joins, leaves or goes over to another household after that changes nothing.
    """
    if rules["electorate"] != MEMBERS:
        return
    members = (
        select(Member.municipality, Receipt.circular_id, Member.id, false())
        .join(
            Receipt,
            (Receipt.municipality == Member.municipality)
            & (Receipt.household_id == Member.household_id),
        )
        .where(
            Receipt.municipality == circular.municipality,
            Receipt.circular_id == circular.id,
            Member.end_time.is_(None),
        )
    )
    columns = (Elector.municipality, Elector.circular_id, Elector.elector_id, Elector.has_cast)
    session.execute(insert(Elector).from_select(columns, members))


def cast(
    session: Session,
    circular: Circular,
    rules: Mapping[str, Any],
    *,
    member: Member,
    choice: str,
) -> None:
    """Cast a member's vote, or the one of the household; an open one may be changed.

    The circular is locked: of two who cast at once, one comes after the other. Raises VoteCast for
    a secret one that was cast, and AnswerInvalid for who was no member of the households that it
    went out to.
    """
    by_member = rules["electorate"] == MEMBERS
    if by_member and _elector(session, circular, member.id) is None:
        raise AnswerInvalid("who joined after it went out has no vote", problem="NO_VOTE")
    cast_by(session, circular, rules, member.id if by_member else member.household_id, choice)


def cast_by(
    session: Session, circular: Circular, rules: Mapping[str, Any], elector_id: str, choice: str
) -> None:
    """Cast the vote of an elector; raise VoteCast for a secret one that was cast."""
    had_cast = _had_cast(session, circular, elector_id)
    if not rules.get("secret"):
        _cast_openly(session, circular, elector_id, choice, had_cast=had_cast)
    elif had_cast:
        raise VoteCast("the vote is cast, and a secret one stays as it is")
    else:
        _cast_secretly(session, circular, choice)


def _elector(session: Session, circular: Circular, id: str) -> Elector | None:
    return session.get(Elector, (circular.municipality, circular.id, id))


def _had_cast(session: Session, circular: Circular, elector_id: str) -> bool:
    """Write down that the elector casts a vote; return whether that stood there before."""
    elector = _elector(session, circular, elector_id)
    if elector is not None:
        had_cast, elector.has_cast = elector.has_cast, True
        return had_cast
    session.add(
        Elector(municipality=circular.municipality, circular_id=circular.id, elector_id=elector_id)
    )
    return False


def _cast_openly(
    session: Session, circular: Circular, elector_id: str, choice: str, *, had_cast: bool
) -> None:
    ballot = _ballot_of(session, circular, elector_id) if had_cast else None
    if ballot is not None:
        ballot.choice = choice
        return
    session.add(
        Ballot(
            municipality=circular.municipality,
            circular_id=circular.id,
            id=_drawn(),
            choice=choice,
            elector_id=elector_id,
        )
    )


def take_back(session: Session, circular: Circular, elector_id: str) -> None:
    """Take back what an elector cast in an open vote, as if they never had."""
    elector = _elector(session, circular, elector_id)
    for row in (elector, _ballot_of(session, circular, elector_id)):
        if row is not None:
            session.delete(row)


def _cast_secretly(session: Session, circular: Circular, choice: str) -> None:
    """Lay all ballots anew, this one among them, in an order that was drawn.

    A database tells in which transaction a row was written, and lays rows in the order in which
    they came: a ballot put beside the others would stand where its elector stands.
    """
    theirs = (
        Ballot.municipality == circular.municipality,
        Ballot.circular_id == circular.id,
    )
    choices = [*session.scalars(select(Ballot.choice).where(*theirs)), choice]
    secrets.SystemRandom().shuffle(choices)
    session.execute(delete(Ballot).where(*theirs).execution_options(synchronize_session=False))
    drawn = sorted(_drawn() for _ in choices)
    session.execute(
        insert(Ballot),
        [
            {
                "municipality": circular.municipality,
                "circular_id": circular.id,
                "id": id,
                "choice": chosen,
                "elector_id": "",
            }
            for id, chosen in zip(drawn, choices, strict=True)
        ],
    )


def _drawn() -> str:
    return secrets.token_hex(16)


def _ballot_of(session: Session, circular: Circular, elector_id: str) -> Ballot | None:
    query = select(Ballot).where(
        Ballot.municipality == circular.municipality,
        Ballot.circular_id == circular.id,
        Ballot.elector_id == elector_id,
    )
    return session.scalars(query).one_or_none()


@dataclass(frozen=True, slots=True)
class Count:
    """What was cast, by choice; and how many had a vote when it went out."""

    choices: Mapping[str, int]
    electorate: int

    @property
    def cast(self) -> int:
        return sum(self.choices.values())


def count(session: Session, circular: Circular, rules: Mapping[str, Any]) -> Count:
    """Count the ballots of a vote that is out."""
    query = select(Ballot.choice, func.count()).where(
        Ballot.municipality == circular.municipality, Ballot.circular_id == circular.id
    )
    found = session.execute(query.group_by(Ballot.choice)).all()
    choices = Counter({row[0]: row[1] for row in found})
    for option in rules["options"]:
        choices.setdefault(option["value"], 0)
    return Count(choices, _electorate(session, circular, rules))


def _electorate(session: Session, circular: Circular, rules: Mapping[str, Any]) -> int:
    """Return how many had a vote at the moment it went out, whoever came or left since."""
    of = Elector if rules["electorate"] == MEMBERS else Receipt
    query = select(func.count()).where(
        of.municipality == circular.municipality, of.circular_id == circular.id
    )
    return session.scalars(query).one()
