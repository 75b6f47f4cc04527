"""What no database and no channel takes is refused at the door, by the field that holds it."""

import pytest

from core.callers import Role
from tests.core.circulars.makers import a_block
from tests.core.messaging.makers import a_draft
from tests.makers import a_request_id
from tests.town import Town
from todoke.client import CoreError
from todoke.v1 import campaigns_pb2, circulars_pb2

BAD = "班\0長"


async def test_a_nul_character_is_refused_with_the_field_that_holds_it(a_town: Town) -> None:
    block = await a_block(a_town)
    staff = await a_town.staff(*Role)
    name = circulars_pb2.SaveAssociationRequest(
        association=circulars_pb2.Association(number="9999", name=BAD), request_id=a_request_id()
    )
    draft = a_draft()
    draft.message.body.by_language["en"] = BAD
    text = campaigns_pb2.CreateCampaignRequest(draft=draft, request_id=a_request_id())
    option = circulars_pb2.CircularOption(value="soon", label=BAD)
    question = circulars_pb2.CircularQuestion(key="when", text="いつ", options=[option])

    with pytest.raises(CoreError) as named:
        await staff.ask(staff.circulars.SaveAssociation, name)
    with pytest.raises(CoreError) as said:
        await staff.ask(staff.campaigns.CreateCampaign, text)
    with pytest.raises(CoreError) as asked:
        await block.save(
            block.of.chair, kind=circulars_pb2.CIRCULAR_KIND_SURVEY, questions=[question]
        )

    assert {one.value.reason for one in (named, said, asked)} == {"FIELD_INVALID"}
    assert [one.value.violations[0].field for one in (named, said, asked)] == [
        "association.name", "draft.message.body.by_language",
        "content.questions[0].options[0].label",
    ]  # fmt: skip
