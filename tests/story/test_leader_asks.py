"""A leader asks the neighbours in LINE, corrects what has gone out, and undoes a slip on paper."""

import re
from datetime import timedelta

from core.japan import today
from tests.channels.line.chat import Said
from tests.story.phone import Phone
from tests.story.quarter import BOARD, Quarter, ids, leading


async def begin(chair: Phone, kind: str) -> Said:
    """Begin to write a circular of a kind; its title is asked."""
    kinds = await chair.choose(await leading(chair), "write:")
    return await chair.tap(next(one for one in kinds.data if one.endswith(f":{kind}")))


async def send(chair: Phone, review: Said) -> Said:
    sure = await chair.choose(review, "publish:")
    return await chair.choose(sure, "publish_sure:", count=2)


async def test_a_vote_is_put_together_choice_by_choice_and_cast_by_a_tap(quarter: Quarter) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    await quarter.line.fault("duplicate_webhook", probability=0.5)
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await member.hear("参加が認められました")
        await begin(chair, "vote")
        asked = await chair.write("旅行の行き先")
        assert "選ぶ言葉を、ひとつずつ送ってください" in asked.words
        assert not [one for one in asked.data if one.startswith("1:draft_next:")]
        await chair.write("温泉")
        asked = await chair.write("海べ")
        assert "1. 温泉" in asked.words
        asked = await chair.choose(asked, "draft_less:")
        assert "海べ" not in asked.words
        await chair.write("海")
    async with quarter.adapter():  # It was started anew: the choices are where they were.
        asked = await chair.write("山")
        assert "3. 山" in asked.words
        asked = await chair.choose(asked, "draft_next:")
        assert "1世帯に1票です" in asked.words
        asked = await chair.tap(next(one for one in asked.data if one.endswith(":quorum50")))
        assert "50%以上が投票すると、成り立ちます" in asked.words
        asked = await chair.choose(asked, "draft_next:")
        assert "いつまでに答えてもらいますか" in asked.words
        assert "いまは期限の日をお待ちしています" in (await chair.write("来週の土曜")).words
        day = (today(quarter.town.clock()) + timedelta(days=9)).isoformat()
        review = await chair.pick(asked, "draft_due", day, count=2)
        assert "・温泉" in review.words
        assert "50%以上が投票すると" in review.words
        assert "宛先: 全世帯" in review.words
        out = await send(chair, review)

        came = await member.choose(await member.hear("旅行の行き先"), "circular:")
        mountain = next(one for one in came.actions if one.get("label") == "山")
        assert "投票を受け付けました" in (await member.tap(mountain["data"])).words
        state = await chair.choose(out, "round:")
        assert "山: 1" in (await chair.choose(state, "results:")).words


async def test_a_survey_has_its_questions_and_waits_until_it_lacks_nothing(
    quarter: Quarter,
) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter(), quarter.browser() as person:
        await chair.hear("会長になりました", count=2)
        await begin(chair, "survey")
        assert "質問をひとつ送ってください" in (await chair.write("夏祭り")).words
        asked = await chair.write("何をしたいですか")
        asked = await chair.write("屋台\n盆踊り")  # Two lines at once are two choices.
        assert "2. 盆踊り" in asked.words
        asked = await chair.tap(next(one for one in asked.data if one.endswith(":on")))
        asked = await chair.choose(asked, "draft_next:")
        review = await chair.choose(asked, "draft_no_due:", count=2)
        assert "いくつでも選べます" in review.words
        edit = await chair.choose(review, "draft_edit:")
        await chair.tap(next(one for one in edit.data if one.endswith(":question")))
        asked = await chair.write("ご意見")
        asked = await chair.write("はい")  # One choice is none.
        assert not [one for one in asked.data if one.startswith("1:draft_next:")]
        kept = await chair.choose(asked, "draft_stop:")
        review = await chair.choose(kept, "draft:", count=2)
        assert "選ぶ言葉が2つ以上になると出せます" in review.words
        assert not [one for one in review.data if one.startswith("1:publish:")]
        asked = await chair.choose(review, "draft_ask:")
        asked = await chair.choose(asked, "draft_less:")
        asked = await chair.choose(asked, "draft_next:")
        review = await chair.choose(asked, "draft_no_due:", count=2)
        assert "(自由に書いてもらいます)" in review.words
        out = await send(chair, review)

        came = await member.choose(await member.hear("夏祭り"), "circular:")
        [link] = (await member.choose(came, "on_board:")).links
        await person.get(link.removeprefix(BOARD))
        await person.send('name="code"', code=re.findall(r"/link/(\w+)", link)[0])
        fields = re.findall(r'name="(q\.\w+)"', person.page)
        values = re.findall(r'name="q\.\w+"[^>]*value="(\w+)"', person.page)
        answers = {fields[0]: values[:2], fields[-1]: "雨の日は？"}
        await person.send('value="answer"', fields=answers, do="answer")
        state = await chair.choose(out, "round:")
        counted = (await chair.choose(state, "results:", count=1)).words
        assert "屋台: 1" in counted
        assert "盆踊り: 1" in counted
        assert "雨の日は？" in counted


