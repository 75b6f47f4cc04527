"""Payments: the originator, two people for a batch, findings, the bank file."""

import hashlib
from pathlib import Path

import pytest
from grpc import StatusCode

from tests.tui.fake_core import City
from tests.tui.real_core import act
from tests.tui.sitting import Sitting, signed_in
from todoke.v1.payments_pb2 import (
    ACCOUNT_TYPE_ORDINARY,
    TRANSFER_BATCH_STATE_APPROVED,
    TRANSFER_BATCH_STATE_CANCELLED,
    TRANSFER_BATCH_STATE_EXPORTED,
)
from tui.dialogs.ask import Ask
from tui.dialogs.lines import LinesDialog
from tui.dialogs.note import Note


def a_program(city: City) -> None:
    city.add_application(city.add_program(), state=5)


def proposed_by_another(city: City) -> None:
    city.add_batch(city.add_program(), proposer="jiro")


def proposed_by_oneself(city: City) -> None:
    city.add_batch(city.add_program(), proposer="hanako")


def with_findings(city: City) -> None:
    batch = city.add_batch(city.add_program(), proposer="jiro")
    batch.findings.add(kind="many_lines_to_one_account", lines=[3, 17])


def approved(city: City) -> None:
    city.add_batch(city.add_program(), state=TRANSFER_BATCH_STATE_APPROVED)


def only_batch(sitting: Sitting):
    return next(iter(sitting.city.batches.values()))


def names_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


async def asking(sitting: Sitting, key: str) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, Ask))


async def test_the_citys_account_is_set() -> None:
    async with signed_in(a_program) as sitting:
        await sitting.open("4")
        await asking(sitting, "o")
        await sitting.type("1234567890")
        await sitting.press("enter", "ト", "ド", "ケ", "enter")
        await sitting.type("0001")
        await sitting.press("enter", "0", "0", "1", "enter", "tab")
        await sitting.type("7654321")
        await sitting.press("enter", "space")
        await act(sitting)
        await sitting.until(lambda: sitting.city.originator is not None)
        originator = sitting.city.originator
        assert (originator.bank, originator.branch) == ("0001", "001")
        assert originator.account_type == ACCOUNT_TYPE_ORDINARY
        assert originator.format.line_ends


async def test_an_unknown_bank_is_told_and_can_be_mended() -> None:
    async with signed_in(a_program) as sitting:
        await sitting.open("4")
        sitting.city.refuse("SetOriginator", "BANK_UNKNOWN", metadata={"bank": "9876"})
        await asking(sitting, "o")
        for field, value in {
            "code": "1234567890",
            "name": "トドケ",
            "bank": "9876",
            "branch": "001",
            "account_number": "1",
        }.items():
            sitting.screen.query_one(f"#field-{field}").value = value
        await act(sitting)
        await sitting.sees("その銀行番号はありません(9876)")
        assert sitting.city.originator is None


async def test_a_batch_is_proposed_for_a_day() -> None:
    async with signed_in(a_program) as sitting:
        await sitting.open("4")
        await asking(sitting, "n")
        await sitting.sees("承認済み 1件")
        sitting.screen.query_one("#field-transfer_date").value = "2026-12-10"
        await act(sitting)
        await sitting.until(lambda: sitting.city.batches)
        await sitting.sees("2026-12-10")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("ORIGINATOR_MISSING", "先に o で委託者を決めてください"),
        ("NOTHING_TO_PAY", "支払を待つ承認済みの申請がありません"),
        ("TRANSFER_DATE_REFUSED", "その振込指定日は使えません(2026-12-12)"),
    ],
)
async def test_a_proposal_that_is_refused_says_what_to_do(reason: str, words: str) -> None:
    async with signed_in(a_program) as sitting:
        await sitting.open("4")
        sitting.city.refuse("ProposeTransferBatch", reason, metadata={"date": "2026-12-12"})
        await asking(sitting, "n")
        await act(sitting)
        await sitting.sees(words)


async def test_another_person_approves() -> None:
    async with signed_in(proposed_by_another) as sitting:
        await sitting.open("4")
        await asking(sitting, "a")
        await sitting.sees("作成者 jiroさん")
        assert sitting.app.focused.id == "safe"
        await sitting.press("right", "enter")
        await sitting.until(lambda: only_batch(sitting).state == TRANSFER_BATCH_STATE_APPROVED)


