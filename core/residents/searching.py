"""Staff find residents by facts that are sealed: equal blind indexes, and no value is opened."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from core import attempts, crypto, events
from core.attempts import Bound
from core.callers import Caller
from core.normalise import similar_key
from core.residents import births, contact_rows
from core.residents.rows import IN_FORCE, OWN_FACTS, PAGE, Facts, Resident
from core.residents.search_rows import SearchKey

NAME, BIRTH_DATE = "name", "birth_date"

LOOKS = Bound("resident.search", most=200, window=timedelta(hours=1))
"""Searches of one person of staff: more is no counter's day, but curiosity."""


_ONE_TO_THE_EAR = str.maketrans("斉", "斎")
"""Two characters and two names, but who spells a name over the counter or phone does not tell."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of whom staff look for; `residents` are those whom a reference leads to."""

    name: str = ""
    birth_date: date | None = None
    external_id: str = ""
    residents: Collection[str] | None = None

    @property
    def kinds(self) -> list[str]:
        """Name which kinds of facts are known, as the log may tell."""
        given = {
            NAME: bool(self.name),
            BIRTH_DATE: self.birth_date is not None,
            "contact": bool(self.external_id),
            "reference": self.residents is not None,
        }
        return [kind for kind, known in given.items() if known]


def index(session: Session, facts: Facts) -> None:
    """Keep what facts are found by; facts that are closed later keep theirs.

    A birth date that is not wholly known is found by what is known of it, or as unknown.
    """
    for kind, digest in _digests(session, facts.name, births.iso(facts.birth_date)).items():
        session.add(
            SearchKey(
                municipality=facts.municipality,
                facts_id=facts.id,
                kind=kind,
                resident_id=facts.resident_id,
                digest=digest,
            )
        )


def index_missing(session: Session, municipality: str, *, after: str, limit: int) -> list[str]:
    """Index facts after the id `after` that lack a key, and return their ids, in order."""
    has_key = exists().where(
        SearchKey.municipality == Facts.municipality,
        SearchKey.facts_id == Facts.id,
        SearchKey.kind == BIRTH_DATE,
    )
    query = select(Facts).where(Facts.municipality == municipality, Facts.id > after, ~has_key)
    found = session.scalars(query.order_by(Facts.id).limit(limit)).all()
    # Some had a key of their name only.
    session.execute(
        delete(SearchKey).where(
            SearchKey.municipality == municipality,
            SearchKey.facts_id.in_([facts.id for facts in found]),
        )
    )
    for facts in found:
        index(session, facts)
    return [facts.id for facts in found]


def born_on(session: Session, municipality: str, days: Collection[str]) -> set[str]:
    """Return the ids of residents with some birth dates, by facts now or before.

    The days are ISO 8601, with noughts for what is unknown, or empty.
    """
    index = crypto.vault_of(session).index
    digests = [index(day, "search_keys.birth_date") for day in days]
    found: set[str] = set()
    for start in range(0, len(digests), PAGE):
        query = select(SearchKey.resident_id).where(
            SearchKey.municipality == municipality,
            SearchKey.kind == BIRTH_DATE,
            SearchKey.digest.in_(digests[start : start + PAGE]),
        )
        found.update(session.scalars(query))
    return found


def search(
    session: Session, by: Caller, question: Question, *, before: str, limit: int, now: datetime
) -> list[tuple[Resident, Facts]]:
    """Return who fits all that is known, newest registration first, older than the id `before`.

    The search counts, and is in the log with whom it showed: `limit` of what is returned, since one
    more tells that there are more. Raises TooManyAttempts.
    """
    attempts.check(session, LOOKS, by.municipality, by.id, now)
    attempts.count(session, LOOKS, by.municipality, by.id, now)
    found = _find(session, by.municipality, question, before, limit + 1)
    kinds = ",".join(question.kinds)
    details = {"by": kinds, "found": str(len(found[:limit]))}
    events.record(session, by, "residents.searched", by.id, now, details=details)
    for resident, _ in found[:limit]:
        events.record(session, by, "resident.found", resident.id, now, details={"by": kinds})
    return found


def _find(
    session: Session, municipality: str, question: Question, before: str, limit: int
) -> list[tuple[Resident, Facts]]:
    query = (
        select(Resident, Facts)
        .join(Facts, OWN_FACTS)
        .where(Resident.municipality == municipality, IN_FORCE)
    )
    born = question.birth_date.isoformat() if question.birth_date else None
    for kind, digest in _digests(session, question.name, born).items():
        keyed = select(SearchKey.resident_id).where(
            SearchKey.municipality == municipality,
            SearchKey.kind == kind,
            SearchKey.digest == digest,
        )
        query = query.where(Resident.id.in_(keyed))
    if question.external_id:
        contact = contact_rows.Contact
        met = select(contact.resident_id).where(
            contact.municipality == municipality,
            contact.external_index == contact_rows.external_index(session, question.external_id),
            contact.resident_id.is_not(None),
        )
        query = query.where(Resident.id.in_(met))
    if question.residents is not None:
        query = query.where(Resident.id.in_(sorted(question.residents)))
    if before:
        query = query.where(Resident.id < before)
    found = session.execute(query.order_by(Resident.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in found]


def _digests(session: Session, name: str, born: str | None) -> Mapping[str, bytes]:
    """Return the blind index of each thing that is known, by its kind."""
    vault = crypto.vault_of(session)
    found = {}
    if name:
        # Proposes whom a person looks at, so it may pass over variants and the case of letters.
        key = similar_key(name).casefold().translate(_ONE_TO_THE_EAR)
        found[NAME] = vault.index(key, "search_keys.name")
    if born is not None:
        found[BIRTH_DATE] = vault.index(born, "search_keys.birth_date")
    return found
