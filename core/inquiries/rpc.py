"""The part of CampaignService in which residents and the city write to each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.db import Database
from core.dispatches.rows import Dispatch
from core.dispatches.rules import State as Sent
from core.etags import etag_of
from core.inquiries import actions, rows, rules
from core.inquiries.actions import Answering
from core.inquiries.rows import Inquiry, InquiryMessage
from core.residents import contact_rows
from core.staff import rows as staff
from core.wire import paging
from core.wire.convert import from_timestamp, to_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import campaigns_pb2 as pb

FROM_STATE = {pb.InquiryState.Value(f"INQUIRY_STATE_{state.name}"): state for state in rules.State}
TO_STATE = {state: value for value, state in FROM_STATE.items()}
TO_SENT: Mapping[Sent, pb.DeliveryState.ValueType] = {
    Sent.SENT: pb.DELIVERY_STATE_SENT,
    Sent.FAILED: pb.DELIVERY_STATE_FAILED,
    Sent.UNKNOWN: pb.DELIVERY_STATE_UNKNOWN,
    Sent.DROPPED: pb.DELIVERY_STATE_DROPPED,
}
"""All other states of a dispatch are, to whoever wrote, that it is on its way."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When the city answers: from and to, empty where it is not said, and when that is next."""

    answer_from: str
    answer_to: str
    opens: datetime


class Inquiries:
    """Answers what residents write, and what staff answer; the rules of sending say the hours."""

    db: Database
    pushing: Sequence[str]
    hours: Callable[[Session, str, datetime], Hours]

    @mutation
    def ReceiveInquiry(
        self, session: Session, request: pb.ReceiveInquiryRequest, call: Call
    ) -> pb.ReceiveInquiryResponse:
        row = actions.receive(
            session,
            call.caller,
            external_id=request.external_id,
            text=request.text,
            written=from_timestamp(request.time),
            now=call.now,
        )
        about(session, row.id)
        [shown] = _shown(session, [row], is_whole=True)
        return pb.ReceiveInquiryResponse(inquiry=shown, hours=self._hours(session, call))

    async def ListOwnInquiryMessages(
        self, request: pb.ListOwnInquiryMessagesRequest, call: Call
    ) -> pb.ListOwnInquiryMessagesResponse:
        limit = paging.limit_of(request.page_size)
        key = paging.key_of(request.page_token, parts=2)
        before = (key[0], paging.number_of(key[1])) if key else None

        def read(session: Session) -> pb.ListOwnInquiryMessagesResponse:
            contact = contact_rows.contact_of(session, call.caller, request.external_id)
            municipality, resident_id = contact.municipality, contact.resident_id or ""
            contacts = [contact.id]
            if resident_id:
                found = contact_rows.contacts_of(session, municipality, resident_id)
                contacts = [one.id for one in found]
            whose = rows.own(municipality, contacts, resident_id)
            page = rows.own_messages(session, whose, before=before, limit=limit + 1)
            shown, token = paging.split(page, limit, lambda one: (one.inquiry_id, str(one.number)))
            return pb.ListOwnInquiryMessagesResponse(
                messages=_messages(session, municipality, shown, call.now, is_named=False),
                next_page_token=token,
                hours=self._hours(session, call),
            )

        return await self.db.read(read)

    async def ListInquiries(
        self, request: pb.ListInquiriesRequest, call: Call
    ) -> pb.ListInquiriesResponse:
        """List; a writing transaction, since that beginnings were read is written down."""
        limit = paging.limit_of(request.page_size)
        key = paging.key_of(request.page_token, parts=3)
        after = (paging.number_of(key[0]), paging.time_of(key[1]), key[2]) if key else None

        def look(session: Session) -> pb.ListInquiriesResponse:
            page = rows.page(
                session,
                call.caller.municipality,
                state=FROM_STATE.get(request.state),
                assignee_id=call.caller.id if request.mine else "",
                after=after,
                limit=limit + 1,
            )
            shown, token = paging.split(page, limit, rows.key_of)
            if shown:
                details = {"count": str(len(shown))}
                events.record(
                    session,
                    call.caller,
                    "inquiry.listed",
                    call.caller.id,
                    call.now,
                    details=details,
                )
            return pb.ListInquiriesResponse(
                inquiries=_shown(session, shown, is_whole=False), next_page_token=token
            )

        return await self.db.write(look)

    async def GetInquiry(self, request: pb.GetInquiryRequest, call: Call) -> pb.GetInquiryResponse:
        """Show; a writing transaction, since the look is written down."""
        limit = paging.limit_of(request.page_size)
        key = paging.key_of(request.page_token)
        before = paging.number_of(key[0]) if key else None

        def look(session: Session) -> pb.GetInquiryResponse:
            row = actions.viewed(session, call.caller, id=request.inquiry_id, now=call.now)
            page = rows.messages(session, row, before=before, limit=limit + 1)
            shown, token = paging.split(page, limit, lambda one: (str(one.number),))
            [inquiry] = _shown(session, [row], is_whole=True)
            return pb.GetInquiryResponse(
                inquiry=inquiry,
                messages=_messages(session, row.municipality, shown, call.now, is_named=True),
                next_page_token=token,
            )

        return await self.db.write(look)

    @mutation
    def AnswerInquiry(
        self, session: Session, request: pb.AnswerInquiryRequest, call: Call
    ) -> pb.AnswerInquiryResponse:
        hours = self.hours(session, call.caller.municipality, call.now)
        row = actions.answer(
            session,
            call.caller,
            id=request.inquiry_id,
            text=request.text,
            etag=request.etag,
            answering=Answering(self.pushing, hours.opens),
            now=call.now,
        )
        about(session, row.id)
        [shown] = _shown(session, [row], is_whole=True)
        waits = hours.opens > call.now and row.channel in self.pushing
        due = to_timestamp(hours.opens if waits else None)
        return pb.AnswerInquiryResponse(inquiry=shown, due_time=due)

    @mutation
    def AssignInquiry(
        self, session: Session, request: pb.AssignInquiryRequest, call: Call
    ) -> pb.AssignInquiryResponse:
        row = actions.assign(
            session,
            call.caller,
            id=request.inquiry_id,
            staff_id=request.staff_id,
            etag=request.etag,
            now=call.now,
        )
        about(session, row.id)
        [shown] = _shown(session, [row], is_whole=True)
        return pb.AssignInquiryResponse(inquiry=shown)

    @mutation
    def CloseInquiry(
        self, session: Session, request: pb.CloseInquiryRequest, call: Call
    ) -> pb.CloseInquiryResponse:
        row = actions.close(
            session, call.caller, id=request.inquiry_id, etag=request.etag, now=call.now
        )
        about(session, row.id)
        [shown] = _shown(session, [row], is_whole=True)
        return pb.CloseInquiryResponse(inquiry=shown)

    def _hours(self, session: Session, call: Call) -> pb.AnsweringHours:
        hours = self.hours(session, call.caller.municipality, call.now)
        return pb.AnsweringHours(
            answer_from=hours.answer_from,
            answer_to=hours.answer_to,
            open=hours.opens <= call.now,
        )


