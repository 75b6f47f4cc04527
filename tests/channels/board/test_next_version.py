"""A correction that was begun in LINE, at the desk: changed, sent out or thrown away."""

from pathlib import Path

from tests.channels.board.adapter import an_officer
from tests.channels.board.scripted import CIRCULAR, DRAFT, TOWN, Town, a_circular
from todoke.v1 import circulars_pb2 as pb

DESK = f"/desk/{TOWN}"


def a_correction(**more: object) -> Town:
    return Town(
        circular=a_circular(
            circular_id=DRAFT,
            state=pb.CIRCULAR_STATE_DRAFT,
            corrects_id=CIRCULAR,
            version=2,
            **more,
        )
    )


async def test_it_is_sent_out_at_once_and_leads_to_what_it_corrects(tmp_path: Path) -> None:
    async with an_officer(tmp_path, town=a_correction(correction="曜日を直しました")) as chair:
        await chair.get(DESK)
        assert "訂正の下書き" in chair.page
        await chair.get(f"{DESK}/c/{DRAFT}")
        assert "曜日を直しました" in chair.page
        assert f'href="{DESK}/c/{CIRCULAR}"' in chair.page
        assert 'name="when"' not in chair.page
        assert f"{DESK}/c/{DRAFT}/edit" in chair.page
        assert not chair.core.calls["PreviewCircular"]
        chair.core.script["PublishCircular"] = lambda _: pb.PublishCircularResponse(
            circular=a_circular(version=2)
        )
        await chair.send("訂正を出す")
        assert chair.asked("PublishCircular").circular_id == DRAFT
        assert chair.where == f"{DESK}/c/{CIRCULAR}"


async def test_it_is_changed_at_the_desk_with_what_was_asked_as_it_is(tmp_path: Path) -> None:
    town = a_correction(correction="曜日を直しました")
    async with an_officer(tmp_path, town=town) as chair:
        page = await chair.get(f"{DESK}/c/{DRAFT}/edit")
        assert "訂正の下書きを直す" in page
        assert "曜日を直しました" in page
        assert 'name="to"' not in page
        assert 'name="due"' not in page
        await chair.send('value="save"', do="save", correction="")
        assert chair.status == 422
        assert not chair.core.calls["SaveCircular"]
        given = {"title": "清掃", "body": "9時です。", "correction": "時間も直しました"}
        await chair.send('value="save"', given, do="save")
        asked = chair.asked("SaveCircular")
        assert (asked.circular_id, asked.corrects_id) == (DRAFT, CIRCULAR)
        assert (asked.correction, asked.content.body) == ("時間も直しました", "9時です。")
        assert asked.targets == town.circular.targets
        assert chair.where == f"{DESK}/c/{DRAFT}"


async def test_one_that_another_version_overtook_is_begun_anew_or_thrown_away(
    tmp_path: Path,
) -> None:
    town = a_correction(correction="曜日を直しました", overtaken=True)
    async with an_officer(tmp_path, town=town) as chair:
        page = await chair.get(f"{DESK}/c/{DRAFT}")
        assert "このままでは出せません" in page
        assert f'href="{DESK}/c/{CIRCULAR}/correct"' in page
        assert f'href="{DESK}/c/{DRAFT}/withdraw"' in page
        assert f"{DESK}/c/{DRAFT}/edit" not in page
        assert "訂正を出す" not in page
        await chair.get(f"{DESK}/c/{DRAFT}/edit")
        assert chair.where == f"{DESK}/c/{DRAFT}"


async def test_what_is_missing_is_said_in_place_of_a_button_that_would_be_refused(
    tmp_path: Path,
) -> None:
    for town, said in (
        (a_correction(lacks=["correction"]), "何を直したかがまだ書かれていない"),
        (
            Town(circular=a_circular(state=pb.CIRCULAR_STATE_DRAFT, lacks=["due_date"])),
            "まだ足りないものがあるので、出せません",
        ),
    ):
        async with an_officer(tmp_path, town=town) as chair:
            await chair.get(f"{DESK}/c/{DRAFT}")
            assert said in chair.page
            assert 'name="etag"' not in chair.page
            assert f"{DESK}/c/{town.circular.circular_id}/withdraw" in chair.page
