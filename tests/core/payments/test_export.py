"""The bank file: byte by byte what was approved, and the same every time."""

import asyncio
import hashlib

import pytest
from sqlalchemy import update

from core import events
from core.callers import Role
from core.payments.rows import Originator, TransferBatch, TransferLine
from core.payments.zengin.reading import read
from core.payments.zengin.records import LineEnd
from tests.core.payments.batches import Office, an_account, an_office, set_originator
from tests.town import MUNICIPALITY, Town, on_sqlite, start
from todoke.client import CoreError
from todoke.v1 import payments_pb2 as pb


@pytest.fixture
async def office(a_town: Town) -> Office:
    return await an_office(
        a_town, [an_account(1), an_account(2, bank_code="9900", branch_code="058"), an_account(3)]
    )


async def test_the_file_says_byte_by_byte_what_was_approved(office: Office) -> None:
    batch = await office.approve(await office.propose())
    numbers = [line.payment_number for line in await office.lines(batch)]

    file, chunks = await office.export(batch)

    header = (
        "1210" "0123456789" + "ｿｳｼﾞﾔｼ ｶｲｹｲｶﾝﾘｼﾔ".ljust(40) + "1210"
        "0168" + "ﾁﾕｳｺﾞｸ".ljust(15) + "191" + "ｿｳｼﾞﾔ".ljust(15) + "1" "0001234" + " " * 17
    )  # fmt: skip
    paid = [
        ("0168", "ﾁﾕｳｺﾞｸ", "191", "ｿｳｼﾞﾔ", "0000001"),
        ("9900", "ﾕｳﾁﾖ", "058", "ｾﾞﾛｺﾞﾊﾁ", "0000002"),
        ("0168", "ﾁﾕｳｺﾞｸ", "191", "ｿｳｼﾞﾔ", "0000003"),
    ]
    records = [
        f"2{bank}{bank_name:15}{branch}{branch_name:15}00001{account}"
        f"{'ｿｳｼﾞﾔ ﾀﾛｳ':30}{30_000:010d}0{number}7        "
        for (bank, bank_name, branch, branch_name, account), number in zip(
            paid, numbers, strict=True
        )
    ]
    trailer = f"8{3:06d}{90_000:012d}".ljust(120)
    assert b"".join(chunks).decode("cp932") == "".join([header, *records, trailer, "9".ljust(120)])
    assert file.size == 120 * 6
    assert file.file_name.startswith("furikomi-20261210-")


async def test_the_file_is_read_back_with_the_batchs_totals(office: Office) -> None:
    batch = await office.approve(await office.propose())

    file, chunks = await office.export(batch)
    content = b"".join(chunks)
    found = read(content)

    assert (len(found.transfers), found.total) == (batch.lines, batch.total)
    assert found.month_day == "1210"
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.batch.state == pb.TRANSFER_BATCH_STATE_EXPORTED
    assert file.batch.HasField("export_time")
    assert file.batch == await office.get(batch)


async def test_the_bank_gets_the_file_in_its_own_form(office: Office) -> None:
    await set_originator(
        office.proposer,
        format=pb.BankFormat(line_ends=True, blank_bank_names=True, blank_clearing_house=True),
    )
    batch = await office.approve(await office.propose())

    _, chunks = await office.export(batch)
    found = read(b"".join(chunks))

    assert found.format.line_end is LineEnd.CRLF
    assert not found.format.bank_names
    assert found.format.clearing_house == " "


async def test_the_file_stays_the_same_whatever_changes_around_it(office: Office) -> None:
    batch = await office.approve(await office.propose())
    first, chunks = await office.export(batch)
    await set_originator(office.proposer, code="9999999999", format=pb.BankFormat(line_ends=True))
    await office.approve_more(an_account(9))
    office.town.clock.pass_by(days=40)
    by = await office.town.staff(Role.PAYMENT_APPROVER)

    again, the_same = await office.export(batch, by)

    assert the_same == chunks
    assert again == first


async def test_a_file_is_given_out_only_after_its_approval(office: Office) -> None:
    proposed = await office.propose()
    with pytest.raises(CoreError) as early:
        await office.export(proposed)
    await office.cancel(proposed)
    with pytest.raises(CoreError) as late:
        await office.export(proposed)

    assert early.value.reason == late.value.reason == "WRONG_STATE"
    assert early.value.metadata["state"] == "proposed"
    assert late.value.metadata["state"] == "cancelled"


async def test_every_download_is_in_the_log_and_the_first_marks_the_batch(office: Office) -> None:
    batch = await office.approve(await office.propose())
    for request_id in ("export-1", "export-1", "export-2"):
        await office.export(batch, request_id=request_id)

    logged = await office.town.read(lambda s: events.about(s, MUNICIPALITY, batch.batch_id))

    kinds = [one.kind for one in logged]
    assert (kinds.count("batch.exported"), kinds.count("batch.downloaded")) == (1, 3)
    assert {one.details["sha256"] for one in logged if one.kind == "batch.downloaded"} != {""}


async def test_a_changed_line_is_never_given_out_as_the_file_of_before(
    office: Office,
) -> None:
    batch = await office.approve(await office.propose())
    await office.export(batch)

    def tamper(session) -> None:
        session.execute(update(TransferLine).where(TransferLine.number == 1).values(amount=99_999))

    await office.town.running.db.write(tamper)
    with pytest.raises(CoreError) as refused:
        await office.export(batch)

    assert refused.value.code.name == "INTERNAL"
    assert "99999" not in refused.value.message


@on_sqlite
async def test_a_long_file_comes_in_chunks_of_64_kib(a_town: Town) -> None:
    office = await an_office(
        a_town, [an_account(number) for number in range(1, 601)], entitled=600, budget=10**9
    )
    batch = await office.approve(await office.propose())

    file, chunks = await office.export(batch)

    assert file.size == 120 * 603
    assert [len(chunk) for chunk in chunks] == [65536, 120 * 603 - 65536]
    assert read(b"".join(chunks)).total == batch.total


async def test_the_accounts_of_the_city_and_of_payees_are_sealed_at_rest(office: Office) -> None:
    await office.approve_more(an_account(7654321))
    await office.propose()

    def raw(session) -> bytes:
        connection = session.connection()
        return b"".join(
            bytes(row[0])
            for table, column in (
                (TransferLine, "payee_text"),
                (TransferBatch, "order_text"),
                (Originator, "account_number"),
            )
            for row in connection.exec_driver_sql(f"SELECT {column} FROM {table.__tablename__}")
        )

    kept = await office.town.read(raw)

    assert kept
    assert b"7654321" not in kept
    assert b"0001234" not in kept


async def test_one_file_goes_to_all_who_ask_at_once_on_two_cores(office: Office) -> None:
    batch = await office.approve(await office.propose())
    another = await start(office.town.settings)
    elsewhere = another.caller(office.approver.token)
    try:
        given = await asyncio.gather(
            *(office.export(batch, by) for by in (office.proposer, elsewhere) * 3)
        )
    finally:
        await another.close()

    assert len({b"".join(chunks) for _, chunks in given}) == 1
    assert len({file.batch.export_time.ToNanoseconds() for file, _ in given}) == 1
