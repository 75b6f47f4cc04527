"""Inboxes as residents read them, and campaigns that have come there."""

from core.campaigns.recipient_rows import Recipient
from tests.adapter import an_adapter
from tests.core.messaging.makers import a_draft
from tests.makers import Registered, a_request_id
from tests.town import MUNICIPALITY, Town
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_ACCEPTED
from todoke.v1.procedures_pb2 import Text
from todoke.v1.residents_pb2 import Speaker


async def inbox(core: Core, who: Registered, **asked) -> pb.ListInboxResponse:
    asked.setdefault("speaker", Speaker(external_id=who.external_id))
    return await core.ask(core.campaigns.ListInbox, pb.ListInboxRequest(**asked))


async def titles(core: Core, who: Registered, **asked) -> list[str]:
    """Return what campaigns said; the notices of registering are passed over."""
    return [one.title for one in (await inbox(core, who, **asked)).messages if one.title]


async def open_(core: Core, who: Registered, id: str, **asked) -> pb.InboxMessage:
    asked.setdefault("speaker", Speaker(external_id=who.external_id))
    request = pb.OpenInboxMessageRequest(message_id=id, request_id=a_request_id(), **asked)
    return (await core.ask(core.campaigns.OpenInboxMessage, request)).message


def titled(title: str, **more) -> pb.CampaignDraft:
    draft = a_draft(**more)
    draft.message.title.CopyFrom(Text(by_language={"ja": title}))
    return draft


async def let_out(town: Town, line: Core, number: int = 1) -> None:
    """Lay out what is due, and take so many dispatches."""
    await town.running.jobs.run_due()
    await town.do_waiting()
    async with an_adapter(line) as adapter:
        adapter.ready(number)
        for _ in range(number):
            adapter.report(await adapter.dispatch(), OUTCOME_RESULT_ACCEPTED)
            assert await adapter.taken()


async def recipient_of(town: Town, campaign: str, who: Registered) -> Recipient:
    key = (MUNICIPALITY, campaign, who.resident_id)
    return await town.read(lambda s: s.get_one(Recipient, key))