async def test_what_has_gone_out_is_corrected_in_the_chat_and_looked_at_before(
    quarter: Quarter,
) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    await quarter.line.fault("duplicate_webhook", probability=0.5)
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await begin(chair, "notice")
        await chair.write("清掃")
        out = await send(chair, await chair.write("日曜日の朝8時に公園へ。"))
        await member.choose(await member.hear("清掃"), "seen:")

        state = await chair.choose(out, "round:")
        asked = await chair.choose(state, "correct:", count=2)
        assert "日曜日の朝8時に公園へ。" in asked.words
        assert "正しい本文を" in asked.words
        assert "何を直したかを" in (await chair.choose(asked, "draft_next:")).words
        asked = await chair.choose(state, "correct:", count=2)
        asked = await chair.write("土曜日の朝8時に公園へ。")
        assert "何を直したかを" in asked.words
        review = await chair.tap(next(one for one in asked.data if one.endswith(":date")), count=2)
        assert "日付や時間を直しました" in review.words
        assert "土曜日の朝8時" in review.words
        assert "読んだ世帯に、直したことを知らせます" in review.words
        listed = await chair.choose(await leading(chair), "rounds:")
        assert "訂正の下書き: 清掃" in listed.words
        edit = await chair.choose(review, "draft_edit:")
        assert not [one for one in edit.data if one.startswith("1:draft_to:")]
        await chair.tap(next(one for one in edit.data if one.endswith(":correction")))
        review = await chair.write("曜日を土曜日に直しました")
        sure = await chair.choose(review, "publish:")
        done = await chair.choose(sure, "publish_sure:")
        assert "訂正を出しました" in done.words

        told = await member.hear("回覧が直されました")
        assert "曜日を土曜日に直しました" in told.words
        assert "土曜日の朝8時" in (await member.choose(told, "circular:")).words
        listed = await chair.choose(await leading(chair), "rounds:")
        assert "訂正の下書き" not in listed.words
        late = await chair.tap(sure.starting("1:publish_sure:"))
        assert "変えられません" in late.words


async def test_a_slip_on_paper_is_taken_back(quarter: Quarter) -> None:
    chair = await quarter.phone(ids("chair"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await begin(chair, "notice")
        await chair.write("清掃")
        out = await send(chair, await chair.write("日曜日"))
        state = await chair.choose(out, "round:")
        wrong = quarter.of.households[1].household_id
        who = await chair.choose(state, "on_paper:")
        sure = await chair.tap(next(one for one in who.data if wrong in one))
        assert "あとで取り消せます" in sure.words
        rest = await chair.choose(sure, "on_paper_sure:", count=2)

        kept = await chair.choose(rest, "off_paper:")
        sure = await chair.tap(next(one for one in kept.data if wrong in one))
        assert "書き留めた人: 太郎" in sure.words
        assert "家12」が紙で読んだという書き留めを取り消しますか" in sure.words
        left = await chair.choose(sure, "off_paper_sure:", count=2)
        assert "取り消しました" in left.words
        assert "書き留めた家は、ありません" in left.words
        assert "家12" in (await chair.choose(state, "unread:")).words
        again = await chair.tap(sure.starting("1:off_paper_sure:"), count=1)
        assert again.words


async def test_a_member_is_looked_after_and_leaves_by_buttons(quarter: Quarter) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        joined = await member.hear("参加が認められました")
        place = await member.choose(joined, "belong")
        assert "世帯: 家22" in place.words
        assert "いまは同意していません" in place.words
        sure = await member.choose(place, "look_after:")
        done = await member.choose(sure, "look_after_sure:")
        assert "見守りの同意を受け取りました" in done.words
        place = await member.write("自治会")
        assert "いまは同意しています" in place.words
        sure = await member.choose(place, "leave:")
        assert "役職も終わります" not in sure.words
        assert "会員をやめました" in (await member.choose(sure, "leave_sure:")).words
        assert "会員をやめました" in (await member.tap(sure.starting("1:leave_sure:"))).words
        assert "会員になっていません" in (await member.write("自治会")).words

        own = await chair.choose(await chair.write("町内会"), "leave:")
        assert "いまの役職も終わります" in own.words
