"""The rows that came, left or changed between two rosters, page by page in a stable order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.eligibility import entitlement_rows, roster_rows, rows
from core.eligibility.comparing import Kind, pairs
from core.eligibility.replacing import Applied
from core.eligibility.rules import RosterUnknown


@dataclass(frozen=True, slots=True)
class Found:
    """A row, by the blind index of its reference; `application_id` is one that it touches."""

    kind: Kind
    reference: bytes
    before: rows.Entitlement | None
    after: rows.Entitlement | None
    application_id: str


def both(
    session: Session, municipality: str, before_id: str, after_id: str
) -> tuple[rows.Roster, rows.Roster]:
    """Return two rosters of one program; raise RosterUnknown."""
    before = roster_rows.get(session, municipality, before_id)
    after = roster_rows.get(session, municipality, after_id)
    if before.program_id != after.program_id:
        raise RosterUnknown(f"{after_id} is no roster of the same program as {before_id}")
    return before, after


def page(
    session: Session,
    before: rows.Roster,
    after: rows.Roster,
    *,
    kind: Kind | None,
    reference: bytes,
    limit: int,
    applied: Applied,
) -> list[Found]:
    """Return what is after the blind index `reference`, of one kind or of all."""
    of = before.municipality
    ids: dict[bytes, dict[str, str]] = {}

    def sides(roster: rows.Roster, name: str) -> Iterator[tuple[bytes, bytes]]:
        for index, content, id in roster_rows.side(session, of, roster.id, after=reference):
            ids.setdefault(index, {})[name] = id
            yield index, content

    found: list[tuple[Kind, bytes]] = []
    told = (
        (what, index) for what, index, _, _ in pairs(sides(before, "before"), sides(after, "after"))
    )
    for what, index in told:
        if what is Kind.SAME or kind not in {None, what}:
            ids.pop(index, None)
            continue
        found.append((what, index))
        if len(found) == limit:
            break
    wanted = [id for _, index in found for id in ids[index].values()]
    entitlements = entitlement_rows.by_id(session, of, wanted)
    applications = applied.of(session, of, wanted)
    return [_found(what, index, ids[index], entitlements, applications) for what, index in found]


def _found(
    what: Kind,
    index: bytes,
    ids: Mapping[str, str],
    entitlements: Mapping[str, rows.Entitlement],
    applications: Mapping[str, str],
) -> Found:
    """Return a row with what it was and is; `ids` are its own on the two sides."""
    sides = {name: entitlements[id] for name, id in ids.items()}
    touched = (applications[id] for id in ids.values() if id in applications)
    return Found(
        kind=what,
        reference=index,
        before=sides.get("before"),
        after=sides.get("after"),
        application_id=next(touched, ""),
    )
