"""The whole life of a circular: one story, in browsers before the real core."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from core.japan import today
from tests.browser import MARKS
from tests.channels.board.neighbours import City, Person, a_city
from tests.core.associations import makers
from tests.core.associations.makers import Neighbourhood, appoint
from tests.core.circulars.makers import a_pdf
from todoke.v1 import circulars_pb2 as pb

pytestmark = [*MARKS, pytest.mark.slow]  # Each step by itself is tried in the modules beside.

SIGNS = ("届出", "山本", "佐藤", "鈴木", "高橋")
"""The door plates of the households, in the order of the round: three in the first group."""

SURVEY = {
    "q__0__text": "何を手伝えますか",
    "q__0__options": "屋台\n片付け",
    "q__1__text": "ひとこと",
}


async def test_the_whole_life_of_a_circular(
    chromium: Browser, sqlite_database: str, tmp_path: Path
) -> None:
    async with (
        a_city(chromium, sqlite_database, tmp_path) as city,
        city.somebody(script=True) as hanako,
        city.somebody() as taro,
        city.somebody() as jiro,
    ):
        block = await the_city_founds_an_association(city)
        desk = f"/desk/{block.association_id}"
        await a_leader_joins_by_invitation(city, block, hanako)
        await members_join_by_the_code_and_are_confirmed(hanako, desk, taro, jiro)
        # One household reads in LINE, or will; the last one reads on paper.
        await makers.joins(
            city.town, city.staff, city.line, block, block.households[3].household_id
        )
        survey = await a_survey_is_composed_seen_as_on_a_phone_and_published(hanako, desk)
        await members_read_answer_and_comment(taro, jiro)
        await the_unread_are_reminded_and_the_rest_is_on_paper(hanako, survey)
        await a_correction_reaches_who_had_read(hanako, survey, taro)
        await an_attendance_is_asked_and_counted(hanako, desk, taro)
        await the_citys_circular_is_passed_on_in_one_tap(city, hanako, desk, jiro)
        await a_vote_is_held_and_counted(city, hanako, desk, taro, jiro)
        await the_screen_shows_what_is_public(city, block)
        await offices_are_handed_over(city, hanako, desk, taro)


async def the_city_founds_an_association(city: City) -> Neighbourhood:
    kept = await makers.save_association(city.staff, number="12", name="本町自治会")
    block = Neighbourhood(kept.association_id)
    for order in range(2):
        group = await makers.save_group(
            city.staff, block.association_id, name=f"{order + 1}班", round_order=order
        )
        block.groups.append(group)
    for place, sign in enumerate(SIGNS):
        home = pb.Household(
            group_id=block.groups[place > 2].group_id,
            name=sign,
            round_order=place,
            paper=sign == SIGNS[-1],
        )
        kept_home = await makers.save_household(city.staff, block.association_id, home)
        block.households.append(kept_home)
    return block


async def a_leader_joins_by_invitation(city: City, block: Neighbourhood, leader: Person) -> None:
    home = block.households[0]
    code = await makers.invite(city.staff, block.association_id, household_id=home.household_id)
    await leader.joins(f"/join/{code}", "花子")
    member = await city.confirms(block, home)
    await appoint(city.town, city.staff, block, member, pb.OFFICE_KIND_CHAIR)
    await leader.visits("/")
    await leader.follows("「本町自治会」の役員の机")
    await leader.reads("5世帯のうち1世帯が参加しています")


async def members_join_by_the_code_and_are_confirmed(
    leader: Person, desk: str, *members: Person
) -> None:
    await leader.follows("参加コードを作る")
    await leader.page.get_by_label("だれに渡すか").select_option(label="1班のだれでも")
    await leader.presses("コードを作る")
    address = await leader.page.locator(".print .letters").last.inner_text()
    for member, name, sign in zip(members, ("太郎", "次郎"), SIGNS[1:], strict=False):
        await member.joins(address, name)
        await leader.visits(desk)
        await leader.follows("参加の申し込みが1件あります")
        await leader.reads(name)
        home = leader.page.get_by_label("世帯")
        await home.select_option(label=f"1班 {sign}")
        await leader.presses("会員として認める")
        await leader.is_told(f"{name}さんを会員として認めました")


async def a_survey_is_composed_seen_as_on_a_phone_and_published(leader: Person, desk: str) -> str:
    """Return the address of the circular at the desk."""
    await leader.visits(desk)
    await leader.follows("回覧を作る")
    await leader.follows("アンケート")
    await leader.fills(title="夏祭りのお手伝い", body="8月1日、公園で。", **SURVEY)
    pdf = {"name": "案内.pdf", "mimeType": "application/pdf", "buffer": a_pdf("屋台の並び")}
    await leader.page.set_input_files("#files", [pdf])
    await leader.ticks("世帯ごとの答えを役員が見る", "コメントを書けるようにする")
    await leader.presses("下書きを保存して")
    await leader.is_told("まだ届いていません")
    await leader.reads("5世帯", "何を手伝えますか")
    await expect(leader.page.locator(".phone")).to_contain_text("8月1日、公園で。")
    await shows_pictures(leader, pages=2)
    await leader.presses("届ける")
    await leader.is_told("回覧を届けました")
    return leader.page.url


async def shows_pictures(who: Person, *, pages: int) -> None:
    """See that each page of a file is there as a picture, which is drawn when one comes to it."""
    pictures = who.page.locator(".file p > img")
    await expect(pictures).to_have_count(pages)
    for one in await pictures.all():
        await one.scroll_into_view_if_needed()
        address = await one.get_attribute("src")
        answer = await who.page.request.get(f"{who.city.origin}{address}")
        assert answer.headers["content-type"] in {"image/png", "image/jpeg"}


async def members_read_answer_and_comment(taro: Person, jiro: Person) -> None:
    await taro.visits("/")
    await taro.follows("未読 夏祭りのお手伝い")
    await taro.reads("文字で読む:案内.pdf", "屋台の並び", "Page two")
    await shows_pictures(taro, pages=2)
    await taro.presses("答えを送る")
    await expect(taro.page.get_by_role("alert")).to_contain_text("どれかを選んでください")
    await taro.ticks("屋台")
    await taro.presses("答えを送る")
    await taro.is_told("答えを届けました")
    await taro.fills(comment="雨のときは?")
    await taro.presses("コメントを送る")
    await taro.reads("太郎", "雨のときは?")
    # The second goes by the keyboard alone.
    await jiro.visits("/")
    await jiro.tabs_to(jiro.page.get_by_role("link", name="夏祭りのお手伝い"))
    await jiro.page.keyboard.press("Enter")
    await jiro.reads("雨のときは?")
    await jiro.tabs_to(jiro.page.get_by_label("屋台"))
    await jiro.page.keyboard.press("ArrowDown")
    await jiro.tabs_to(jiro.page.get_by_role("button", name="答えを送る"))
    await jiro.page.keyboard.press("Enter")
    await jiro.is_told("答えを届けました")


async def the_unread_are_reminded_and_the_rest_is_on_paper(leader: Person, survey: str) -> None:
    await leader.visits(survey)
    await leader.follows("だれが読んだか")
    await leader.reads("既読3・未読2", "山本", "屋台", "佐藤", "片付け")
    await leader.presses("未読の世帯に、もう一度知らせる")
    await leader.is_told("1世帯に知らせました。つながる先のない1世帯は")
    await leader.page.get_by_label("どの班の分か").select_option(label="2班")
    async with leader.page.expect_download() as printing:
        await leader.page.get_by_role("button", name="回覧票を出す").click()
    sheet = (await (await printing.value).path()).read_bytes()
    assert sheet.startswith(b"%PDF")
    await the_sheet_comes_back_and_is_typed_in_by_the_keyboard(leader)
    await leader.visits(f"{survey}/receipts")
    await leader.reads("既読4・未読1", "花子さんが書き入れました", "高橋", "片付け")
    await leader.visits(survey)
    await leader.follows("コメント")
    await leader.presses("コメントを消す")
    await leader.is_told("コメントを消しました")


async def the_sheet_comes_back_and_is_typed_in_by_the_keyboard(leader: Person) -> None:
    await leader.follows("紙の回覧を書き入れる")
    await leader.reads("山本", "自分で答えています")
    await leader.page.get_by_role("link", name="2班").click()
    line = leader.page.get_by_role("group", name="高橋")
    await leader.tabs_to(line.get_by_label("答えなし"))
    for key in ("ArrowDown", "ArrowDown"):
        await leader.page.keyboard.press(key)
    await expect(line.get_by_label("片付け")).to_be_checked()
    await leader.tabs_to(leader.page.get_by_role("button", name="書き入れる"))
    await leader.page.keyboard.press("Enter")
    await leader.is_told("1世帯を書き入れました")
    await leader.reads("花子さんが書き入れました")
    await leader.presses("書き入れる")
    await leader.is_told("変わったところはありませんでした")
    await leader.follows("結果")
    await leader.reads("このうち1世帯は紙の答えです")


async def a_correction_reaches_who_had_read(leader: Person, survey: str, taro: Person) -> None:
    await leader.visits(survey)
    await leader.follows("訂正を出す")
    await leader.fills(correction="日を直しました", body="8月2日、公園で。")
    await leader.presses("訂正を出す")
    await leader.is_told("訂正を出しました")
    await taro.visits("/")
    await taro.reads("訂正あり")
    await taro.follows("夏祭りのお手伝い")
    await taro.reads("訂正がありました: 日を直しました", "8月2日、公園で。")


async def an_attendance_is_asked_and_counted(leader: Person, desk: str, taro: Person) -> None:
    await leader.visits(f"{desk}/new/attendance")
    await leader.fills(title="秋の清掃", body="日曜の朝8時に、公民館の前へ。")
    await leader.ticks("集会所の画面にも出す")
    await leader.presses("下書きを保存して")
    await leader.presses("届ける")
    asked = leader.page.url
    await taro.visits("/")
    await taro.follows("秋の清掃")
    await taro.ticks("参加する")
    await taro.fills(coming="3")
    await taro.presses("答えを送る")
    await leader.visits(asked)
    await leader.follows("結果")
    await leader.reads("5世帯のうち1世帯が答えました", "参加する人数")
    await expect(leader.page.locator("dd").last).to_have_text("3")


async def the_citys_circular_is_passed_on_in_one_tap(
    city: City, leader: Person, desk: str, jiro: Person
) -> None:
    await city.sends_to_leaders("防災訓練", "10月5日、小学校で。")
    await leader.visits(desk)
    await leader.follows("市から届いた「防災訓練」は、まだ会員に回っていません")
    await leader.presses("「本町自治会」の全世帯に回す")
    await leader.is_told("市からの回覧を回しました")
    await jiro.visits("/")
    await jiro.follows("防災訓練")
    await jiro.presses("見ました")
    await jiro.is_told("「見ました」を届けました")


async def a_vote_is_held_and_counted(
    city: City, leader: Person, desk: str, *others: Person
) -> None:
    await leader.visits(f"{desk}/new/vote")
    tomorrow = today(city.town.clock()) + timedelta(days=1)
    await leader.fills(
        title="会費の改定", body="月300円にします。", vote_options="賛成\n反対", quorum="50",
        due=tomorrow.isoformat(),
    )  # fmt: skip
    await leader.presses("下書きを保存して")
    await leader.presses("届ける")
    vote = leader.page.url
    for who, choice in zip((leader, *others), ("賛成", "賛成", "反対"), strict=True):
        await who.visits(f"/c/{vote.rpartition('/')[2]}")
        await who.ticks(choice)
        await who.presses("投票する")
        await who.is_told("答えを届けました")
    city.town.clock.pass_by(days=2)
    await others[0].visits(f"/c/{vote.rpartition('/')[2]}")
    await others[0].reads("受け付けは終わりました")
    await leader.visits(vote)
    await leader.follows("結果")
    await leader.reads("5世帯のうち3世帯が答えました", "成立しています(必要な投票率 50%)")
    counts = await leader.page.locator("main dl").last.inner_text()
    assert counts.split() == ["賛成", "2", "反対", "1"]


async def the_screen_shows_what_is_public(city: City, block: Neighbourhood) -> None:
    async with city.somebody(script=True) as passer_by:
        await passer_by.visits(f"/screen/{block.association_id}")
        await expect(passer_by.page.locator("body")).to_contain_text("公民館の前へ")
        for private in ("夏祭りのお手伝い", "会費の改定", "花子", "太郎"):
            await expect(passer_by.page.locator("body")).not_to_contain_text(private)


async def offices_are_handed_over(city: City, old: Person, desk: str, new: Person) -> None:
    await old.visits(f"{desk}/offices")
    await old.follows("役員を引き継ぐ")
    await old.page.get_by_label("会長", exact=True).select_option(label="1班 山本 太郎")
    tomorrow = today(city.town.clock()) + timedelta(days=1)
    await old.fills(begin=tomorrow.isoformat(), end=(tomorrow + timedelta(days=364)).isoformat())
    await old.presses("すべて引き継ぐ")
    await old.is_told("からの役員を決めました")
    await old.visits(f"{desk}/new/notice")
    await old.fills(title="次の会合", body="来週です。")
    city.town.clock.pass_by(days=1)
    await old.presses("下書きを保存して")
    await old.reads("できませんでした")
    await expect(old.page.get_by_text("まだ届いていません")).to_have_count(0)
    await new.visits("/")
    await new.follows("「本町自治会」の役員の机")
    await new.reads("会費の改定", "夏祭りのお手伝い")
    await expect(new.page.locator("main")).not_to_contain_text("次の会合")
