"""A survey is answered in LINE by whoever got it, and by an officer for who answered on paper."""

from tests.channels.line.chat import Said
from tests.story.phone import Phone
from tests.story.quarter import Quarter, ids
from tests.story.test_leader_asks import begin, send


async def a_survey(chair: Phone) -> Said:
    """Send out a survey of three questions: one choice, several, and a text."""
    await begin(chair, "survey")
    await chair.write("夏祭り")
    await chair.write("来られますか")
    asked = await chair.write("来る\n来ない")
    asked = await chair.choose(asked, "draft_next:")
    for text, options in (("何をしたいですか", "屋台\n盆踊り\n花火"), ("ご意見", "")):
        review = await chair.choose(asked, "draft_no_due:", count=2)
        edit = await chair.choose(review, "draft_edit:")
        await chair.tap(next(one for one in edit.data if one.endswith(":question")))
        asked = await chair.write(text)
        if options:
            asked = await chair.write(options)
            asked = await chair.tap(next(one for one in asked.data if one.endswith(":on")))
        asked = await chair.choose(asked, "draft_next:")
    return await send(chair, await chair.choose(asked, "draft_no_due:", count=2))


def labelled(said: Said, label: str) -> str:
    return next(one["data"] for one in said.actions if one.get("label") == label)


async def test_a_survey_is_answered_question_by_question_and_sent_once_looked_at(
    quarter: Quarter,
) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await member.hear("参加が認められました")
        out = await a_survey(chair)
        await quarter.line.fault("duplicate_webhook", probability=0.5)
        came = await member.choose(await member.hear("夏祭り"), "circular:")

        first = await member.choose(came, "survey:")
        assert "質問 1/3" in first.words
        assert "来られますか" in first.words
        assert not [one for one in first.data if one.startswith("1:survey_next:")]
        second = await member.tap(labelled(first, "来る"))
        assert "質問 2/3" in second.words
        chosen = await member.tap(labelled(second, "☐ 屋台"))
        assert "☑ 屋台" in chosen.words
        chosen = await member.write("3")  # The number of 花火.
        assert "☑ 花火" in chosen.words
        chosen = await member.tap(labelled(chosen, "☑ 屋台"))
        assert "☐ 屋台" in chosen.words
    async with quarter.adapter():  # It was started anew: the answers are where they were.
        third = await member.choose(chosen, "survey_next:")
        assert "書かなくてもかまいません" in third.words
        review = await member.write("雨の日は？")
        assert "まだ送っていません" in review.words
        assert "→ 来る" in review.words
        assert "→ 花火" in review.words
        assert "→ 雨の日は？" in review.words
        state = await chair.choose(out, "round:")
        before = (await chair.choose(state, "results:")).words
        assert "来る: 0" in before
        assert "雨の日は" not in before

        sent = await member.choose(review, "survey_send:")
        assert "答えを受け付けました" in sent.words
        after = (await chair.choose(state, "results:")).words
        assert "来る: 1" in after
        assert "花火: 1" in after
        assert "屋台: 0" in after
        assert "雨の日は？" in after
        # What is written now is no answer any more.
        assert "1:survey" not in (await member.write("こんにちは")).words

        again = await member.choose(sent, "survey:")
        assert "いまの答え: 来る" in again.words
        later = await member.tap(labelled(again, "来ない"))
        stopped = await member.choose(later, "survey_stop:")
        assert "送っていない答えは残りません" in stopped.words
        assert "来る: 1" in (await chair.choose(state, "results:")).words


