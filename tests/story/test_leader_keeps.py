"""A leader keeps the households, the officers and what is said under circulars, all from LINE."""

from tests.channels.line.chat import Said
from tests.core.associations.makers import Neighbour
from tests.makers import a_request_id
from tests.story.phone import Phone
from tests.story.quarter import Quarter, ids, leading
from tests.story.test_leader_asks import begin, send
from todoke.v1 import circulars_pb2 as pb


async def keeping(chair: Phone) -> Said:
    return await chair.choose(await leading(chair), "neighbours:")


async def test_a_household_comes_agrees_to_be_looked_after_and_moves_away(
    quarter: Quarter,
) -> None:
    chair = await quarter.phone(ids("chair"))
    await quarter.line.fault("duplicate_webhook", probability=0.5)
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        groups = await chair.choose(await keeping(chair), "house_groups:")
        second = quarter.of.groups[1].group_id
        homes = await chair.tap(next(one for one in groups.data if second in one))
        assert "2班の世帯は2です" in homes.words
        asked = await chair.choose(homes, "house_new:")
        assert "表札の名前を送ってください" in asked.words
        assert "64文字まで" in (await chair.write("長" * 65)).words
        made = await chair.do("say", text="山田 花子", count=2)
        assert "2班に「山田 花子」を加えました" in made.words
        assert "参加している人は、まだいません" in made.words
        assert "見守りには同意していません" in made.words

        sure = await chair.choose(made, "house_care:")
        assert "ご本人に聞いてから" in sure.words
        home = await chair.choose(sure, "house_care_sure:", count=2)
        assert "見守りに同意しています" in home.words
        home = await chair.choose(home, "house_paper:", count=2)
        assert "回覧は紙で読みます" in home.words
        await chair.choose(home, "house_rename:")
        home = await chair.do("say", text="山田", count=2)
        assert "直しました" in home.words

        await chair.choose(groups, "house_find:")
        assert "見つかりません" in (await chair.write("やまもと")).words
        found = await chair.write("山")
        assert "山田(紙) 0人" in found.words
        why = await chair.choose(await chair.choose(found, "house:"), "house_gone:")
        sure = await chair.tap(next(one for one in why.data if one.endswith(":moved")))
        assert "山田」を外しますか(理由: 転居した)" in sure.words
        done = await chair.choose(sure, "house_gone_sure:")
        assert "山田」を外しました" in done.words
        assert "この世帯は、もうありません" in (await chair.choose(found, "house:")).words


async def test_an_officer_is_added_and_ends_and_each_is_told(quarter: Quarter) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await member.hear("参加が認められました")
        offices = await chair.choose(await keeping(chair), "offices:")
        assert "会長 太郎さん" in offices.words
        assert not [one for one in offices.data if one.startswith("1:office_end:")]
        kinds = await chair.choose(offices, "appoint:")
        groups = await chair.choose(kinds, "appoint_group:")
        second = quarter.of.groups[1].group_id
        people = await chair.tap(next(one for one in groups.data if second in one))
        assert "2班の班長は、どなたですか" in people.words
        jiro = next(one for one in people.actions if one.get("label") == "次郎さん(家22)")
        until = await chair.tap(jiro["data"])
        assert "次郎さんを2班の班長にします" in until.words
        first, _ = (one for one in until.data if one.startswith("1:appoint_sure:"))
        assert "次郎さんを班長にしました" in (await chair.tap(first)).words
        await member.hear("班長になりました")
        assert "班長としてできること" in (await leading(member)).words
        again = await chair.tap(first)
        assert "班長にしました" not in again.words

        offices = await chair.choose(await keeping(chair), "offices:")
        why = await chair.choose(offices, "office_end:")
        sure = await chair.tap(next(one for one in why.data if one.endswith(":wish")))
        done = await chair.choose(sure, "office_end_sure:")
        assert "役職を終えました" in done.words
        await member.hear("任期が終わりました")
        offices = await chair.choose(await keeping(chair), "offices:")
        assert "次郎" not in offices.words


async def test_comments_are_allowed_read_and_taken_away(quarter: Quarter) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await begin(chair, "notice")
        await chair.write("清掃")
        review = await chair.write("日曜日")
        edit = await chair.choose(review, "draft_edit:")
        review = await chair.choose(edit, "draft_comments:", count=2)
        out = await send(chair, review)
        came = await member.hear("清掃")
        [circular] = {one.split(":")[2] for one in came.data if one.startswith("1:circular:")}
        await comment(quarter, Neighbour(ids("next"), "", "", ""), circular, "雨ならどうしますか")

        state = await chair.choose(out, "round:")
        written = await chair.choose(state, "comments:")
        assert "次郎さん: 雨ならどうしますか" in written.words
        sure = await chair.choose(written, "hide:")
        gone = await chair.choose(sure, "hide_sure:", count=2)
        assert "コメントを消しました" in gone.words
        assert "コメントはありません" in gone.words

        asked = await chair.choose(state, "correct:", count=2)
        await chair.choose(asked, "draft_next:")
        listed = await chair.choose(await leading(chair), "rounds:")
        draft = next(one for one in listed.data if one.startswith("1:round:"))
        review = await chair.tap(draft, count=2)
        edit = await chair.choose(review, "draft_edit:")
        review = await chair.choose(edit, "draft_comments:", count=2)
        asked = await chair.choose(review, "draft_ask:")
        review = await chair.write("コメントを終わりにしました")
        sure = await chair.tap(f"1:publish:{draft.split(':')[2]}")
        await chair.choose(sure, "publish_sure:")
        assert not [one for one in (await chair.choose(out, "round:")).data if "comments:" in one]


async def comment(quarter: Quarter, by: Neighbour, circular_id: str, text: str) -> None:
    line = await quarter.town.channel()
    request = pb.AddCommentRequest(
        speaker=by.speaker, circular_id=circular_id, text=text, request_id=a_request_id()
    )
    await line.ask(line.circulars.AddComment, request)


async def test_a_vote_is_held_in_secret_of_members_where_the_leader_wants_it(
    quarter: Quarter,
) -> None:
    chair, member = await quarter.phone(ids("chair")), await quarter.phone(ids("next"))
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await begin(chair, "vote")
        asked = await chair.write("会費の値上げ")
        asked = await chair.choose(asked, "draft_yes_no:")
        rules = await chair.choose(asked, "draft_next:")
        for rule, said in (
            ("secret", "秘密投票です"), ("members", "会員1人に1票"), ("quorum67", "67%以上"),
        ):  # fmt: skip
            rules = await chair.tap(next(one for one in rules.data if one.endswith(f":{rule}")))
            assert said in rules.words
        assert "投票の決まりをお待ちしています" in (await chair.write("はい")).words
        asked = await chair.choose(rules, "draft_next:")
        day = quarter.town.clock().date().replace(day=28).isoformat()
        review = await chair.pick(asked, "draft_due", day, count=2)
        assert "だれが何を選んだかは、だれにも分かりません" in review.words
        out = await send(chair, review)
        came = await member.choose(await member.hear("会費の値上げ"), "circular:")
        yes = next(one for one in came.actions if one.get("label") == "賛成")
        assert "投票を受け付けました" in (await member.tap(yes["data"])).words
        state = await chair.choose(out, "round:")
        # Of a secret vote nothing has a place on the sheet but that it was read.
        whose = await chair.choose(state, "on_paper:")
        assert "どの家が、紙で読みましたか" in whose.words
