"""The part of CampaignService about what campaigns begin from and keep to, and their tests."""

import json

from google.protobuf.json_format import MessageToDict, ParseDict
from sqlalchemy.orm import Session

from core.db import Database
from core.dispatches.rules import Lane
from core.etags import etag_of
from core.messaging import ruling, templates, testing
from core.messaging.rows import (
    SendingRules,
    Template,
    get_template,
    page_of_templates,
    quiet_until,
    sending_rules,
)
from core.messaging.rules import Sending as Rules
from core.messaging.rules import Use
from core.procedures.catalogue import Catalogue
from core.segments.previewing import Sending
from core.wire import access, paging
from core.wire.convert import to_timestamp
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import mutation
from todoke.v1 import campaigns_pb2 as pb

FROM_USE = {
    pb.TEMPLATE_USE_UNSPECIFIED: Use.MESSAGE,
    pb.TEMPLATE_USE_MESSAGE: Use.MESSAGE,
    pb.TEMPLATE_USE_ANSWER: Use.ANSWER,
}
TO_USE = {Use.MESSAGE: pb.TEMPLATE_USE_MESSAGE, Use.ANSWER: pb.TEMPLATE_USE_ANSWER}
SAVERS = {Use.MESSAGE: access.MESSENGERS, Use.ANSWER: access.INQUIRIES}
"""Who keeps texts for what: whoever writes with them."""


class Composing:
    """Answers what staff do around drafts; `sending` says which channels push."""

    db: Database
    sending: Sending
    procedures: Catalogue

    @mutation
    def SaveTemplate(
        self, session: Session, request: pb.SaveTemplateRequest, call: Call
    ) -> pb.SaveTemplateResponse:
        said, use = request.template, FROM_USE[request.template.use]
        _check_keeper(call, use, "SaveTemplate")
        template = templates.save(
            session,
            call.caller,
            self.procedures,
            id=said.template_id,
            name=said.name,
            message=MessageToDict(said.message, preserving_proto_field_name=True),
            use=use,
            etag=said.etag,
            now=call.now,
        )
        return pb.SaveTemplateResponse(template=template_to_pb(template))

    @mutation
    def DeleteTemplate(
        self, session: Session, request: pb.DeleteTemplateRequest, call: Call
    ) -> pb.DeleteTemplateResponse:
        template = get_template(session, call.caller.municipality, request.template_id, lock=True)
        _check_keeper(call, template.use, "DeleteTemplate")
        templates.delete(session, call.caller, template, etag=request.etag, now=call.now)
        return pb.DeleteTemplateResponse()

    async def ListTemplates(
        self, request: pb.ListTemplatesRequest, call: Call
    ) -> pb.ListTemplatesResponse:
        limit = paging.limit_of(request.page_size)
        after = paging.key_of(request.page_token, parts=2)
        use = FROM_USE[request.use] if request.use else None
        found = await self.db.read(
            lambda s: page_of_templates(
                s, call.caller.municipality, use=use, after=after, limit=limit + 1
            )
        )
        shown, token = paging.split(found, limit, lambda row: (row.name, row.id))
        return pb.ListTemplatesResponse(templates=map(template_to_pb, shown), next_page_token=token)

    @mutation
    def SetSendingRules(
        self, session: Session, request: pb.SetSendingRulesRequest, call: Call
    ) -> pb.SetSendingRulesResponse:
        said = request.rules
        if bool(said.answer_from) is not bool(said.answer_to):
            raise FieldInvalid("hours of answering have two ends", field="rules.answer_to")
        rules = ruling.set_rules(
            session,
            call.caller,
            sending=Rules(
                quiet_from=said.quiet_from,
                quiet_to=said.quiet_to,
                weekly_cap=said.weekly_cap,
                approval_from=said.approval_from,
                answer_from=said.answer_from,
                answer_to=said.answer_to,
                window_left=said.letter_window.left,
                window_top=said.letter_window.top,
                window_width=said.letter_window.width,
                window_height=said.letter_window.height,
            ),
            etag=said.etag,
            reason=request.reason,
            now=call.now,
        )
        return pb.SetSendingRulesResponse(rules=rules_to_pb(rules))

    async def GetSendingRules(
        self, _request: pb.GetSendingRulesRequest, call: Call
    ) -> pb.GetSendingRulesResponse:
        rules = await self.db.read(
            lambda s: rules_to_pb(sending_rules(s, call.caller.municipality))
        )
        return pb.GetSendingRulesResponse(rules=rules)

    @mutation
    def TestCampaign(
        self, session: Session, request: pb.TestCampaignRequest, call: Call
    ) -> pb.TestCampaignResponse:
        test = testing.send_test(
            session,
            call.caller,
            campaign_id=request.campaign_id,
            contact_ids=list(request.contact_ids),
            pushing=self.sending.pushing,
            now=call.now,
        )
        due = None
        if test.lane != Lane.EMERGENCY and test.batches:
            due = quiet_until(session, call.caller.municipality, call.now)
        return pb.TestCampaignResponse(queued=test.recipient_count, due_time=to_timestamp(due))


def _check_keeper(call: Call, use: Use, method: str) -> None:
    if not call.caller.roles & SAVERS[use]:
        raise access.CallerNotAllowed(
            f"{call.caller.actor} may not keep texts for {use}s", method=method
        )


def template_to_pb(row: Template) -> pb.MessageTemplate:
    return pb.MessageTemplate(
        template_id=row.id,
        name=row.name,
        message=ParseDict(json.loads(row.message_json), pb.CampaignMessage()),
        etag=etag_of(row.revision),
        use=TO_USE[row.use],
    )


def rules_to_pb(row: SendingRules) -> pb.SendingRules:
    return pb.SendingRules(
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        weekly_cap=row.weekly_cap,
        approval_from=row.approval_from,
        etag=etag_of(row.revision) if row.revision else "",
        answer_from=row.answer_from,
        answer_to=row.answer_to,
        letter_window=pb.EnvelopeWindow(
            left=row.window_left,
            top=row.window_top,
            width=row.window_width,
            height=row.window_height,
        ),
    )
