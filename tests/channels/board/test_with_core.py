"""The boards before the real core: a leader's desk and a member, from the invitation to the tap."""

import re
from pathlib import Path

from channels.board.app import create_app
from core.callers import Role
from tests import town
from tests.channels.board.adapter import some_settings, somebody
from tests.channels.board.scripted import Town
from tests.channels.fake_core import FakeCore
from tests.core.associations.makers import an_association
from tests.makers import a_request_id
from todoke.v1 import circulars_pb2 as pb


async def test_a_circular_goes_from_the_desk_to_whoever_was_invited_there(
    sqlite_database: str, tmp_path: Path
) -> None:
    built = await town.build(sqlite_database, tmp_path)
    try:
        staff, line = await built.staff(Role.ASSOCIATIONS), await built.channel("line")
        block = await an_association(built, staff, line)
        begun = await line.ask(
            line.circulars.BeginMemberLink,
            pb.BeginMemberLinkRequest(
                speaker=block.chair.speaker,
                member_id=block.chair.member_id,
                request_id=a_request_id(),
            ),
        )
        settings = some_settings(tmp_path, built.address)
        token = (await built.channel("board")).token
        settings.core_token_file.write_text(token, encoding="utf-8")
        app = create_app(settings, lambda: built.clock().timestamp())
        desk = f"/desk/{block.association_id}"
        async with (
            app.router.lifespan_context(app),
            somebody(app, FakeCore(), Town()) as chair,
            somebody(app, FakeCore(), Town()) as member,
        ):
            await chair.get(f"/link/{begun.code}")
            await chair.send('name="code"', code=begun.code)
            assert f'href="{desk}"' in chair.page
            await chair.get(f"{desk}/invite")
            home = block.households[-1].household_id
            await chair.send('name="whom"', whom=f"household:{home}", days="14")
            (code,) = re.findall(r"/join/(\w+)", chair.page)
            await member.get(f"/join/{code}")
            await member.send('name="code"', code=code, name="太郎")
            assert member.where == "/joined", member.page
            await chair.get(f"{desk}/joining")
            await chair.send("太郎", do="confirm", household=home)
            assert "太郎さんを会員として認めました" in chair.page
            await chair.get(f"{desk}/new/notice")
            said = {"title": "秋の清掃", "body": "日曜の朝8時", "to": "everybody"}
            await chair.send('name="title"', said, options="on_board", do="save")
            assert "4世帯" in chair.page
            await chair.send('name="when"', when="now")
            assert "回覧を届けました" in chair.page
            draft = chair.where
            await member.get("/")
            assert "秋の清掃" in member.page
            await member.get(f"/c/{draft.rpartition('/')[2]}")
            await member.send("見ました", do="answer")
            assert "「見ました」を届けました" in member.page
            await chair.get(f"{draft}/receipts")
            assert "既読2・未読2" in chair.page
            await member.get(desk)
            assert member.status == 403
            await member.get(f"/screen/{block.association_id}")
            assert "日曜の朝8時" in member.page
    finally:
        await built.close()
