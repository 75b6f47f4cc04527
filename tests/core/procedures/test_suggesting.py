"""What somebody may mean who types a bank, a branch or an address."""

import pytest

from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import procedures_pb2 as pb

pytestmark = on_sqlite

BANK, BRANCH = pb.SUGGESTION_KIND_BANK, pb.SUGGESTION_KIND_BRANCH
ADDRESS = pb.SUGGESTION_KIND_ADDRESS


async def suggested(core: Core, **request) -> list[pb.Suggestion]:
    asked = pb.SuggestAnswersRequest(**request)
    return list((await core.ask(core.procedures.SuggestAnswers, asked)).suggestions)


async def test_a_bank_is_found_by_name_reading_in_any_kana_and_code(a_town: Town) -> None:
    line = await a_town.channel()

    for words in ("みずほ", "ミズホ", "ﾐｽﾞﾎ", "みずほ銀行", "０００１"):
        found = await suggested(line, kind=BANK, words=words)
        assert (found[0].value, found[0].label) == ("0001", "みずほ銀行 0001")
    (credit,) = await suggested(line, kind=BANK, words="じょうなん信用金庫")
    assert credit.value == "1344"
    assert await suggested(line, kind=BANK, words="どこにもない") == []


async def test_a_branch_is_found_within_its_bank(a_town: Town) -> None:
    staff = await a_town.staff()

    by_kana = await suggested(staff, kind=BRANCH, bank="0001", words="まるのうちちゅうおう")
    by_name = await suggested(staff, kind=BRANCH, bank="0001", words="丸の内中央支店")
    few = await suggested(staff, kind=BRANCH, bank="9900", words="八", most=3)
    with pytest.raises(CoreError) as refused:
        await suggested(staff, kind=BRANCH, bank="0002", words="本店")

    assert [one.value for one in (*by_kana, *by_name)] == ["004", "004"]
    assert len(few) == 3
    assert refused.value.reason == "BANK_UNKNOWN"


async def test_an_address_is_found_by_postal_code_and_by_town(a_town: Town) -> None:
    line = await a_town.channel()
    central = pb.Suggestion(
        value="岡山県総社市中央", label="〒719-1131 岡山県総社市中央", postal_code="7191131"
    )

    for words in (
        "719-1131",
        "７１９１１３１",
        "〒719ー1131",
        "総社市 中央",
        "そうじゃしちゅうおう",
    ):
        assert (await suggested(line, kind=ADDRESS, words=words))[0] == central
    begun = await suggested(line, kind=ADDRESS, words="7191", most=50)
    whole_town = await suggested(line, kind=ADDRESS, words="岡山県総社市")

    assert len(begun) == 50
    assert all(one.postal_code.startswith("7191") for one in begun)
    assert whole_town[0].value == "岡山県総社市"
    assert await suggested(line, kind=ADDRESS, words="0000000") == []
    assert await suggested(line, kind=ADDRESS, words="ぬ") == []
