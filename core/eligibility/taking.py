"""One import or replacement of a roster while it runs: what comes in, and how it is kept."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from core.db import Database
from core.eligibility import actions, mapping_rows, roster_rows, rows, version_rows
from core.eligibility.comparing import Rows
from core.eligibility.roster_convert import names_of
from core.eligibility.roster_intake import Intake, take
from core.eligibility.roster_parts import DIGEST, Part, Task
from core.eligibility.roster_pool import Pool
from core.eligibility.terms import Terms
from core.eligibility.upload import Upload
from core.ids import new_id
from core.japan import today
from core.my_number import refuse_my_number
from core.rosters.blocks import Block, Cutter
from core.rosters.columns import Column
from core.rosters.file import Head, head_of
from core.wire.door import Call

MOST_TOGETHER = 4
"""Parts in one transaction, which spares commits, as long as it takes no longer than this:"""

LONG_SECONDS = 0.3
"""Others who write wait meanwhile."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a file is read; `in_force` is the id of the roster, or empty."""

    program_id: str
    terms: Terms
    in_force: str
    names: dict[str, Column] | None
    dialect: str


@dataclass(slots=True)
class Taking:
    """Reads an upload, and writes it under a roster that nobody sees where `writes`.

    `compared` gathers the digests of a file that is only looked at, for a difference.
    """

    db: Database
    pool: Pool
    upload: Upload[Any]
    call: Call
    known: Known
    writes: bool
    compared: Rows | None = None
    roster_id: str = field(default_factory=new_id)
    intake: Intake = field(default_factory=Intake)
    _is_staged: bool = False
    _together: int = 1

    async def parts(self) -> AsyncIterator[Part]:
        """Yield what was read, part by part; at the end all is written."""
        parts = take(
            self.upload.chunks,
            self.pool,
            self.intake,
            understand=self._head,
            task_of=self._task,
        )
        waiting: list[bytes] = []
        async for part in parts:
            if part.payload:
                waiting.append(part.payload)
            if len(waiting) >= self._together:
                await self._write(waiting)
                waiting = []
            if self.compared is not None:
                self.compared.add(part.references, part.contents, DIGEST)
            yield part
        await self._write(waiting)

    async def _write(self, payloads: list[bytes]) -> None:
        if not payloads or self.intake.problem_count:
            return
        began = time.monotonic()
        await self.db.write(partial(self._write_in, payloads=payloads))
        took = time.monotonic() - began
        if took > LONG_SECONDS:
            self._together = max(self._together // 2, 1)
        elif took < LONG_SECONDS / 2:
            self._together = min(self._together * 2, MOST_TOGETHER)

    async def discard(self) -> None:
        """Delete what was written of a roster that is not to be."""
        if not self._is_staged:
            return
        work = partial(
            roster_rows.discard,
            municipality=self.call.caller.municipality,
            roster_id=self.roster_id,
        )
        while await self.db.write(work):
            pass

    def _head(self, cutter: Cutter, block: Block, is_workbook: bool) -> Head:  # noqa: FBT001 - one of three of a call back.
        names = self.known.names
        return head_of(cutter, block, names=names, synonyms=names is None, is_workbook=is_workbook)

    def _task(self, head: Head) -> Task:
        return Task(
            head=head,
            today=today(self.call.now),
            terms=self.known.terms,
            municipality=self.call.caller.municipality,
            program_id=self.known.program_id,
            roster_id=self.roster_id,
            dialect=self.known.dialect if self.writes else "",
        )

    def _write_in(self, session: Session, payloads: list[bytes]) -> None:
        municipality = self.call.caller.municipality
        if session.get(rows.Roster, (municipality, self.roster_id)) is None:
            staged = roster_rows.staged(
                municipality=municipality,
                program_id=self.known.program_id,
                roster_id=self.roster_id,
                file_name=self.upload.header.file_name,
                now=self.call.now,
            )
            session.add(staged)
            session.flush()
        for payload in payloads:
            roster_rows.write(session, payload)
        self._is_staged = True


def look_up(session: Session, upload: Upload[Any], call: Call) -> Known:
    """Raise ProgramUnknown, ProgramClosed, ProgramFrozen, ColumnMappingUnknown."""
    header, municipality = upload.header, call.caller.municipality
    refuse_my_number(header.file_name, field="header.file_name")
    program = actions.program_for_roster(session, municipality, header.program_id, call.now)
    mapping = None
    if header.mapping_id:
        mapping = names_of(mapping_rows.get(session, municipality, header.mapping_id))
    roster = rows.find_roster(session, municipality, program.id)
    return Known(
        program_id=program.id,
        terms=version_rows.terms_now(session, program, call.now),
        in_force=roster.id if roster else "",
        names=mapping,
        dialect=session.get_bind().dialect.name,
    )
