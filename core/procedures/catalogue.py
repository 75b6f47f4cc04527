"""Which procedures a municipality has: its own versions, and those that ship."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from core.procedures.definition import Procedure, ProcedureUnknown
from core.procedures.loading import Shipped, compiled
from core.procedures.rows import ProcedureVersion

SHIPS = "todoke"
"""Whose a procedure is that ships."""


class Catalogue:
    """Finds procedures, each compiled once a process: a version never changes.

    Where a town has published a version of its own, that is in force; else the one that ships.
    """

    def __init__(self, shipped: Mapping[str, Shipped]) -> None:
        self.shipped = shipped
        self._compiled: dict[tuple[str, str, int], Procedure] = {}

    def in_force(self, session: Session, municipality: str, key: str, now: datetime) -> Procedure:
        """Return the version that is begun now; raise ProcedureUnknown where there is none."""
        newest = session.scalars(
            _in_force(municipality, now).where(ProcedureVersion.key == key)
        ).one_or_none()
        if newest is not None:
            return self._of(newest)
        if key in self.shipped and not self._was_retired(session, municipality, key):
            return self.shipped[key].procedure
        raise ProcedureUnknown(f"there is no procedure {key}")

    def all_in_force(self, session: Session, municipality: str, now: datetime) -> list[Procedure]:
        """Return what may be begun now, by key."""
        own = session.scalars(_in_force(municipality, now))
        found = {row.key: self._of(row) for row in own}
        for key, one in self.shipped.items():
            if key not in found and not self._was_retired(session, municipality, key):
                found[key] = one.procedure
        return [found[key] for key in sorted(found)]

    def version(self, session: Session, municipality: str, key: str, version: int) -> Procedure:
        """Return the version that something was begun with; raise ProcedureUnknown."""
        known = self._compiled.get((municipality, key, version))
        if known is not None:
            return known
        row = session.get(ProcedureVersion, (municipality, key, version))
        if row is not None:
            return self._of(row)
        ships = self.shipped.get(key)
        if ships is not None and ships.procedure.version == version:
            return ships.procedure
        raise ProcedureUnknown(f"{key} version {version} is not here: install it again")

    def keep(
        self, session: Session, municipality: str, procedure: Procedure, now: datetime
    ) -> None:
        """Keep a version that ships as the town's, so that what is begun with it can be ended."""
        held = (municipality, procedure.key, procedure.version)
        if held in self._compiled or session.get(ProcedureVersion, held) is not None:
            return
        ships = self.shipped[procedure.key]
        session.add(
            ProcedureVersion(
                municipality=municipality,
                key=procedure.key,
                version=procedure.version,
                source=ships.source,
                origin=f"{SHIPS}:{procedure.version}",
                origin_source=ships.source,
                author="",
                publish_time=now,
            )
        )

    def _of(self, row: ProcedureVersion) -> Procedure:
        held = (row.municipality, row.key, row.version)
        if held not in self._compiled:
            self._compiled[held] = compiled(row.source, row.key)
        return self._compiled[held]

    def _was_retired(self, session: Session, municipality: str, key: str) -> bool:
        query = select(ProcedureVersion.version).where(
            ProcedureVersion.municipality == municipality,
            ProcedureVersion.key == key,
            ProcedureVersion.retire_time.is_not(None),
        )
        return session.scalars(query.limit(1)).first() is not None


def _in_force(municipality: str, now: datetime) -> Select[ProcedureVersion]:
    """Return the newest published version of each key that is not retired."""
    newest = (
        select(ProcedureVersion.key, func.max(ProcedureVersion.version).label("version"))
        .where(ProcedureVersion.municipality == municipality, ProcedureVersion.publish_time <= now)
        .group_by(ProcedureVersion.key)
        .subquery()
    )
    return (
        select(ProcedureVersion)
        .join(
            newest,
            and_(
                newest.c.key == ProcedureVersion.key,
                newest.c.version == ProcedureVersion.version,
            ),
        )
        .where(
            ProcedureVersion.municipality == municipality,
            or_(ProcedureVersion.retire_time.is_(None), ProcedureVersion.retire_time > now),
        )
    )
