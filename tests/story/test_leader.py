"""A leader of seventy, with a phone and no e-mail: everything of the association from LINE."""

import re
from datetime import timedelta

from core.japan import today
from tests.story.quarter import BOARD, Quarter, a_photo, ids, leading


async def test_a_notice_is_written_with_its_files_and_sent_out(quarter: Quarter) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    await quarter.line.fault("duplicate_webhook", probability=0.5)
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await member.hear("参加が認められました")
        kinds = await chair.choose(await leading(chair), "write:")
        asked = await chair.tap(next(one for one in kinds.data if one.endswith(":notice")))
        assert "題名を送ってください" in asked.words
        asked = await chair.write("秋の 清掃")
        assert "本文を送ってください" in asked.words
    async with quarter.adapter():  # It was started anew: the draft waits where it was.
        review = await chair.write("日曜の朝8時に公園へ。")
        assert "秋の 清掃" in review.words
        assert "宛先: 全世帯" in review.words
        edit = await chair.choose(review, "draft_edit:")
        await chair.tap(next(one for one in edit.data if one.endswith(":files")))
        files = await chair.do("send", type="images", contents=[a_photo(), a_photo()])
        await quarter.line.settled()
        assert "写真かPDFをお待ちしています" in (await chair.write("これでいいかな")).words
        review = await chair.choose(files, "draft:", count=2)
        assert "書類が2つ" in review.words
        day = (today(quarter.town.clock()) + timedelta(days=9)).isoformat()
        review = await chair.pick(edit, "draft_due", day, count=2)
        whom = await chair.choose(await chair.choose(review, "draft_edit:"), "draft_to")
        off = await chair.tap(next(one for one in whom.data if one.endswith(":on:1")))
        assert "宛先: 1班" in off.words
        await chair.tap(next(one for one in off.data if one.endswith(":on:1")))
        review = await chair.choose(off, "draft:", count=2)
        assert "宛先: 1班、2班" in review.words

        sure = await chair.choose(review, "publish:")
        assert "4世帯に届きます" in sure.words
        await chair.choose(sure, "publish_sure:", count=2)
        came = await member.hear("秋の 清掃")
        assert "見たことを伝えました" in (await member.choose(came, "seen:")).words
        late = await chair.choose(review, "draft_stop:")
        assert "変えられません" in late.words


async def test_who_has_not_read_is_named_and_reminded_and_a_circular_is_taken_back(
    quarter: Quarter,
) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        kinds = await chair.choose(await leading(chair), "write:")
        await chair.tap(next(one for one in kinds.data if one.endswith(":attendance")))
        await chair.write("新年会")
        review = await chair.write("10日の正午です。")
        sure = await chair.choose(review, "publish:")
        out = await chair.choose(sure, "publish_sure:", count=2)
        came = await member.choose(await member.hear("新年会"), "circular:")
        await member.tap(next(one for one in came.data if one.endswith(":3")))

        state = await chair.choose(out, "round:")
        assert "参加する人: 3人" in (await chair.choose(state, "results:")).words
        unread = await chair.choose(state, "unread:")
        assert "1班: 家12" in unread.words
        assert "家22" not in unread.words
        sure = await chair.choose(unread, "remind:")
        told = await chair.choose(sure, "remind_sure:")
        assert "2世帯に知らせました" in told.words
        again = await chair.choose(unread, "remind:")
        assert "きょうはもう" in (await chair.choose(again, "remind_sure:")).words

        who = await chair.choose(unread, "on_paper:")
        [home] = [one for one in who.data if quarter.of.households[1].household_id in one]
        sure = await chair.tap(home)
        assert "家12」は、何人参加しますか" in sure.words
        rest = await chair.choose(sure, "on_paper_sure:", count=2)
        assert "書き留めました" in rest.words
        assert "家12" not in (await chair.choose(state, "unread:")).words

        why = await chair.choose(state, "call_back:")
        sure = await chair.tap(next(one for one in why.data if one.endswith(":cancelled")))
        assert "取り下げました" in (await chair.choose(sure, "call_back_sure:")).words
        await member.hear("中止になったため")


