"""Which procedures a municipality has: its own versions, and those that ship.

The versions of a procedure have one row of numbers in each town. What ships takes its own number
where that is higher than every number before it, and the next one elsewhere; so does what the town
publishes itself. A number therefore means one source for ever, whatever an upgrade brings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.etags import ChangedMeanwhile
from core.procedures import rows
from core.procedures.definition import Procedure, ProcedureUnknown
from core.procedures.loading import Shipped, compiled
from core.procedures.nesting import Resolve
from core.procedures.rows import ProcedureVersion, Standing
from core.procedures.using import uses

SHIPS = "todoke"
"""Whose a procedure is that ships."""


class Catalogue:
    """Finds procedures, each compiled once a process: a version never changes.

    Where a town has published a version of its own, that is in force; else the one that ships.
    """

    def __init__(self, shipped: Mapping[str, Shipped]) -> None:
        self.shipped = shipped
        self._by_source: dict[tuple[str, str, bool], Procedure] = {}
        self._sources: dict[tuple[str, str, int], str] = {}

    def in_force(self, session: Session, municipality: str, key: str, now: datetime) -> Procedure:
        """Return the version that is begun now; raise ProcedureUnknown where there is none."""
        known = rows.standing(session, municipality, key)
        found = self._in_force(session, municipality, key, known, now)
        if found is None:
            raise ProcedureUnknown(f"there is no procedure {key}")
        return found

    def to_be_named(
        self, session: Session, municipality: str, key: str, now: datetime
    ) -> Procedure:
        """Return what is in force, and is not retired before this transaction has named it.

        Raises ProcedureUnknown where there is none.
        """
        events.held(session, municipality)
        return self.in_force(session, municipality, key, now)

    def all_in_force(self, session: Session, municipality: str, now: datetime) -> list[Procedure]:
        """Return what may be begun now, by key."""
        known: dict[str, list[Standing]] = {key: [] for key in self.shipped}
        for one in rows.standing(session, municipality):
            known.setdefault(one.key, []).append(one)
        found = (
            self._in_force(session, municipality, key, known[key], now) for key in sorted(known)
        )
        return [one for one in found if one is not None]

    def is_offered(self, session: Session, municipality: str, key: str, now: datetime) -> bool:
        """Whether residents may choose a procedure by itself: one that the town has published.

        What ships is there for programs and staff; nobody checks in at a shelter that is not open.
        """
        return rows.in_time(rows.standing(session, municipality, key), now) is not None

    def version(self, session: Session, municipality: str, key: str, version: int) -> Procedure:
        """Return the version that something was begun with; raise ProcedureUnknown."""
        source = self._source(session, municipality, key, version)
        if source is not None:
            return self._compiled(session, municipality, source, key, version)
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
            if self._compiled(session, municipality, source, key, version) != procedure:
                raise ChangedMeanwhile(f"{key} was published meanwhile: begin again", etag="")
            return
        if ships is None:
            raise ProcedureUnknown(f"there is no procedure {key}")
        self._keep(session, municipality, ships, version, now)

    def keep_used(self, session: Session, municipality: str, source: str, now: datetime) -> None:
        """Keep what ships and is used by a source of the town's, under the number it is used by."""
        for key, version in uses(source):
            ships = self.shipped.get(key)
            if ships is None or self._source(session, municipality, key, version) is not None:
                continue
            if self._number(session, municipality, ships) == version:
                self._keep(session, municipality, ships, version, now)

    def resolver(self, session: Session, municipality: str, *, of_ships: bool = False) -> Resolve:
        """Return what finds the procedures that a source uses, by the numbers that it knows.

        What the town writes names the town's numbers; what ships names those it ships with.
        """

        def resolve(key: str, version: int) -> str | None:
            ships = self.shipped.get(key)
            if of_ships:
                if ships is not None and ships.procedure.version == version:
                    return ships.source
                for one in rows.standing(session, municipality, key):
                    if not one.is_own and one.origin == f"{SHIPS}:{version}":
                        return self._source(session, municipality, key, one.version)
                return None
            source = self._source(session, municipality, key, version)
            if source is None and ships is not None:
                is_next = self._number(session, municipality, ships) == version
                return ships.source if is_next else None
            return source

        return resolve

    def _keep(
        self, session: Session, municipality: str, ships: Shipped, version: int, now: datetime
    ) -> None:
        rows.add(
            session,
            ProcedureVersion(
                municipality=municipality,
                key=ships.procedure.key,
                version=version,
                source=ships.source,
                origin=_origin(ships),
                origin_source=ships.source,
                author="",
                publish_time=now,
            ),
        )
        session.flush()
        for key, _ in uses(ships.source):
            used = self.shipped[key]
            number = self._number(session, municipality, used)
            if self._source(session, municipality, key, number) is None:
                self._keep(session, municipality, used, number, now)

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
        number = self._number_of(session, municipality, ships, known)
        return replace(ships.procedure, version=number)

    def _number(self, session: Session, municipality: str, ships: Shipped) -> int:
        known = rows.standing(session, municipality, ships.procedure.key)
        return self._number_of(session, municipality, ships, known)

    def _number_of(
        self, session: Session, municipality: str, ships: Shipped, known: Sequence[Standing]
    ) -> int:
        """Return the number of what ships in the town: the one it is kept by, or the next."""
        for one in known:
            if one.is_own or one.origin != _origin(ships):
                continue
            if self._source(session, municipality, one.key, one.version) == ships.source:
                return one.version
        return max(next_number(known), ships.procedure.version)

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

    def _compiled(
        self, session: Session, municipality: str, source: str, key: str, version: int
    ) -> Procedure:
        ships = self.shipped.get(key)
        if ships is not None and ships.source == source:
            return replace(ships.procedure, version=version)
        of_ships = not rows.is_own(session, municipality, key, version) if uses(source) else False
        held = source, municipality if uses(source) else "", of_ships
        if held not in self._by_source:
            resolve = self.resolver(session, municipality, of_ships=of_ships)
            self._by_source[held] = compiled(source, key, resolve)
        return replace(self._by_source[held], version=version)


def next_number(known: Sequence[Standing]) -> int:
    """Return the number of the next version of a procedure."""
    return max((one.version for one in known), default=0) + 1


def _origin(ships: Shipped) -> str:
    return f"{SHIPS}:{ships.procedure.version}"