def _shown(session: Session, found: Sequence[Inquiry], *, is_whole: bool) -> list[pb.Inquiry]:
    if not found:
        return []
    municipality = found[0].municipality
    session.flush()
    newest = rows.newest_of(session, municipality, [row.id for row in found])
    contacts = contact_rows.by_id(session, municipality, {row.contact_id for row in found})
    names = staff.names_of(session, municipality, {row.assignee_id for row in found})
    shown = []
    for row in found:
        # One that is nobody's yet is of whoever the contact belongs to now.
        belongs = row.resident_id or contacts[row.contact_id].resident_id or ""
        text = newest[row.id].text
        shown.append(
            pb.Inquiry(
                inquiry_id=row.id,
                channel=row.channel,
                contact_id=row.contact_id,
                resident_id=belongs,
                state=TO_STATE[row.state],
                assignee=names.get(row.assignee_id, ""),
                assignee_id=row.assignee_id,
                wait_time=to_timestamp(row.wait_time),
                etag=etag_of(row.revision),
                last_text=text if is_whole else rules.beginning(text),
            )
        )
    return shown


def _messages(
    session: Session,
    municipality: str,
    found: Sequence[InquiryMessage],
    now: datetime,
    *,
    is_named: bool,
) -> list[pb.InquiryMessage]:
    carried = rows.carried(session, municipality, {one.dispatch_id for one in found})
    return [
        pb.InquiryMessage(
            from_city=bool(one.staff_id),
            author=one.staff_name if is_named else "",
            text=one.text,
            state=_state(one, carried.get(one.dispatch_id)),
            time=to_timestamp(one.time),
            due_time=to_timestamp(_due_time(carried.get(one.dispatch_id), now)),
        )
        for one in found
    ]


def _state(message: InquiryMessage, carried: Dispatch | None) -> pb.DeliveryState.ValueType:
    if not message.staff_id:
        return pb.DELIVERY_STATE_UNSPECIFIED
    if carried is None:
        return pb.DELIVERY_STATE_INBOX
    return TO_SENT.get(carried.state, pb.DELIVERY_STATE_QUEUED)


def _due_time(carried: Dispatch | None, now: datetime) -> datetime | None:
    return None if carried is None else carried.due_time(now)
