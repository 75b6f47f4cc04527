"""The part of LedgerService that prints letters."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy.orm import Session

from core.db import Database
from core.eligibility.rows import Roster
from core.ledger import actions
from core.ledger.convert import FROM_STATE
from core.ledger.letters import choosing, typesetting
from core.letters.printing import Office, id_of, printed
from core.letters.rules import NothingToPrint
from core.wire.door import Call
from core.wire.once_only import OnceOnly
from todoke.v1 import ledger_pb2 as pb

METHOD = "LedgerService.PrintLetters"


class Printing:
    """Answers with letters."""

    db: Database
    office: Office

    async def PrintLetters(
        self, request: pb.PrintLettersRequest, call: Call
    ) -> AsyncIterator[pb.PrintLettersResponse]:
        """Write the letters down, then set them in type outside of any transaction."""
        told = await self._written_down(request, call)
        print_id = id_of(call.caller, request.request_id)
        printing = await self.db.read(
            lambda s: choosing.written(s, call.caller, request.program_id, print_id)
        )
        body = await asyncio.to_thread(
            typesetting.body_of,
            self.office,
            city=printing.city,
            title=printing.title,
            code=printing.code,
            time=printing.time,
            window=printing.window,
        )
        async for part in printed(
            pb.PrintLettersResponse,
            printing.letters,
            partial(typesetting.as_pdf, body=body),
            name=f"letters-{printing.code}-{print_id[:6]}.pdf",
            told=told,
        ):
            yield part

    async def _written_down(self, request: pb.PrintLettersRequest, call: Call) -> pb.PrintedLetters:
        """Choose whom to write to, once, and write it into the ledger."""
        states = {FROM_STATE[state] for state in request.states}

        def look(session: Session) -> choosing.Chosen:
            roster = self._roster(session, request, call)
            return choosing.choose(session, roster, states=states, most=request.most, now=call.now)

        def write(session: Session, looked: choosing.Chosen) -> pb.PrintedLetters:
            roster = self._roster(session, request, call)
            chosen = choosing.still(session, roster, looked, states=states, now=call.now)
            print_id = id_of(call.caller, request.request_id)
            choosing.write_down(
                session, call.caller, roster, chosen, print_id=print_id, now=call.now
            )
            return pb.PrintedLetters(
                letters=len(chosen.ids), left_out=chosen.left_out, remaining=chosen.remaining
            )

        asked = OnceOnly(self.db, call, METHOD, request, pb.PrintedLetters)
        kept = await asked.kept()
        if kept is not None:
            return kept
        looked = await self.db.read(look)  # Without holding writers up.
        return await asked.make(lambda s: write(s, looked))

    @staticmethod
    def _roster(session: Session, request: pb.PrintLettersRequest, call: Call) -> Roster:
        """Return the roster to write letters for; raise NothingToPrint, as `program_open` does."""
        choosing.program_open(session, call.caller, request.program_id)
        roster = actions.roster_of(session, call.caller.municipality, request.program_id)
        if roster is None:
            raise NothingToPrint("the program has no roster yet: import it first")
        return roster