async def test_a_newcomer_is_admitted_and_a_draft_is_stopped_gone_on_with_and_dropped(
    quarter: Quarter,
) -> None:
    chair, newcomer = await quarter.phone(ids("chair")), await quarter.phone(ids("new"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        whom = await chair.choose(await leading(chair), "invite:")
        group = quarter.of.groups[1].group_id
        code = await chair.tap(f"1:invite_to:{quarter.of.association_id}:{group}", count=2)
        assert whom.data
        [typed] = set(re.findall(r"参加 (\w{10})", code.words))
        await newcomer.write(f"参加 {typed} 花代")
        told = await chair.hear("花代さん")
        asking = await chair.choose(await chair.choose(told, "lead"), "newcomers:")
        one = await chair.choose(asking, "newcomer:")
        assert "2班のコード" in one.words
        homes = await chair.choose(one, "homes:")
        sure = await chair.choose(await chair.choose(homes, "new_home:"), "new_home_sure:")
        assert "花代さんの参加を認めました" in sure.words
        await newcomer.hear("参加が認められました")
        assert "自治会の役員になっていません" in (await newcomer.write("役員")).words

        kinds = await chair.choose(await leading(chair), "write:")
        asked = await chair.tap(next(one for one in kinds.data if one.endswith(":attendance")))
        assert "題名を送ってください" in asked.words
        kept = await chair.write("やめる")
        assert "下書きに残しました" in kept.words
        # Nothing is asked any more: the words are none of the draft's.
        assert "本文を送ってください" not in (await chair.write("こんにちは")).words
        listed = await chair.choose(await leading(chair), "rounds:")
        assert "下書き: 出欠のお伺い" in listed.words
        review = await chair.choose(listed, "round:", count=2)
        sure = await chair.choose(review, "draft_drop:")
        assert "捨てました" in (await chair.choose(sure, "draft_drop_sure:")).words
        listed = await chair.choose(await leading(chair), "rounds:")
        assert "回覧はまだありません" in listed.words


async def test_what_is_too_much_for_a_chat_arrives_at_the_desk_signed_in(quarter: Quarter) -> None:
    chair = await quarter.phone(ids("chair"))
    async with quarter.adapter(), quarter.browser() as person:
        await chair.hear("会長になりました", count=2)
        ways = await chair.choose(await leading(chair), "neighbours:")
        homes = await chair.tap(next(one for one in ways.data if one.endswith(":households")))
        assert "順番は、ページで直します" in homes.words
        [link] = homes.links
        await person.get(link.removeprefix(BOARD))
        await person.send('name="code"', code=re.findall(r"/link/(\w+)", link)[0])
        assert person.where == f"/desk/{quarter.of.association_id}/households"
        assert person.status == 200
        [link] = (await chair.choose(await leading(chair), "desk:")).links
        [code] = re.findall(r"/link/(\w+)", link)
        await person.get(f"/link/{code}?to=//elsewhere.example/desk")
        await person.send('name="code"', code=code)
        assert person.where == "/"


async def test_all_offices_are_handed_over_and_the_old_leader_is_refused_on_the_next_press(
    quarter: Quarter,
) -> None:
    chair, after = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        first = await leading(chair)
        asked = await chair.choose(first, "hand:")
        day = today(quarter.town.clock()).isoformat()
        asked = await chair.pick(asked, "hand_day:", day)
        one_year, _ = (one for one in asked.data if one.startswith("1:hand_to:"))
        asked = await chair.tap(one_year)
        assert "会長は、どなたですか" in asked.words
        assert "太郎さんが続ける" in asked.words
        second_group = quarter.of.groups[1].group_id
        [choose] = [one for one in asked.data if f":{second_group}:" in one]
        people = await chair.tap(choose)
        assert "次郎さん(家22)" in people.words
        assert "家11" not in people.words
        chosen = people.words.split("次郎さん(家22)")[1]
        asked = await chair.tap(re.findall(r"1:hand_to:[0-9a-f:.-]+", chosen)[0])
        for _ in range(4):  # Vice, treasurer and two heads stay open.
            asked = await chair.tap(next(one for one in asked.data if one.endswith("00000000")))
        assert "会長: 次郎" in asked.words
        done = await chair.choose(asked, "hand_sure:", count=2)
        assert "引き継ぎました" in done.words
        assert "任期が終わりました" in done.words

        refused = await chair.tap(first.starting("1:write:"))
        assert "いまの役職では、この操作はできません" in refused.words
        await after.hear("会長になりました")
        assert "会長としてできること" in (await leading(after)).words