async def test_what_is_not_answered_yet_is_asked_and_answers_wait_for_an_hour(
    quarter: Quarter,
) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await a_survey(chair)
        came = await member.choose(await member.hear("夏祭り"), "circular:")
        first = await member.choose(came, "survey:")
        odd = await member.write("さあ")
        assert "どれのことか分かりませんでした" in odd.words
        second = await member.write("来ない")
        back = await member.tap(next(one for one in second.data if one.startswith("1:survey_ask:")))
        assert "いまの答え: 来ない" in back.words
        second = await member.choose(back, "survey_next:")
        quarter.town.clock.pass_by(seconds=3700)
        third = await member.tap(labelled(second, "☐ 盆踊り"))
        review = await member.choose(third, "survey_next:")
        asked = await member.choose(review, "survey_next:", count=2)
        # What was answered before is kept no more.
        assert "まだ答えていない質問があります" in asked.words
        assert "質問 1/3" in asked.words
        stopped = await member.write("やめる")
        assert "やめました" in stopped.words
        assert first.data


async def test_an_officer_enters_what_came_back_on_paper_house_by_house(quarter: Quarter) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        out = await a_survey(chair)
        came = await member.choose(await member.hear("夏祭り"), "circular:")
        state = await chair.choose(out, "round:")
        whose = await chair.choose(state, "on_paper:")
        assert "どの家の紙ですか" in whose.words
        paper = quarter.of.households[1].household_id
        home = await chair.tap(next(one for one in whose.data if paper in one))
        assert "家12」の紙には、答えがありますか" in home.words
        first = await chair.choose(home, "survey:")
        assert "家12: 夏祭り" in first.words
        second = await chair.choose(first, "survey_next:")  # Left out: on paper all may be.
        third = await chair.choose(await chair.tap(labelled(second, "☐ 屋台")), "survey_next:")
        review = await chair.choose(third, "survey_next:")
        done = await chair.choose(review, "survey_send:")
        assert "家12」の答えを書き留めました" in done.words
        whose = await chair.choose(done, "on_paper:")
        assert "✓ 1班: 家12" in whose.words
        counted = (await chair.choose(state, "results:")).words
        assert "屋台: 1" in counted
        assert "そのうち1世帯は紙の答えです" in counted

        theirs = quarter.of.households[3].household_id
        home = await chair.tap(next(one for one in whose.data if theirs in one))
        first = await chair.choose(home, "survey:")
        second = await chair.tap(labelled(first, "来る"))
        own = await member.choose(came, "survey:")
        own = await member.tap(labelled(own, "来ない"))
        own = await member.choose(await member.tap(labelled(own, "☐ 花火")), "survey_next:")
        await member.choose(await member.choose(own, "survey_next:"), "survey_send:")
        review = await chair.choose(second, "survey_next:")
        review = await chair.choose(review, "survey_next:")
        done = await chair.choose(review, "survey_send:")
        assert "もう自分で答えています" in done.words
        counted = (await chair.choose(state, "results:")).words
        assert "来ない: 1" in counted
        assert "来る: 0" in counted


async def test_who_comes_and_votes_are_entered_from_paper_by_a_tap_or_a_number(
    quarter: Quarter,
) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await begin(chair, "attendance")
        await chair.write("新年会")
        out = await send(chair, await chair.write("10日の正午です。"))
        state = await chair.choose(out, "round:")
        whose = await chair.choose(state, "on_paper:")
        one, two = (quarter.of.households[at].household_id for at in (1, 2))
        home = await chair.tap(next(data for data in whose.data if one in data))
        assert "何人参加しますか" in home.words
        rest = await chair.tap(next(data for data in home.data if data.endswith(":3")), count=2)
        assert "家12」の答えを書き留めました" in rest.words
        await chair.tap(next(data for data in rest.data if two in data))
        assert "数字だけで" in (await chair.write("たくさん")).words
        await chair.do("say", text="１２人", count=2)
        assert "参加する人: 15人" in (await chair.choose(state, "results:")).words

        came = await member.choose(await member.hear("新年会"), "circular:")
        asked = await member.choose(came, "coming_more:")
        assert "数字で送ってください" in asked.words
        assert "6人と伝えました" in (await member.write("六人ではなく6")).words
        assert "参加する人: 21人" in (await chair.choose(state, "results:")).words
