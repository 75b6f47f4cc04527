"""Which procedures a municipality has: its own versions, and those that ship.

The versions of a procedure have one row of numbers in each town. What ships takes its own number
where that is higher than every number before it, and the next one elsewhere; so does what the town
publishes itself. A number therefore means one source for ever, whatever an upgrade brings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.etags import ChangedMeanwhile
from core.procedures import rows
from core.procedures.definition import Procedure, ProcedureUnknown
from core.procedures.loading import Shipped, compiled
from core.procedures.rows import ProcedureVersion, Standing

SHIPS = "todoke"
"""Whose a procedure is that ships."""


class Catalogue:
    """Finds procedures, each compiled once a process: a version never changes.

    Where a town has published a version of its own, that is in force; else the one that ships.
    """

    def __init__(self, shipped: Mapping[str, Shipped]) -> None:
        self.shipped = shipped
        self._by_source: dict[str, Procedure] = {}
        self._sources: dict[tuple[str, str, int], str] = {}

    def in_force(self, session: Session, municipality: str, key: str, now: datetime) -> Procedure:
        """Return the version that is begun now; raise ProcedureUnknown where there is none."""
        known = rows.standing(session, municipality, key)
        found = self._in_force(session, municipality, key, known, now)
        if found is None:
            raise ProcedureUnknown(f"there is no procedure {key}")
        return found

    def all_in_force(self, session: Session, municipality: str, now: datetime) -> list[Procedure]:
        """Return what may be begun now, by key."""
        known: dict[str, list[Standing]] = {key: [] for key in self.shipped}
        for one in rows.standing(session, municipality):
            known.setdefault(one.key, []).append(one)
        found = (
            self._in_force(session, municipality, key, known[key], now) for key in sorted(known)
        )
        return [one for one in found if one is not None]

    def version(self, session: Session, municipality: str, key: str, version: int) -> Procedure:
        """Return the version that something was begun with; raise ProcedureUnknown."""
        source = self._source(session, municipality, key, version)
        if source is not None:
            return self._compiled(source, key, version)
        ships = self.shipped.get(key)
        if ships is not None and ships.procedure.version == version:
            return ships.procedure
        raise ProcedureUnknown(f"{key} version {version} is not here: install it again")

    def origin_of(self, key: str) -> str:
        """Return what a procedure that ships is called as an origin, such as "todoke:1"."""
        return _origin(self.shipped[key])

    def keep(
        self, session: Session, municipality: str, procedure: Procedure, now: datetime
    ) -> None:
        """Keep a version that ships as the town's, so that what is begun with it can be ended."""
        key, version = procedure.key, procedure.version
        ships = self.shipped.get(key)
        source = self._source(session, municipality, key, version)
        if source is not None:
            if self._compiled(source, key, version) != procedure:
                raise ChangedMeanwhile(f"{key} was published meanwhile: begin again", etag="")
            return
        if ships is None:
            raise ProcedureUnknown(f"there is no procedure {key}")
        rows.add(
            session,
            ProcedureVersion(
                municipality=municipality,
                key=key,
                version=version,
                source=ships.source,
                origin=_origin(ships),
                origin_source=ships.source,
                author="",
                publish_time=now,
            ),
        )

    def _in_force(
        self,
        session: Session,
        municipality: str,
        key: str,
        known: Sequence[Standing],
        now: datetime,
    ) -> Procedure | None:
        own = rows.in_time(known, now)
        if own is not None:
            if own.retire_time is not None and own.retire_time <= now:
                return None
            return self.version(session, municipality, key, own.version)
        ships = self.shipped.get(key)
        if ships is None or any(one.retire_time is not None for one in known):
            return None
        return self._numbered(session, municipality, ships, known)

    def _numbered(
        self, session: Session, municipality: str, ships: Shipped, known: Sequence[Standing]
    ) -> Procedure:
        """Return what ships under its number in the town: the one it is kept by, or the next."""
        key = ships.procedure.key
        for one in known:
            if one.is_own or one.origin != _origin(ships):
                continue
            if self._source(session, municipality, key, one.version) == ships.source:
                return self._compiled(ships.source, key, one.version)
        number = max(next_number(known), ships.procedure.version)
        return self._compiled(ships.source, key, number)

    def _source(self, session: Session, municipality: str, key: str, version: int) -> str | None:
        held = (municipality, key, version)
        if held in self._sources:
            return self._sources[held]
        row = rows.find(session, municipality, key, version)
        if row is None:
            return None
        if held not in rows.uncommitted(session):
            self._sources[held] = row.source
        return row.source

    def _compiled(self, source: str, key: str, version: int) -> Procedure:
        if source not in self._by_source:
            self._by_source[source] = compiled(source, key)
        procedure = self._by_source[source]
        return procedure if procedure.version == version else replace(procedure, version=version)


def next_number(known: Sequence[Standing]) -> int:
    """Return the number of the next version of a procedure."""
    return max((one.version for one in known), default=0) + 1


def _origin(ships: Shipped) -> str:
    return f"{SHIPS}:{ships.procedure.version}"
