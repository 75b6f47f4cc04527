"""A daughter reads and answers her mother's circulars: from a code in LINE to the board."""

import re

from tests.cards import Cards, a_holder
from tests.makers import a_resident
from tests.story.phone import Phone
from tests.story.quarter import BOARD, Quarter, ids, leading
from tests.story.test_survey_in_line import a_survey, labelled


async def test_a_proxy_reads_and_answers_in_line_and_on_the_board_until_it_ends(
    quarter: Quarter, cards: Cards
) -> None:
    chair = await quarter.phone(ids("chair"))
    mother = await registered(quarter, cards, "next", "総社　ハナ")
    daughter = await registered(quarter, cards, "daughter", "総社　咲子")
    async with quarter.adapter(), quarter.browser() as person:
        await chair.hear("会長になりました", count=2)
        await mother.hear("登録が終わりました", count=2)
        await daughter.hear("登録が終わりました")
        await lets_act(mother, daughter)
        out = await asks_who_comes(chair)

        told = await daughter.hear("秋祭り")
        assert "ハナさんに届いた回覧です" in told.words
        read = await daughter.choose(told, "circular_for:")
        assert "10日の正午" in read.words
        more = await daughter.choose(read, "coming_more:")
        assert "数字で送ってください" in more.words
        assert "7人と伝えました" in (await daughter.write("7")).words
        two = next(one for one in read.data if one.endswith(":2"))
        assert "2人と伝えました" in (await daughter.tap(two)).words
        assert "参加する人: 2人" in (await counted(chair, out)).words

        [link] = (await daughter.choose(read, "on_board_for:")).links
        await person.get(link.removeprefix(BOARD))
        await person.send('name="code"', code=re.findall(r"/link/(\w+)", link)[0])
        assert re.fullmatch(r"/for/[0-9a-f-]{36}/c/[0-9a-f-]{36}", person.where)
        assert "ハナさんの代わりに見ています" in person.page
        at = person.where
        await person.send('name="comes"', do="answer", comes="yes", coming="3")
        assert "参加する人: 3人" in (await counted(chair, out)).words
        # To answer is all: no office, no place in a household, no word of one's own.
        assert 'name="comment"' not in person.page
        await person.get("/associations")
        assert "自治会をやめる" not in person.page

        await mother.hear("秋祭り")
        await ends(mother)
        await daughter.hear("代理が終わりました")
        await person.get(at)
        assert person.status == 403
        assert "いまはできません" in person.page
        refused = await daughter.tap(two)
        assert "2人と伝えました" not in refused.words
        assert "参加する人: 3人" in (await counted(chair, out)).words


async def test_a_proxy_answers_a_survey_for_whom_they_act(quarter: Quarter, cards: Cards) -> None:
    chair = await quarter.phone(ids("chair"))
    mother = await registered(quarter, cards, "next", "総社　ハナ")
    daughter = await registered(quarter, cards, "daughter", "総社　咲子")
    async with quarter.adapter():
        await chair.hear("会長になりました", count=2)
        await mother.hear("登録が終わりました", count=2)
        await daughter.hear("登録が終わりました")
        await lets_act(mother, daughter)
        out = await a_survey(chair)

        told = await daughter.hear("夏祭り")
        read = await daughter.choose(told, "circular_for:")
        first = await daughter.choose(read, "survey:")
        second = await daughter.tap(labelled(first, "来る"))
        third = await daughter.choose(
            await daughter.tap(labelled(second, "☐ 花火")), "survey_next:"
        )
        review = await daughter.choose(third, "survey_next:")
        assert "→ 花火" in review.words
        assert "答えを受け付けました" in (await daughter.choose(review, "survey_send:")).words

        state = await chair.choose(out, "round:")
        assert "花火: 1" in (await chair.choose(state, "results:")).words
        await mother.hear("夏祭り")
        await ends(mother)
        await daughter.hear("代理が終わりました")
        refused = await daughter.choose(read, "survey:")
        assert "質問 1/3" not in refused.words


async def registered(quarter: Quarter, cards: Cards, person: str, name: str) -> Phone:
    """Let somebody register by their card, and open their phone."""
    phone = await quarter.phone(ids(person))
    caller = quarter.town.caller(quarter.token)
    card = cards.issue(a_holder(name=name))
    await a_resident(quarter.town, caller, card, external_id=phone.id)
    return phone


async def lets_act(mother: Phone, daughter: Phone) -> None:
    """Let the mother make a code for circulars, too, which the daughter types."""
    await mother.tap_in_menu("1:family")
    await mother.tap("1:offer")
    asked = await mother.tap("1:offer_circulars")
    assert "自治会の回覧を読むこと" in asked.words
    made = await mother.tap("1:offer_until:years1:circulars", count=2)
    [code] = re.findall(r'"text": "(\w{10})"', made.words)
    await daughter.write(code)
    told = await daughter.tap(f"1:proxy_code:{code}")
    assert "ハナさんの代理になりました" in told.words
    await mother.hear("あなたの代理になりました")


async def asks_who_comes(chair: Phone):
    kinds = await chair.choose(await leading(chair), "write:")
    await chair.tap(next(one for one in kinds.data if one.endswith(":attendance")))
    await chair.write("秋祭り")
    sure = await chair.choose(await chair.write("10日の正午です。"), "publish:")
    return await chair.choose(sure, "publish_sure:", count=2)


async def counted(chair: Phone, out):
    return await chair.choose(await chair.choose(out, "round:"), "results:")


async def ends(mother: Phone) -> None:
    await mother.tap_in_menu("1:family")
    listed = await mother.tap("1:proxies:1")
    [end] = [data for data in listed.data if data.startswith("1:end:")]
    await mother.choose(await mother.tap(end), "end_sure")
