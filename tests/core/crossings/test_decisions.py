"""What was decided here about accounts of the closed network goes in there once, and is paid."""

import csv
from pathlib import Path

import pytest

from tests.cards import Cards, a_holder
from tests.core.crossings.makers import Crossings, a_link, crossings_of
from tests.core.kit.files import todoke
from tests.makers import a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import applications_pb2
from todoke.v1 import crossings_pb2 as pb

DECISIONS = pb.CROSSING_PARCEL_DECISIONS
TWO = ("--operator", "山田　太郎", "--approver", "鈴木　花子")


async def decided(town: Town, cards: Cards, folder: Path, *verbs: str) -> Crossings:
    """Return a city of which everybody's application was filed, and decided by these verbs."""
    line = await town.channel()
    residents = [await a_resident(town, line, cards.issue(a_holder())) for _ in verbs]
    city = await crossings_of(town, folder)
    await city.set_key(city.inside.new_key())
    export, sealed = await city.exported()
    links = [a_link(one, f"0001{number}") for number, one in enumerate(residents)]
    answer = await city.import_links(export, city.inside.answer(sealed, *links))
    await city.approve(answer.crossing)
    await city.invite()
    clerk = await town.staff()
    invited = {one.resident_id: one for one in await applications(clerk)}
    for resident in residents:
        request = applications_pb2.AnswerPromptRequest(
            external_id=resident.external_id,
            application_id=invited[resident.resident_id].application_id,
            step="confirm", choice="confirmed", request_id=a_request_id(),
        )  # fmt: skip
        await line.ask(line.applications.AnswerPrompt, request)
    filed = {one.resident_id: one for one in await applications(clerk)}
    for resident, verb in zip(residents, verbs, strict=True):
        await decide(clerk, filed[resident.resident_id], verb)
    return city


async def decide(clerk: Core, row: applications_pb2.Application, verb: str) -> None:
    words = {"reason": "対象外"} if verb == "Reject" else {}
    request = getattr(applications_pb2, f"{verb}ApplicationRequest")(
        application_id=row.application_id, etag=row.etag, request_id=a_request_id(), **words
    )
    await clerk.ask(getattr(clerk.applications, f"{verb}Application"), request)


async def applications(clerk: Core) -> list[applications_pb2.Application]:
    request = applications_pb2.ListApplicationsRequest()
    return list((await clerk.ask(clerk.applications.ListApplications, request)).applications)


async def states(town: Town) -> dict[str, str]:
    found = await applications(await town.staff())
    name = applications_pb2.ApplicationState.Name
    return {row.reference: name(row.state).removeprefix("APPLICATION_STATE_") for row in found}


def opened(city: Crossings, sealed: bytes, *people: str, name: str = "decisions.age.txt"):
    """Open decisions in the closed network, by the command; return what it said and its list."""
    folder = city.inside.folder
    parcel, out = folder / name, folder / "pay.csv"
    parcel.write_bytes(sealed)
    out.unlink(missing_ok=True)
    keys = [arg for key in city.inside.keys for arg in ("--key", key)]
    done = todoke(
        "seal", "decisions", "--parcel", parcel, *keys, "--out", out,
        "--log", folder / "crossings.csv", *(people or TWO),
    )  # fmt: skip
    if not out.exists():
        return done, []
    with out.open(encoding="utf-8-sig", newline="") as file:
        return done, list(csv.DictReader(file))


async def test_decisions_cross_by_two_people_and_the_inside_pays_them(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    city = await decided(a_town, cards, tmp_path, "Approve", "Reject")
    proposed = await city.propose(parcel=DECISIONS)
    with pytest.raises(CoreError, match="SAME_PERSON"):
        await city.approve(proposed, by=city.first)

    approved = await city.approve(proposed)
    sealed = await city.export(approved)
    done, rows = opened(city, sealed)

    assert done.exit_code == 0, done.output
    assert "支払 合計 70,000円" in done.output
    assert approved.content_hash in done.output
    assert (proposed.rows, approved.rows, approved.parcel) == (2, 2, DECISIONS)
    assert [(row["reference"], row["amount"], row["decision"]) for row in rows] == [
        ("00010", "70000", "approved"),
        ("00011", "70000", "rejected"),
    ]
    assert {row["decide_date"] for row in rows} == {"2026-11-24"}
    assert await states(a_town) == {"00010": "IN_PAYMENT", "00011": "REJECTED"}
    with (tmp_path / "crossings.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["direction"], line["operator"], line["approver"], line["count"]) == (
        "in", "山田　太郎", "鈴木　花子", "2",
    )  # fmt: skip
    assert line["hash"] == approved.content_hash


async def test_a_decision_is_in_one_parcel_only_and_waits_again_where_that_was_taken_back(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    city = await decided(a_town, cards, tmp_path, "Approve")
    first = await city.approve(await city.propose(parcel=DECISIONS))
    nothing = await city.propose(parcel=DECISIONS)

    await city.cancel(first)
    again = await city.propose(parcel=DECISIONS)

    assert (first.rows, nothing.rows, again.rows) == (1, 0, 1)
    assert await states(a_town) == {"00010": "APPROVED"}
    # The one that was asked for when nothing waited carries what waits now; the other is empty.
    assert (await city.approve(nothing)).rows == 1
    assert (await city.approve(again)).rows == 0
    assert await states(a_town) == {"00010": "IN_PAYMENT"}


@on_sqlite
async def test_decisions_are_opened_by_two_people_once_and_whole(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    city = await decided(a_town, cards, tmp_path, "Approve")
    sealed = await city.export(await city.approve(await city.propose(parcel=DECISIONS)))

    alone, _ = opened(city, sealed, "--operator", "山田", "--approver", "山田")
    cut, nothing = opened(city, sealed[: len(sealed) // 2])
    first, rows = opened(city, sealed)
    second, none = opened(city, sealed.replace(b"\n", b"\r\n"), name="again.age.txt")

    assert (alone.exit_code, cut.exit_code, second.exit_code) == (1, 1, 1)
    assert (len(nothing), len(rows), len(none)) == (0, 1, 0)
    assert first.exit_code == 0
    assert "二重払い" in second.output


@on_sqlite
async def test_a_parcel_of_decisions_is_answered_by_no_links(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    city = await decided(a_town, cards, tmp_path, "Approve")
    crossing = await city.approve(await city.propose(parcel=DECISIONS))
    await city.export(crossing)

    with pytest.raises(CoreError, match="CROSSING_UNKNOWN"):
        await city.import_links(crossing, b"nothing of ours")
