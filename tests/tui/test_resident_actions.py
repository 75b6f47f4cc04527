"""What staff do to a registration: each asked first, each refusal told where it can be mended."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.tui.fake_core import City
from tests.tui.fake_core.town_hall import CODE
from tests.tui.real_core import act
from tests.tui.sitting import Sitting, signed_in
from tests.tui.test_residents import opened
from todoke.v1.proxies_pb2 import PROXY_SCOPE_APPLY, PROXY_SCOPE_READ
from todoke.v1.records_pb2 import EXPORT_FORMAT_JSON, EXPORT_FORMAT_PDF
from todoke.v1.residents_pb2 import CLOSING_CAUSE_DIED, CLOSING_CAUSE_MOVED_OUT, Resident
from tui.dialogs.ask import Ask
from tui.dialogs.code import CodeDialog, grouped
from tui.dialogs.note import Note
from tui.screens.resident import ResidentScreen
from tui.screens.residents import ResidentsScreen
from tui.widgets.qr import qr


def hanako_and_taro(city: City) -> None:
    hanako = city.add_resident("佐々木 花子")
    city.add_contact(hanako)
    city.add_proxy(hanako, city.add_resident("工藤 太郎"))


@asynccontextmanager
async def at_hanako(name: str = "hanako") -> AsyncIterator[Sitting]:
    async with signed_in(hanako_and_taro, name=name) as sitting:
        await opened(sitting, "花子")
        yield sitting


def hanako(sitting: Sitting) -> Resident:
    return next(iter(sitting.city.people.values()))


async def asking(sitting: Sitting, key: str) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, Ask))


async def test_a_code_for_a_phone_is_shown_large_in_groups_and_as_a_qr_code() -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "l")
        await sitting.sees("佐々木 花子 さん(1950-04-12)")
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, CodeDialog))
        await sitting.sees("KRTV7 - WMXQ4")
        await sitting.sees("Ｋ Ｒ Ｔ Ｖ ７")
        await sitting.sees("11/24 09:45 まで・一度だけ")
        for line in str(qr(CODE)).splitlines():
            assert line.strip() in sitting.text
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.screen, ResidentScreen))
        assert len(sitting.city.calls("BeginContactLink")) == 1


async def test_a_proxy_is_offered_on_paper_for_what_was_ticked_and_until_its_last_day() -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "p")
        await sitting.press("space", "tab", "space", "tab", "tab")
        await sitting.type("R9.3.31")
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, CodeDialog))
        await sitting.sees("代理を頼むコード")
        terms = sitting.city.calls("OfferProxy")[0].terms
        assert list(terms.scopes) == [PROXY_SCOPE_READ, PROXY_SCOPE_APPLY]
        assert terms.expire_date == "2027-03-31"


async def test_a_proxy_for_nothing_is_refused_in_the_dialog() -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "p")
        await sitting.press("tab", "tab", "tab")
        await sitting.type("2027-03-31")
        await act(sitting)
        await sitting.sees("まかせる範囲: 一つ以上に印を付けてください")
        assert isinstance(sitting.screen, Ask)


async def test_a_proxy_without_a_last_day_is_not_sent() -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "p")
        await sitting.press("space")
        await act(sitting)
        await sitting.until(lambda: sitting.app.focused.id == "field-expire_date")
        assert not sitting.city.calls("OfferProxy")


async def test_a_contact_is_unlinked_under_the_name_of_its_resident() -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "x")
        await sitting.sees("佐々木 花子 さんの連絡先(LINE")
        assert sitting.app.focused.id == "safe"
        await act(sitting)
        await sitting.until(lambda: not hanako(sitting).contacts)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
        assert "連絡先を外しました" in sitting.toasts


async def test_a_proxy_is_ended_and_can_be_ended_no_more() -> None:
    async with at_hanako() as sitting:
        await sitting.press("down")
        await asking(sitting, "x")
        await sitting.sees("佐々木 花子 さんの代理(工藤 太郎 さん)")
        await act(sitting)
        await sitting.sees("終了 2026-11-24")
        await sitting.press("x")
        await sitting.until(lambda: "もう終わっています" in sitting.toasts)
        assert len(sitting.city.calls("EndProxy")) == 1


async def test_a_resident_is_protected_for_a_reason_and_the_list_says_so() -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "w")
        await act(sitting)
        await sitting.sees("理由: 1〜500文字で入力してください")
        await sitting.type("DV")
        await sitting.until(lambda: not sitting.app.focused.has_class("-active"))
        await act(sitting)
        await sitting.sees("■ 抑止中: 何も送らず")
        assert sitting.city.calls("SuppressResident")[-1].etag == "r1"
        await sitting.press("w")
        await sitting.until(lambda: "すでに抑止中です" in sitting.toasts)
        await sitting.press("escape")
        await sitting.until(lambda: isinstance(sitting.screen, ResidentsScreen))
        await sitting.sees("■ 抑止中")


async def test_protection_is_ended_by_who_may() -> None:
    async with at_hanako() as sitting:
        await sitting.press("y")
        await sitting.until(lambda: "抑止中ではありません" in sitting.toasts)
        hanako(sitting).suppressed = True
        sitting.city.record("resident.suppressed", hanako(sitting).resident_id)
        await sitting.sees("■ 抑止中")
        await asking(sitting, "y")
        await sitting.type("ok")
        await act(sitting)
        await sitting.until(lambda: not hanako(sitting).suppressed)
        assert sitting.city.calls("ClearSuppression")[0].reason == "ok"


async def test_a_registration_is_closed_with_cause_date_and_reason() -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "z")
        sitting.screen.query_one("#field-date").value = ""
        await sitting.press("enter", "down", "down", "enter", "tab")
        await sitting.type("R8.11.1")
        await sitting.press("tab")
        await sitting.type("juki")
        await act(sitting)
        await sitting.sees("■ 登録終了: 転出(2026-11-01 から)")
        asked = sitting.city.calls("CloseResident")[0]
        assert (asked.cause, asked.reason) == (CLOSING_CAUSE_MOVED_OUT, "juki")
        await sitting.press("l")
        await sitting.until(lambda: "登録が終わっているため使えません" in sitting.toasts)


async def test_nobody_is_closed_for_a_cause_that_was_not_chosen() -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "z")
        await act(sitting)
        await sitting.sees("わけ: 選んでください")
        assert not sitting.city.calls("CloseResident")


@pytest.mark.parametrize("keys", [(), ("enter", "down", "enter")])
async def test_a_record_is_saved_for_its_owner_alone(keys: tuple[str, ...], tmp_path: Path) -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "e")
        await sitting.press(*keys)
        sitting.screen.query_one("#field-path").value = str(tmp_path)
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        saved = tmp_path / "record.pdf"
        assert saved.read_bytes() == sitting.city.file
        assert saved.stat().st_mode & 0o077 == 0
        form = EXPORT_FORMAT_JSON if keys else EXPORT_FORMAT_PDF
        assert sitting.city.calls("ExportRecord")[0].format == form


async def test_another_file_of_that_name_is_not_overwritten(tmp_path: Path) -> None:
    taken = tmp_path / "record.pdf"
    taken.write_text(json.dumps("mine"))
    async with at_hanako() as sitting:
        await asking(sitting, "e")
        sitting.screen.query_one("#field-path").value = str(taken)
        await act(sitting)
        await sitting.sees("上書きはしません")
        sitting.screen.query_one("#field-path").value = str(tmp_path)
        await sitting.until(lambda: not sitting.screen.query_one("#act").has_class("-active"))
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        assert taken.read_text() == json.dumps("mine")
        assert (tmp_path / "record-2.pdf").read_bytes() == sitting.city.file


async def test_deleting_names_the_resident_takes_a_reason_and_tells_what_is_kept() -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "delete")
        await sitting.sees("佐々木 花子 さん(1950-04-12)の登録と")
        await act(sitting)
        await sitting.sees("理由: 1〜500文字で入力してください")
        assert not sitting.city.calls("DeleteResident")
        await sitting.type("honnin")
        await sitting.press("enter")
        await sitting.until(lambda: sitting.app.focused.id == "safe")
        await sitting.press("right", "enter")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("2031-11-24 まで残すもの: 決定した申請")
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.screen, ResidentsScreen))
        await sitting.until(lambda: not sitting.screen.live.shown)


async def test_a_reason_with_a_my_number_stays_in_the_dialog() -> None:
    async with at_hanako() as sitting:
        sitting.city.refuse("SuppressResident", "MY_NUMBER_REFUSED", metadata={"field": "reason"})
        await asking(sitting, "w")
        await sitting.type("123456789018")
        await act(sitting)
        await sitting.sees("マイナンバーと思われる")
        assert isinstance(sitting.screen, Ask)


async def test_who_was_closed_meanwhile_is_read_anew() -> None:
    async with at_hanako() as sitting:
        await asking(sitting, "l")
        hanako(sitting).closing_cause = CLOSING_CAUSE_DIED
        sitting.city.refuse("BeginContactLink", "RESIDENT_CLOSED", metadata={"cause": "died"})
        await act(sitting)
        await sitting.sees("■ 登録終了: 死亡")
        assert "登録は終わっています" in sitting.toasts


async def test_who_may_not_is_told_which_role_it_takes() -> None:
    async with at_hanako("mika") as sitting:
        for key in ("l", "p", "x", "o", "e", "z", "del"):
            assert f"({key})" in sitting.keys
        await sitting.press("delete")
        await sitting.until(lambda: "「窓口」の権限が必要です" in sitting.toasts)
        await sitting.press("y")
        await sitting.until(lambda: "「抑止の管理」" in sitting.toasts)
        assert isinstance(sitting.screen, ResidentScreen)
        await asking(sitting, "w")


def test_a_code_is_spelled_in_groups() -> None:
    assert grouped("KRTV7WMXQ4") == "KRTV7 - WMXQ4"
    assert grouped("ABC") == "ABC"


def test_a_qr_code_is_as_wide_as_it_is_high_with_its_quiet_zone() -> None:
    lines = str(qr(CODE)).splitlines()
    width = {len(line) for line in lines}
    assert width == {29}
    assert len(lines) == 15
    assert not "".join(lines[:2]).strip()
