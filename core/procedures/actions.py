"""What can be done with a town's procedures: write, publish and retire them, take in others'."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.errors import NotNow
from core.etags import ChangedMeanwhile
from core.procedures import rows
from core.procedures.catalogue import Catalogue, next_number
from core.procedures.definition import ProcedureUnknown
from core.procedures.lineage import (
    Lineage,
    Together,
    lineage_of,
    own_source,
    parted_at,
    together,
)
from core.procedures.linting import Linted, lint
from core.procedures.loading import refused
from core.procedures.numbering import with_version
from core.procedures.packages import Package
from core.procedures.rows import ProcedureDraft, ProcedureVersion

ProgramNaming = Callable[[Session, str, str], str]
"""Returns the id of an open program that names a procedure, empty where there is none."""


class ProcedureInUse(NotNow):
    reason = "PROCEDURE_IN_USE"


def save_draft(
    session: Session,
    by: Caller,
    *,
    key: str,
    source: str,
    etag: str,
    known: Catalogue,
    now: datetime,
) -> ProcedureDraft:
    """Keep a draft, faulty or not; it descends from what the draft before it, or the town, has."""
    draft = _draft(session, by, key, etag)
    if draft is None:
        lineage = lineage_of(session, by.municipality, key, known, now)
    else:
        lineage = Lineage(draft.origin, draft.origin_source)
    row = _put(session, by, draft, key=key, source=source, lineage=lineage, now=now)
    events.record(session, by, "procedure.draft_saved", key, now)
    return row


def publish(
    session: Session,
    by: Caller,
    *,
    key: str,
    etag: str,
    publish_time: datetime,
    reason: str,
    known: Catalogue,
    now: datetime,
) -> ProcedureVersion:
    """Put the draft in force, now or at a time; what ships is kept first, and has its number."""
    draft = rows.find_draft(session, by.municipality, key, lock=True)
    if draft is None:
        raise ProcedureUnknown(f"there is no draft of {key}: save one first")
    _check(draft, etag)
    linted = lint_draft(session, draft, known)
    if linted.errors:
        raise refused(linted.errors[0], key)
    _keep_what_ships(session, by.municipality, key, known, now)
    known.keep_used(session, by.municipality, draft.source, now)
    number = next_number(rows.standing(session, by.municipality, key))
    row = ProcedureVersion(
        municipality=by.municipality,
        key=key,
        version=number,
        source=with_version(draft.source, number),
        origin=draft.origin,
        origin_source=draft.origin_source,
        author=by.name,
        publish_time=publish_time,
    )
    rows.add(session, row)
    session.delete(draft)
    details = {"version": str(number), "publishTime": row.publish_time.isoformat()}
    events.record(session, by, "procedure.published", key, now, details=details, reason=reason)
    return row


def retire(
    session: Session,
    by: Caller,
    *,
    key: str,
    reason: str,
    naming: ProgramNaming,
    known: Catalogue,
    now: datetime,
) -> ProcedureVersion:
    """Take a procedure out of force, also one that ships, with what is published for later."""
    # In this order: who files locks a version and then records it. Who names it meanwhile waits.
    rows.of_key(session, by.municipality, key)
    in_force = known.to_be_named(session, by.municipality, key, now)
    program_id = naming(session, by.municipality, key)
    if program_id:
        raise ProcedureInUse(f"an open program names {key}: close it first", programId=program_id)
    known.keep(session, by.municipality, in_force, now)
    session.flush()
    versions = {row.version: row for row in rows.of_key(session, by.municipality, key)}
    for row in versions.values():
        if row.retire_time is None:
            row.retire_time = now
    details = {"version": str(in_force.version)}
    events.record(session, by, "procedure.retired", key, now, details=details, reason=reason)
    return versions[in_force.version]


def package_of(
    session: Session, municipality: str, *, key: str, version: int, known: Catalogue, now: datetime
) -> Package:
    """Return a published version of the town's as others take it."""
    if not version:
        version = known.in_force(session, municipality, key, now).version
    row = rows.find(session, municipality, key, version)
    if row is None or not row.author:
        raise ProcedureUnknown(f"the town has published no {key} version {version} itself")
    return Package(
        key=key,
        origin=f"{municipality}:{version}",
        source=row.source,
        parent=row.origin,
        parent_source=row.origin_source,
    )


def take_in(
    session: Session,
    by: Caller,
    package: Package,
    *,
    etag: str,
    yielding: Collection[str] = (),
    known: Catalogue,
    now: datetime,
) -> tuple[ProcedureDraft, Together]:
    """Make a draft of a package, together with what the town has changed itself.

    Where both changed the same place the town's text stands, but where it is `yielding`.
    """
    draft = _draft(session, by, package.key, etag)
    merged = compared(session, by, package, draft, yielding=yielding, known=known, now=now)
    lineage = Lineage(package.origin, package.source)
    if lineage.owner == by.municipality:
        # Our own, from another core of ours or from before: it stands as it is.
        lineage = Lineage(package.parent, package.parent_source)
    row = _put(session, by, draft, key=package.key, source=merged.source, lineage=lineage, now=now)
    details = {"origin": package.origin, "conflicts": str(len(merged.conflicts))}
    events.record(session, by, "procedure.imported", package.key, now, details=details)
    return row, merged


def compared(
    session: Session,
    by: Caller,
    package: Package,
    draft: ProcedureDraft | None,
    *,
    yielding: Collection[str] = (),
    known: Catalogue,
    now: datetime,
) -> Together:
    """Return what a package and what the town has, its draft first, come to together."""
    key = package.key
    ours = draft.source if draft else own_source(session, by.municipality, key, known, now)
    if not ours or package.origin.partition(":")[0] == by.municipality:
        return Together(package.source)
    had = (
        Lineage(draft.origin, draft.origin_source)
        if draft
        else lineage_of(session, by.municipality, key, known, now)
    )
    base = parted_at(session, by.municipality, key, had, package)
    return together(base, ours, package.source, yielding)


def lint_draft(session: Session, draft: ProcedureDraft, known: Catalogue) -> Linted:
    return lint(draft.source, draft.key, known.resolver(session, draft.municipality))


def _draft(session: Session, by: Caller, key: str, etag: str) -> ProcedureDraft | None:
    """Return the draft that is changed; raise ChangedMeanwhile where it is not the one read."""
    draft = rows.find_draft(session, by.municipality, key, lock=True)
    if draft is None:
        if etag:
            raise ChangedMeanwhile("the draft is published or gone: read it again", etag="")
        return None
    _check(draft, etag)
    return draft


def _check(draft: ProcedureDraft, etag: str) -> None:
    if etag != draft.etag:
        raise ChangedMeanwhile(
            "it changed since it was read: read it again, then decide", etag=draft.etag
        )


def _put(
    session: Session,
    by: Caller,
    draft: ProcedureDraft | None,
    *,
    key: str,
    source: str,
    lineage: Lineage,
    now: datetime,
) -> ProcedureDraft:
    if draft is None:
        draft = ProcedureDraft(
            municipality=by.municipality, key=key, source=source, author=by.name, save_time=now
        )
        session.add(draft)
    else:
        draft.revision += 1
    draft.source, draft.author, draft.save_time = source, by.name, now
    draft.origin, draft.origin_source = lineage.origin, lineage.source
    return draft


def _keep_what_ships(
    session: Session, municipality: str, key: str, known: Catalogue, now: datetime
) -> None:
    if key not in known.shipped or rows.standing(session, municipality, key):
        return
    known.keep(session, municipality, known.in_force(session, municipality, key, now), now)
    session.flush()
