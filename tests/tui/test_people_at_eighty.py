"""Eighty columns and twenty-four lines hold the screens of residents and the counter, too."""

from rich.cells import cell_len

from tests.tui.fake_core import City
from tests.tui.real_core import act
from tests.tui.sitting import SIZE, Sitting, in_each_language, signed_in
from tests.tui.test_eighty_columns import assert_about_is_whole, assert_dialog_is_whole
from todoke.v1.registration_pb2 import REGISTRATION_STATE_CONFIRMED
from todoke.v1.residents_pb2 import CLOSING_CAUSE_REGISTERED_TWICE
from tui import roles
from tui.dialogs.ask import Ask
from tui.dialogs.code import CodeDialog
from tui.dialogs.reading import ReadingDialog
from tui.screens.resident import ResidentScreen
from tui.screens.resident_history import HistoryScreen
from tui.screens.residents import ResidentsScreen
from tui.screens.stale import StaleScreen

NAME = "長谷川 エリザベス 美咲"


def a_full_town(city: City) -> None:
    """A resident of whom everything is to be said at once."""
    resident = city.add_resident(
        NAME, closing_cause=CLOSING_CAUSE_REGISTERED_TWICE, closing_date="2026-11-01"
    )
    resident.suppressed = True
    resident.stale_causes.extend([1, 2, 3, 4, 5])
    resident.basic_four.address = "青森県弘前市大字上白銀町1番地1 グランドメゾン弘前公園東1203号室"
    resident.basic_four.address_substitutes = "0001"
    resident.certificate_expire_time.seconds = 1_900_000_000
    for channel in ("line", "web", "board"):
        city.add_contact(resident, channel)
    other = city.add_resident("工藤 太郎")
    city.add_contact(other)
    city.add_proxy(resident, other).scopes.extend([2, 3])
    city.add_period(NAME, "青森県弘前市大字上白銀町1番地1 グランドメゾン弘前公園東1203号室")
    city.add_period("齋藤 美咲", "青森県青森市中央一丁目22番5号", cause="renewed")
    city.add_registration(NAME, proposer="jiro")
    confirmed = city.add_registration(NAME)
    confirmed.state, confirmed.resident_id = REGISTRATION_STATE_CONFIRMED, resident.resident_id


def assert_fits(sitting: Sitting) -> None:
    assert [cell_len(line) for line in sitting.lines] == [SIZE[0]] * SIZE[1]


def assert_keys_are_seen(sitting: Sitting, *names: str) -> None:
    for name in names:
        assert sitting.words(f"key.{name}") in sitting.keys, name


async def found(sitting: Sitting) -> None:
    await sitting.press("7")
    await sitting.until(lambda: isinstance(sitting.screen, Ask))
    assert_about_is_whole(sitting)
    await sitting.press("tab")
    await sitting.type("1950-04-12")
    await act(sitting)
    await sitting.until(
        lambda: isinstance(sitting.screen, ResidentsScreen) and sitting.screen.live.shown
    )


@in_each_language
async def test_every_screen_of_residents_fits(language: str) -> None:
    async with signed_in(a_full_town, language=language) as sitting:
        await found(sitting)
        assert_fits(sitting)
        for subject in roles.SUBJECTS:
            assert sitting.words(f"subject.{subject}") in sitting.lines[1]
        await sitting.press("enter")
        await sitting.until(
            lambda: isinstance(sitting.screen, ResidentScreen) and sitting.screen.live.shown
        )
        assert_fits(sitting)
        assert_keys_are_seen(
            sitting, "link_code", "offer_proxy", "take_off", "history", "record",
            "export_record", "suppress", "clear", "close", "delete",
        )  # fmt: skip
        await sitting.until(lambda: sitting.screen.live.size.height >= 4)
        for text in ("standing.suppressed", "substitute.legend"):
            await sitting.sees(sitting.words(text))
        await sitting.press("h")
        await sitting.until(
            lambda: isinstance(sitting.screen, HistoryScreen) and sitting.screen.live.shown
        )
        assert_fits(sitting)
        await sitting.press("escape", "escape", "v")
        await sitting.until(
            lambda: isinstance(sitting.screen, StaleScreen) and sitting.screen.live.shown
        )
        assert_fits(sitting)


@in_each_language
async def test_the_dialogs_of_a_resident_are_whole(language: str) -> None:
    async with signed_in(a_full_town, language=language) as sitting:
        await found(sitting)
        await sitting.press("enter")
        await sitting.until(
            lambda: isinstance(sitting.screen, ResidentScreen) and sitting.screen.row
        )
        for key in ("x", "e", "y", "delete"):
            await assert_dialog_is_whole(sitting, key)


@in_each_language
async def test_the_form_of_the_counter_is_whole_even_when_it_is_refused(language: str) -> None:
    async with signed_in(a_full_town, language=language) as sitting:
        await sitting.open("8")
        await sitting.press("n")
        await sitting.until(lambda: isinstance(sitting.screen, ReadingDialog))
        assert_fits(sitting)
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, Ask))
        for field in ("family", "given", "address"):
            sitting.screen.query_one(f"#field-{field}").value = "x"
        sitting.screen.query_one("#field-sex").value = "SEX_FEMALE"
        sitting.screen.query_one("#field-document").value = "IDENTITY_DOCUMENT_PASSPORT"
        await act(sitting)
        await sitting.sees(sitting.words("rule.birth_date"))
        for button in sitting.screen.query("Button"):
            await sitting.sees(str(button.label))
        assert_about_is_whole(sitting)


@in_each_language
async def test_a_code_is_seen_whole(language: str) -> None:
    async with signed_in(a_full_town, language=language) as sitting:
        await sitting.open("8")
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        await sitting.press("down", "l")
        await sitting.until(lambda: isinstance(sitting.screen, Ask))
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, CodeDialog))
        await sitting.sees("KRTV7 - WMXQ4")
        for part in ("#code-qr", "#code-words", "#close"):
            region = sitting.screen.query_one(part).region
            assert region.height
            assert region.bottom < SIZE[1]
        await sitting.sees(sitting.words("close"))
