"""The part of LedgerService that prints letters."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.db import Database
from core.eligibility.rows import Roster
from core.ledger import actions
from core.ledger.convert import FROM_STATE
from core.ledger.letters import choosing, typesetting
from core.ledger.rules import NothingToPrint
from core.wire.door import Call
from core.wire.mutation import kept_answer, once
from todoke.v1 import files_pb2
from todoke.v1 import ledger_pb2 as pb

CHUNK = 64 * 1024
METHOD = "LedgerService.PrintLetters"


@dataclass(frozen=True, slots=True)
class Office:
    """What letters say of who writes; `page` is where their code leads."""

    page: str
    name: str
    phone: str


class Printing:
    """Answers with letters."""

    db: Database
    office: Office

    async def PrintLetters(
        self, request: pb.PrintLettersRequest, call: Call
    ) -> AsyncIterator[pb.PrintLettersResponse]:
        """Write the letters down, then set them in type outside of any transaction."""
        told = await self._written_down(request, call)
        print_id = choosing.id_of(call.caller, request.request_id)
        printing = await self.db.read(
            lambda s: choosing.written(s, call.caller, request.program_id, print_id)
        )
        if not printing.letters:
            raise NothingToPrint("whoever this file was for is under protection by now")
        sender = typesetting.Sender(
            city=printing.city,
            office=self.office.name,
            phone=self.office.phone,
            link=typesetting.link_of(self.office.page, printing.code),
        )
        content = await asyncio.to_thread(
            typesetting.as_pdf, printing.letters, sender, title=printing.title, time=printing.time
        )
        held_back = told.letters - len(printing.letters)
        yield pb.PrintLettersResponse(
            letters=pb.PrintedLetters(
                file=files_pb2.FileHeader(
                    file_name=f"letters-{printing.code}-{print_id[:6]}.pdf",
                    media_type="application/pdf",
                    size=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                ),
                letters=len(printing.letters),
                left_out=told.left_out + held_back,
                remaining=told.remaining,
            )
        )
        for start in range(0, len(content), CHUNK):
            yield pb.PrintLettersResponse(chunk=content[start : start + CHUNK])

    async def _written_down(self, request: pb.PrintLettersRequest, call: Call) -> pb.PrintedLetters:
        """Choose whom to write to, once, and write it into the ledger."""
        states = {FROM_STATE[state] for state in request.states}

        def look(session: Session) -> choosing.Chosen:
            roster = self._roster(session, request, call)
            return choosing.choose(session, roster, states=states, most=request.most, now=call.now)

        def change(session: Session) -> pb.PrintedLetters:
            roster = self._roster(session, request, call)
            chosen = choosing.still(session, roster, looked, states=states, now=call.now)
            print_id = choosing.id_of(call.caller, request.request_id)
            choosing.write_down(
                session, call.caller, roster, chosen, print_id=print_id, now=call.now
            )
            return pb.PrintedLetters(
                letters=len(chosen.ids), left_out=chosen.left_out, remaining=chosen.remaining
            )

        response_type = pb.PrintedLetters
        kept = await self.db.read(lambda s: kept_answer(s, call, METHOD, request, response_type))
        if kept is not None:
            return kept
        # The states of a whole roster are told without holding writers up.
        looked = await self.db.read(look)
        return await self.db.write(
            lambda s: once(
                s,
                call,
                method=METHOD,
                request=request,
                response_type=response_type,
                change=lambda: change(s),
            )
        )

    @staticmethod
    def _roster(session: Session, request: pb.PrintLettersRequest, call: Call) -> Roster:
        """Return the roster to write letters for; raise NothingToPrint, as `program_open` does."""
        choosing.program_open(session, call.caller, request.program_id)
        roster = actions.roster_of(session, call.caller.municipality, request.program_id)
        if roster is None:
            raise NothingToPrint("the program has no roster yet: import it first")
        return roster
