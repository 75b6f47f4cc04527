"""What is read from papers at the counter: written as cards write it, and never a My Number."""

from datetime import date

import pytest

from core.registration.identity.counter import Paper, PaperUnreadable, read
from tests.cards import Cards, a_holder
from tests.core.registration.test_counter import facts_in, refusal, two_desks
from tests.makers import a_resident
from tests.town import Town
from todoke.v1 import residents_pb2


async def test_what_was_read_is_written_as_cards_write_it(a_town: Town, cards: Cards) -> None:
    hara, mori = await two_desks(a_town)

    proposed = await hara.register(
        name=" Smith  ﾌﾞﾗｳﾝ か\u3099 ", address="岡山県総社市中央1-2 Ａ棟"
    )
    await mori.decide(proposed)

    assert proposed.basic_four.name == "Ｓｍｉｔｈ　ブラウン　が"
    assert proposed.basic_four.address == "岡山県総社市中央１－２　Ａ棟"
    assert proposed.basic_four.birth_date == "1950-04-12"
    # The card of the same person is known by it.
    holder = a_holder(
        name="Ｓｍｉｔｈ　ブラウン　が", birth_date=date(1950, 4, 12), sex="2",
        address="岡山県総社市中央１－２　Ａ棟",
    )  # fmt: skip
    made = await a_resident(a_town, await a_town.channel(), cards.issue(holder))
    assert made.renewed
    (facts,) = await facts_in(a_town)
    assert (facts.assurance, facts.document) == ("jpki_signature", "")


async def test_a_variant_character_stays_as_the_paper_has_it(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)

    proposed = await hara.register(name="髙﨑 神子")

    assert proposed.basic_four.name == "髙﨑　神子"


async def test_a_birth_date_may_be_unknown(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)

    decided = await mori.decide(await hara.register(birth_date=""))

    assert decided.basic_four.birth_date == ""
    (facts,) = await facts_in(a_town)
    assert facts.birth_date == "000000000"


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "　"}, "name"),
        ({"name": "総社\u0000花子"}, "name"),
        ({"name": "総社\u200b花子"}, "name"),
        ({"name": "総社 花子2"}, "name"),
        ({"name": "・・"}, "name"),
        ({"name": "😀"}, "name"),
        ({"name": "あ" * 101}, "name"),
        ({"address": ""}, "address"),
        ({"address": "1-2-3"}, "address"),
        ({"address": "総社市\u202e"}, "address"),
        ({"address": "あ" * 201}, "address"),
        ({"birth_date": "1950-02-30"}, "birth_date"),
        ({"birth_date": "19500412"}, "birth_date"),
        ({"birth_date": "1868-01-24"}, "birth_date"),
        ({"birth_date": "2026-11-25"}, "birth_date"),
        ({"sex": ""}, "sex"),
        ({"sex": "3"}, "sex"),
    ],
)
def test_what_no_paper_says_is_refused_by_its_field(fact: dict[str, str], field: str) -> None:
    right = {"name": "総社 花子", "birth_date": "1950-04-12", "sex": "2", "address": "総社市1"}

    with pytest.raises(PaperUnreadable) as refused:
        read(Paper(**(right | fact)), date(2026, 11, 24))

    assert [violation[0] for violation in refused.value.violations] == [f"basic_four.{field}"]


async def test_what_is_wrong_with_a_paper_is_told_whole(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)

    refused = await refusal(
        hara.register(name="", birth_date="2027-01-01", sex=residents_pb2.SEX_UNSPECIFIED)
    )
    flags = await refusal(hara.register(name_substitutes="00"))

    assert (refused.reason, flags.reason) == ("FIELD_INVALID", "FIELD_INVALID")
    assert {violation.field for violation in refused.violations} == {
        "basic_four.name", "basic_four.birth_date", "basic_four.sex",
    }  # fmt: skip
    assert [violation.field for violation in flags.violations] == ["basic_four.name_substitutes"]


async def test_no_my_number_is_taken(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)

    for four in ({"name": "総社 123456789018"}, {"address": "総社市 １２３４-５６７８-９０１８"}):
        refused = await refusal(hara.register(**four))
        assert refused.reason == "MY_NUMBER_REFUSED"
        assert "9018" not in refused.message


async def test_no_my_number_is_taken_as_a_reason(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    proposed = await hara.register()

    refused = await refusal(mori.decide(proposed, reason="番号 123456789018 を見た"))

    assert refused.reason == "MY_NUMBER_REFUSED"


async def test_the_consent_that_was_signed_is_the_one_in_force(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)

    for version in (1, 3):
        refused = await refusal(hara.register(request={"consent_version": version}))
        assert (refused.reason, refused.metadata) == ("CONSENT_OUTDATED", {"version": "2"})
