"""What the city writes to leaders tells those of one association nothing of those of another."""

import pytest

from tests.core.circulars.makers import a_block
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb


@on_sqlite
async def test_leaders_of_associations_do_not_read_each_others_words(a_town: Town) -> None:
    block = await a_block(a_town)
    ids = [block.of.association_id, (await a_block(a_town, line=block.line)).of.association_id]
    content = pb.CircularContent(title="会議", body="来月です。", comments_allowed=True)
    draft = pb.SaveCircularRequest(
        kind=pb.CIRCULAR_KIND_NOTICE, content=content, request_id=a_request_id(),
        targets=pb.Targets(association_ids=ids),
    )  # fmt: skip

    with pytest.raises(CoreError) as refused:
        await block.staff.ask(block.staff.circulars.SaveCircular, draft)

    assert [one.field for one in refused.value.violations] == ["content.comments_allowed"]
