"""The part of CampaignService that tells on paper whom nothing else reaches."""

from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy.orm import Session

from core import events
from core.campaigns import letter_rows
from core.campaigns import rows as campaigns
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, LetterCause
from core.db import Database
from core.letters.printing import Office, id_of, printed
from core.messaging.images import Narrowed
from core.messaging.letters import typesetting, whom, writing
from core.wire import paging
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.once_only import OnceOnly
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import ledger_pb2

METHOD = "CampaignService.PrintCampaignLetters"
FROM_CAUSE = {pb.LetterCause.Value(f"LETTER_CAUSE_{one.name}"): one for one in LetterCause}
TO_CAUSE = {one: value for value, one in FROM_CAUSE.items()}


class Writing:
    """Answers whom a campaign tells on paper, and with the letters."""

    db: Database
    office: Office
    narrowed: Narrowed

    async def ListCampaignLetters(
        self, request: pb.ListCampaignLettersRequest, call: Call
    ) -> pb.ListCampaignLettersResponse:
        return await self.db.write(partial(_listed, request=request, call=call))  # It is logged.

    async def PrintCampaignLetters(
        self, request: pb.PrintCampaignLettersRequest, call: Call
    ) -> AsyncIterator[pb.PrintCampaignLettersResponse]:
        """Write the letters down, then set them in type outside of any transaction."""
        told = await self._written_down(request, call)
        print_id = id_of(call.caller, request.request_id)
        municipality = call.caller.municipality

        def read(session: Session) -> writing.Written:
            campaign = campaigns.get(session, municipality, request.campaign_id)
            return writing.written(session, campaign, print_id)

        written = await self.db.read(read)
        image = b""
        if written.image is not None:
            image = await self.narrowed.of(written.image, typesetting.WIDTH)
        set_in_type = partial(
            typesetting.as_pdf,
            office=self.office,
            city=written.city,
            code=written.code,
            time=written.time,
            window=written.window,
            image=image,
        )
        async for part in printed(
            pb.PrintCampaignLettersResponse,
            written.letters,
            set_in_type,
            name=f"letters-{written.code}-{print_id[:6]}.pdf",
            told=told,
        ):
            yield part

    async def _written_down(
        self, request: pb.PrintCampaignLettersRequest, call: Call
    ) -> ledger_pb2.PrintedLetters:
        """Choose whom to write to, once, and write it down."""
        causes = [FROM_CAUSE[cause] for cause in request.causes]

        def campaign_of(session: Session) -> Campaign:
            return writing.printable(session, call.caller.municipality, request.campaign_id)

        def look(session: Session) -> writing.Chosen:
            campaign = campaign_of(session)
            return writing.choose(session, campaign, causes=causes, most=request.most, now=call.now)

        def write(session: Session, looked: writing.Chosen) -> ledger_pb2.PrintedLetters:
            campaign = campaign_of(session)
            chosen = writing.still(session, campaign, looked, now=call.now)
            print_id = id_of(call.caller, request.request_id)
            writing.write_down(
                session, call.caller, campaign, chosen, print_id=print_id, now=call.now
            )
            return ledger_pb2.PrintedLetters(
                letters=len(chosen.causes), left_out=chosen.left_out, remaining=chosen.remaining
            )

        asked = OnceOnly(self.db, call, METHOD, request, ledger_pb2.PrintedLetters)
        kept = await asked.kept()
        if kept is not None:
            return kept
        looked = await self.db.read(look)  # Without holding writers up.
        return await asked.make(lambda s: write(s, looked))


def _listed(
    session: Session, request: pb.ListCampaignLettersRequest, call: Call
) -> pb.ListCampaignLettersResponse:
    municipality = call.caller.municipality
    campaign = campaigns.get(session, municipality, request.campaign_id)
    answer = pb.ListCampaignLettersResponse()
    after = "".join(paging.key_of(request.page_token))
    if campaign.kind is Kind.MESSAGE:
        limit = paging.limit_of(request.page_size)
        found = _letters(session, campaign, request, call, after=after, limit=limit + 1)
        shown, answer.next_page_token = paging.split(found, limit, lambda row: (row.resident_id,))
        known = writing.addresses_of(session, municipality, [one.resident_id for one in shown])
        for one in shown:
            if one.resident_id in known:
                facts = known[one.resident_id][1]
                one.name, one.address = facts.name, facts.address
        answer.letters.extend(shown)
        if not after:
            waiting, answer.left_out = whom.count(session, campaign, call.now)
            answer.waiting.update(waiting)
            answer.printed = letter_rows.count(session, municipality, campaign.id)
    details = {"shown": str(len(answer.letters))}
    events.record(
        session, call.caller, "campaign.letters_viewed", campaign.id, call.now, details=details
    )
    return answer


def _letters(
    session: Session,
    campaign: Campaign,
    request: pb.ListCampaignLettersRequest,
    call: Call,
    *,
    after: str,
    limit: int,
) -> list[pb.CampaignLetter]:
    """Return letters that are printed, or that wait, without name and address."""
    if request.printed:
        return [
            pb.CampaignLetter(
                resident_id=one.resident_id,
                cause=TO_CAUSE[one.cause],
                print_time=to_timestamp(one.print_time),
                number=one.number,
            )
            for one in letter_rows.page(
                session, campaign.municipality, campaign.id, after=after, limit=limit
            )
        ]
    return [
        pb.CampaignLetter(resident_id=resident_id, cause=TO_CAUSE[LetterCause(cause)])
        for resident_id, cause in whom.page(session, campaign, call.now, after=after, limit=limit)
    ]
