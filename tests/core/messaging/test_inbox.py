"""The inbox: every message that a resident got, once, in their words."""

from core.campaigns.recipient_rows import Recipient
from core.campaigns.rules import Reason, Told
from core.dispatches.rows import Delivery
from tests.adapter import an_adapter
from tests.cards import Cards, a_holder
from tests.core.access.links import refused, speaking
from tests.core.dispatches.test_resolving import resolve
from tests.core.messaging.inboxes import inbox, let_out, open_, recipient_of, titled, titles
from tests.core.messaging.makers import a_draft, a_topic, get, people, send
from tests.core.proxies.people import a_proxy
from tests.core.records.makers import record
from tests.makers import Registered, a_contact, a_request_id, a_resident
from tests.town import MUNICIPALITY, Town
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import (
    NOTICE_KIND_REGISTERED,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_TRY_AGAIN,
    RESOLUTION_NOT_SENT,
    RESOLUTION_SENT,
)
from todoke.v1.procedures_pb2 import Text
from todoke.v1.residents_pb2 import Speaker

NOBODYS = "0198c0de-0000-7000-8000-0000000000ff"


async def test_a_message_is_read_in_the_reader_s_words_and_opened_once(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    [taro] = await people(a_town, cards, name="総社　太郎")
    [other] = await people(a_town, cards)
    button = pb.LinkButton(label=Text(by_language={"ja": "くわしく"}), url="https://example.jp/a")
    draft = a_draft("{name}様、{town}です。", buttons=[button], procedure="satisfaction_survey")
    campaign = await send(staff, draft)
    waiting = await titles(line, taro)
    await let_out(a_town, line)

    listed = await inbox(line, taro)
    first = await open_(line, taro, campaign)
    a_town.clock.pass_by(minutes=5)
    again = await open_(line, taro, campaign, language="en")

    recorded = [
        (one.channel, one.state)
        for one in (await record(line, speaking(taro.external_id))).messages
        if one.occasion == "message"
    ]

    assert waiting == []
    assert recorded == [("line", "sent")]
    message, notice = listed.messages
    assert (message.message_id, message.title, message.body) == (campaign, "防災訓練", "")
    assert not message.HasField("open_time")
    assert notice.notice.kind == NOTICE_KIND_REGISTERED
    assert first.body == "総社　太郎様、中央1丁目です。"
    assert again.body == "EN 総社　太郎様、中央1丁目です。"
    assert [(one.label, one.url) for one in first.buttons] == [("くわしく", "https://example.jp/a")]
    assert first.procedure == "satisfaction_survey"
    assert first.procedure_title
    assert len(first.official_code) == 8
    assert again.open_time == first.open_time
    assert (await recipient_of(a_town, campaign, taro)).open_time is not None
    assert (await recipient_of(a_town, campaign, other)).open_time is None


async def test_the_button_of_a_message_names_what_it_begins(a_town: Town, cards: Cards) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    [taro] = await people(a_town, cards)
    campaign = await send(staff, a_draft(procedure="satisfaction_survey"))
    await a_town.do_waiting()
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        told = await adapter.dispatch()
        adapter.report(told, OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()

    opened = await open_(line, taro, campaign)
    assert opened.procedure_title
    assert told.campaign.procedure_title == opened.procedure_title


async def test_what_waits_or_was_cancelled_or_kept_back_by_the_rules_is_not_there(
    a_town: Town, cards: Cards
) -> None:
    staff, line, web = await a_town.staff(), await a_town.channel(), await a_town.channel("web")
    await a_topic(staff)
    [here] = await people(a_town, cards)
    reads = await a_resident(a_town, web, cards.issue())
    sent = await send(staff, titled("出た"))
    await let_out(a_town, line)
    stopped = await send(staff, titled("止めた"))
    await a_town.do_waiting()
    cancel = pb.CancelCampaignRequest(
        campaign_id=stopped, reason="まちがい", request_id=a_request_id()
    )
    await staff.ask(staff.campaigns.CancelCampaign, cancel)

    on_line, on_web = await titles(line, here), await titles(web, reads)
    shown = {}
    for state, reason in (
        (Told.LEFT_OUT, Reason.WEEKLY_CAP), (Told.LEFT_OUT, Reason.UNREACHABLE),
        (Told.DROPPED, Reason.CONTACT_LOST), (Told.DROPPED, Reason.PROTECTED),
        (Told.FAILED, Reason.REFUSED),
    ):  # fmt: skip
        await became(a_town, sent, here, state, reason)
        shown[reason] = await titles(line, here) == ["出た"]

    assert on_line == on_web == ["出た"]
    assert shown == {
        Reason.WEEKLY_CAP: False, Reason.UNREACHABLE: True, Reason.CONTACT_LOST: True,
        Reason.PROTECTED: False, Reason.REFUSED: True,
    }  # fmt: skip
    hidden = await refused(open_(line, here, stopped))
    assert hidden.reason == "INBOX_MESSAGE_UNKNOWN"


async def test_what_was_cancelled_in_doubt_is_there_once_it_is_known_that_it_came(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    [taps, hears] = await people(a_town, cards, 2)
    told, dispatches = [], []
    for title in ("来ていた", "来ていない"):
        told.append(await send(staff, titled(title)))
        await a_town.do_waiting()
        async with an_adapter(line) as adapter:
            adapter.ready(1)
            dispatches.append(await adapter.dispatch())
            adapter.report(dispatches[-1], OUTCOME_RESULT_TRY_AGAIN)
            assert await adapter.taken()
        cancel = pb.CancelCampaignRequest(
            campaign_id=told[-1], reason="まちがい", request_id=a_request_id()
        )
        await staff.ask(staff.campaigns.CancelCampaign, cancel)

    in_doubt = await titles(line, taps)
    await open_(line, taps, told[0])  # By the button on it: it came.
    tapped = await titles(line, taps), await titles(line, hears)
    await resolve(staff, dispatches[0].dispatch_id, RESOLUTION_SENT)
    await resolve(staff, dispatches[1].dispatch_id, RESOLUTION_NOT_SENT)

    assert in_doubt == []
    assert tapped == (["来ていた"], [])
    assert await titles(line, hears) == ["来ていた"]
    assert dict((await get(staff, told[1])).deliveries) == {"dropped": 2}
    assert (await refused(open_(line, hears, told[1]))).reason == "INBOX_MESSAGE_UNKNOWN"


async def became(town: Town, campaign: str, who: Registered, state: Told, reason: Reason) -> None:
    def work(session) -> None:
        row = session.get_one(Recipient, (MUNICIPALITY, campaign, who.resident_id))
        row.state, row.reason = state, reason

    await town.running.db.write(work)


async def test_another_s_message_is_as_unknown_as_one_that_there_is_not(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    mine, other = await people(a_town, cards, 2)
    only = pb.Condition(residents=pb.ChosenResidents(resident_ids=[other.resident_id]))
    campaign = await send(staff, a_draft(recipients=only))
    await let_out(a_town, line)
    [notice] = [one for one in (await inbox(line, other)).messages if not one.title]
    stranger = await a_contact(a_town, line)

    told = [await refused(open_(line, mine, id)) for id in (campaign, notice.message_id, NOBODYS)]
    unregistered = await refused(
        inbox(line, mine, speaker=Speaker(external_id=stranger.external_id))
    )

    assert {(error.code, error.reason) for error in told} == {(told[0].code, told[0].reason)}
    assert told[0].reason == "INBOX_MESSAGE_UNKNOWN"
    assert str(told[0]).replace(campaign, "") == str(told[2]).replace(NOBODYS, "")
    assert unregistered.reason == "CONTACT_NOT_REGISTERED"


async def test_pages_go_on_where_they_ended_and_words_are_found_in_any_width(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    [who] = await people(a_town, cards)
    for title in ("一番ＡＢＣ", "二番", "三番ＡＢＣ"):
        a_town.clock.pass_by(minutes=1)
        await send(staff, titled(title, body=f"{title}の本文"))
        await let_out(a_town, line)

    seen, token = [], ""
    while True:
        page = await inbox(line, who, page_size=1, page_token=token)
        seen += [one.title or "登録" for one in page.messages]
        token = page.next_page_token
        if not token:
            break
    found = await titles(line, who, words="abc 本文")
    first = await inbox(line, who, words="abc", page_size=1)
    second = await titles(line, who, words="abc", page_size=1, page_token=first.next_page_token)

    assert seen == ["三番ＡＢＣ", "二番", "一番ＡＢＣ", "登録"]
    assert found == ["三番ＡＢＣ", "一番ＡＢＣ"]
    assert [one.title for one in first.messages] + second == found
    assert await titles(line, who, words="四番") == []
    broken = await refused(inbox(line, who, page_token="WyJhIiwgImIiXQ"))
    assert broken.reason == "CURSOR_EXPIRED"


async def test_a_proxy_reads_for_whom_they_act_and_nobody_else_does(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    [old] = await people(a_town, cards, name="総社　花子")
    [helps] = await people(a_town, cards, language="en")
    only = pb.Condition(residents=pb.ChosenResidents(resident_ids=[old.resident_id]))
    campaign = await send(staff, a_draft("{name}様", recipients=only))
    await let_out(a_town, line)
    speaker = Speaker(external_id=helps.external_id, for_resident_id=old.resident_id)

    before = await refused(inbox(line, helps, speaker=speaker))
    await a_proxy(line, old, helps)
    read = await open_(line, helps, campaign, speaker=speaker)
    own = await titles(line, helps)

    assert before.reason == "PROXY_NOT_GRANTED"
    assert read.body == "EN 総社　花子様"
    assert own == []
    assert (await recipient_of(a_town, campaign, old)).open_time is not None


async def test_what_was_told_on_two_contacts_is_there_once_and_opened_once(
    a_town: Town, cards: Cards
) -> None:
    line = await a_town.channel()
    card = cards.issue(a_holder())
    first = await a_resident(a_town, line, card)
    await a_resident(a_town, line, card)
    held = await a_town.read(lambda s: s.query(Delivery).all())
    shown = (await inbox(line, first)).messages

    opened = await open_(line, first, shown[0].message_id)
    a_town.clock.pass_by(minutes=1)
    again = await open_(line, first, shown[0].message_id)

    assert len(shown) < len(held)
    assert len({(one.notice.kind, one.send_time.seconds) for one in shown}) == len(shown)
    assert opened.notice.language == "ja"
    assert opened.open_time == again.open_time
