"""Inquiries, as residents write and staff answer them in tests."""

from core.messaging.rows import SendingRules
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb


async def write(
    town: Town, channel: Core, external_id: str, text: str = "ごみの日はいつですか。", **more: str
) -> pb.ReceiveInquiryResponse:
    request = pb.ReceiveInquiryRequest(
        external_id=external_id, text=text, request_id=more.get("request_id") or a_request_id()
    )
    request.time.FromDatetime(town.clock())
    return await channel.ask(channel.campaigns.ReceiveInquiry, request)


async def listed(staff: Core, **wanted) -> list[pb.Inquiry]:
    """List all, page by page of two."""
    found, token = [], ""
    while True:
        request = pb.ListInquiriesRequest(page_size=2, page_token=token, **wanted)
        answer = await staff.ask(staff.campaigns.ListInquiries, request)
        found += answer.inquiries
        token = answer.next_page_token
        if not token:
            return found


async def get(staff: Core, inquiry_id: str) -> pb.GetInquiryResponse:
    request = pb.GetInquiryRequest(inquiry_id=inquiry_id)
    return await staff.ask(staff.campaigns.GetInquiry, request)


async def answer(
    staff: Core, inquiry: pb.Inquiry, text: str = "火曜日です。", request_id: str = ""
) -> pb.Inquiry:
    request = pb.AnswerInquiryRequest(
        inquiry_id=inquiry.inquiry_id, text=text, etag=inquiry.etag,
        request_id=request_id or a_request_id(),
    )  # fmt: skip
    return (await staff.ask(staff.campaigns.AnswerInquiry, request)).inquiry


async def answered(staff: Core, inquiry: pb.Inquiry) -> pb.AnswerInquiryResponse:
    """Answer, and return what staff are told of it."""
    request = pb.AnswerInquiryRequest(
        inquiry_id=inquiry.inquiry_id, text="火曜日です。", etag=inquiry.etag,
        request_id=a_request_id(),
    )  # fmt: skip
    return await staff.ask(staff.campaigns.AnswerInquiry, request)


async def assign(staff: Core, inquiry: pb.Inquiry, staff_id: str) -> pb.Inquiry:
    request = pb.AssignInquiryRequest(
        inquiry_id=inquiry.inquiry_id, staff_id=staff_id, etag=inquiry.etag,
        request_id=a_request_id(),
    )  # fmt: skip
    return (await staff.ask(staff.campaigns.AssignInquiry, request)).inquiry


async def close(staff: Core, inquiry: pb.Inquiry) -> pb.Inquiry:
    request = pb.CloseInquiryRequest(
        inquiry_id=inquiry.inquiry_id, etag=inquiry.etag, request_id=a_request_id()
    )
    return (await staff.ask(staff.campaigns.CloseInquiry, request)).inquiry


async def own(channel: Core, external_id: str) -> list[str]:
    request = pb.ListOwnInquiryMessagesRequest(external_id=external_id)
    shown = await channel.ask(channel.campaigns.ListOwnInquiryMessages, request)
    return [one.text for one in shown.messages]


async def set_hours(town: Town, begin: str, end: str) -> None:
    def work(session) -> None:
        session.add(
            SendingRules(
                municipality=MUNICIPALITY, quiet_from="21:00", quiet_to="08:00", weekly_cap=0,
                approval_from=1_000, answer_from=begin, answer_to=end,
            )
        )  # fmt: skip

    await town.running.db.write(work)