async def test_the_proposer_is_told_that_another_must_approve() -> None:
    async with signed_in(proposed_by_oneself) as sitting:
        await sitting.open("4")
        await sitting.press("a")
        await sitting.until(lambda: "作成した人は承認できません" in sitting.toasts)
        assert not sitting.city.calls("ApproveTransferBatch")


async def test_findings_are_worded_and_overridden_with_a_reason() -> None:
    async with signed_in(with_findings) as sitting:
        await sitting.open("4")
        await sitting.sees("同じ口座への振込が複数あります。行: 3、17")
        await asking(sitting, "v")
        await sitting.press("確", "enter", "right", "enter")
        await sitting.until(lambda: only_batch(sitting).overrides)
        await sitting.sees("承知の上で進める: hanakoさん「確」")


async def test_the_same_person_may_not_override_twice() -> None:
    async with signed_in(with_findings) as sitting:
        await sitting.open("4")
        sitting.city.refuse("OverrideFindings", "SAME_PERSON")
        await asking(sitting, "v")
        await sitting.press("確", "enter", "right", "enter")
        await sitting.sees("同じ人が二度行うことはできません")


async def test_a_batch_is_cancelled_with_a_reason() -> None:
    async with signed_in(proposed_by_another) as sitting:
        await sitting.open("4")
        await asking(sitting, "x")
        await sitting.press("誤", "enter", "right", "enter")
        await sitting.until(lambda: only_batch(sitting).state == TRANSFER_BATCH_STATE_CANCELLED)


async def test_lines_are_shown_in_the_order_of_the_file() -> None:
    async with signed_in(proposed_by_another) as sitting:
        await sitting.open("4")
        await sitting.press("d")
        await sitting.until(lambda: isinstance(sitting.screen, LinesDialog))
        await sitting.sees("ササキ ハナコ")


async def test_a_bank_file_is_saved_and_its_sha256_told(tmp_path: Path) -> None:
    async with signed_in(approved) as sitting:
        await sitting.open("4")
        await asking(sitting, "e")
        sitting.screen.query_one("#field-path").value = str(tmp_path)
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        saved = tmp_path / "furikomi-20261210.txt"
        assert saved.read_bytes() == sitting.city.file
        assert saved.stat().st_mode & 0o077 == 0
        assert names_in(tmp_path) == [saved.name]
        await sitting.sees(hashlib.sha256(sitting.city.file).hexdigest())
        assert only_batch(sitting).state == TRANSFER_BATCH_STATE_EXPORTED


async def test_a_file_that_is_there_already_is_not_overwritten(tmp_path: Path) -> None:
    there = tmp_path / "furikomi-20261210.txt"
    there.write_text("others")
    async with signed_in(approved) as sitting:
        await sitting.open("4")
        await asking(sitting, "e")
        sitting.screen.query_one("#field-path").value = str(tmp_path)
        await act(sitting)
        await sitting.sees("上書きはしません")
        assert there.read_text() == "others"


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with signed_in(approved) as sitting:
        await sitting.open("4")
        await asking(sitting, "e")
        sitting.screen.query_one("#field-path").value = str(tmp_path / "nai" / "a.txt")
        await act(sitting)
        await sitting.sees("フォルダーがありません")


async def test_payments_are_closed_to_who_has_no_part_in_them() -> None:
    async with signed_in(approved, name="mika") as sitting:
        await sitting.press("4")
        await sitting.until(lambda: "「支払作成・支払承認」の権限が必要" in sitting.toasts)
        assert not sitting.city.calls("ListTransferBatches")


async def test_an_export_that_breaks_off_saves_nothing(tmp_path: Path) -> None:
    async with signed_in(approved) as sitting:
        await sitting.open("4")
        sitting.city.refuse("ExportTransferBatch", "", code=StatusCode.UNAVAILABLE)
        await asking(sitting, "e")
        sitting.screen.query_one("#field-path").value = str(tmp_path)
        await act(sitting)
        await sitting.sees("サーバーに接続できません")
        assert not names_in(tmp_path)
