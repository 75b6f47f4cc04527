"""Registrations go into the closed network and links come out, each by two people."""

from pathlib import Path

import pytest

from core.callers import Role
from core.sealing.refusals import SealBroken
from tests.cards import Cards, a_holder
from tests.core.crossings.makers import Crossings, a_link, crossings_of
from tests.core.eligibility.makers import a_file, a_row, matches, the_program
from tests.core.eligibility.test_replace import replaced
from tests.core.payments.batches import an_originator
from tests.core.registration.test_counter import Desk
from tests.core.residents.makers import suppress
from tests.makers import a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import applications_pb2, matching_pb2, payments_pb2, residents_pb2
from todoke.v1 import crossings_pb2 as pb


async def test_what_is_matched_inside_is_linked_by_two_people_and_invited(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    line = await a_town.channel()
    certain, moved, stranger = (a_holder() for _ in range(3))
    for holder in (certain, moved, stranger):
        await a_resident(a_town, line, cards.issue(holder))
    city = await crossings_of(a_town, tmp_path)
    fingerprint = await city.set_key(city.inside.new_key())

    proposed = await city.propose()
    export = await city.approve(proposed)
    sealed = await city.export(export)
    leaves = city.inside.match_and_pack(
        sealed, a_row(certain, "00011", amount="70000"),
        a_row(moved, "00012", amount="50000", address="総社市井手１番地"),
    )  # fmt: skip
    answer = await city.import_links(export, leaves)
    nothing_yet = await city.invite()
    done = await city.approve(answer.crossing)
    invited = await city.invite()

    assert certain.name.encode() not in sealed
    assert certain.name.encode() not in leaves
    assert (proposed.rows, export.rows) == (3, 3)
    assert (answer.links, answer.to_review) == (1, 0)
    assert (nothing_yet.invited, invited.invited) == (0, 1)
    assert done.state == pb.CROSSING_STATE_DONE
    assert (done.proposer, done.approver, done.export_id) == ("mori", "kato", export.crossing_id)
    program = await the_program(city.first, city.program)
    assert (program.roster.rows, program.roster.total, program.counts.matched) == (1, 70_000, 1)
    listed = await city.listed()
    assert [one.direction for one in listed] == [
        pb.CROSSING_DIRECTION_IMPORT, pb.CROSSING_DIRECTION_EXPORT,
    ]  # fmt: skip
    assert len(fingerprint) == 64
    assert listed[1].state == pb.CROSSING_STATE_DONE


async def test_an_application_of_the_closed_network_is_decided_here_and_paid_there(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    line = await a_town.channel()
    resident = await a_resident(a_town, line, cards.issue(a_holder()))
    city = await crossings_of(a_town, tmp_path)
    await city.set_key(city.inside.new_key())
    export, sealed = await city.exported()
    answer = await city.import_links(export, city.inside.answer(sealed, a_link(resident)))
    await city.approve(answer.crossing)
    await city.invite()
    clerk = await a_town.staff()
    (filed,) = (
        await clerk.ask(
            clerk.applications.ListApplications, applications_pb2.ListApplicationsRequest()
        )
    ).applications
    await line.ask(
        line.applications.AnswerPrompt,
        applications_pb2.AnswerPromptRequest(
            external_id=resident.external_id, application_id=filed.application_id,
            step="confirm", choice="confirmed", request_id=a_request_id(),
        ),
    )  # fmt: skip
    shown = await clerk.ask(
        clerk.applications.GetApplication,
        applications_pb2.GetApplicationRequest(application_id=filed.application_id),
    )
    decided = await clerk.ask(
        clerk.applications.ApproveApplication,
        applications_pb2.ApproveApplicationRequest(
            application_id=filed.application_id, etag=shown.application.etag,
            request_id=a_request_id(),
        ),
    )  # fmt: skip

    with pytest.raises(CoreError) as refused:
        await _propose_transfers(clerk, city)

    assert filed.masked_account == "****567"
    assert decided.application.state == applications_pb2.APPLICATION_STATE_APPROVED
    assert refused.value.reason == "NOTHING_TO_PAY"
    assert refused.value.metadata["closedNetwork"] == "1"


async def _propose_transfers(clerk, city: Crossings) -> None:
    originator = payments_pb2.SetOriginatorRequest(
        originator=an_originator(), request_id=a_request_id()
    )
    await clerk.ask(clerk.payments.SetOriginator, originator)
    await clerk.ask(
        clerk.payments.ProposeTransferBatch,
        payments_pb2.ProposeTransferBatchRequest(
            program_id=city.program.program_id, transfer_date="2026-12-10",
            request_id=a_request_id(),
        ),
    )  # fmt: skip


async def test_what_the_engine_would_not_link_alone_waits_for_a_person(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    line = await a_town.channel()
    resident = await a_resident(a_town, line, cards.issue(a_holder()))
    city = await crossings_of(a_town, tmp_path)
    await city.set_key(city.inside.new_key())
    export, sealed = await city.exported()
    doubtful = a_link(resident, match_class="address_differs", rule="address_differs")

    answer = await city.import_links(export, city.inside.answer(sealed, doubtful))
    await city.approve(answer.crossing)
    (match,) = (await matches(city.first, city.program)).matches
    decision = matching_pb2.DecideMatchRequest(
        match_id=match.match_id, decision=matching_pb2.MATCH_DECISION_ACCEPTED,
        reason="内側に電話で確かめた", etag=match.etag, request_id=a_request_id(),
    )  # fmt: skip
    await city.first.ask(city.first.matching.DecideMatch, decision)

    assert (answer.links, answer.to_review) == (0, 1)
    assert match.decision == matching_pb2.MATCH_DECISION_TO_REVIEW
    assert (match.entitlement.reference, match.entitlement.name) == ("00011", "")
    assert match.entitlement.masked_account == "****567"
    assert (await city.invite()).invited == 1


async def test_the_same_crossing_gives_the_same_bytes_and_later_registrations_another(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    line = await a_town.channel()
    first, protected, later = (a_holder() for _ in range(3))
    await a_resident(a_town, line, cards.issue(first))
    hidden = await a_resident(a_town, line, cards.issue(protected))
    await suppress(await a_town.staff(), hidden.resident_id)
    city = await crossings_of(a_town, tmp_path)
    await city.set_key(city.inside.new_key())
    crossing, sealed = await city.exported()

    await a_resident(a_town, line, cards.issue(later))
    again = await city.export(crossing)
    other, newer = await city.exported()

    assert again == sealed
    export, rows = city.inside.opened(sealed)
    assert (export.count, export.amount) == (2, "70000")
    assert (first.name in rows, later.name in rows) == (True, False)
    marked = [row for row in rows.splitlines() if row.startswith(hidden.resident_id)]
    assert marked[0].endswith(",1")
    assert (other.rows, city.inside.opened(newer)[0].count) == (3, 3)


@on_sqlite
async def test_only_who_was_verified_as_the_program_asks_crosses(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    await a_resident(a_town, await a_town.channel(), cards.issue(a_holder()))
    desks = [Desk(await a_town.staff(Role.COUNTER, name=name)) for name in ("hara", "sakai")]
    weaker = await desks[1].decide(await desks[0].register())
    strict = await crossings_of(
        a_town, tmp_path, required_assurance=residents_pb2.ASSURANCE_JPKI_SIGNATURE
    )
    await strict.set_key(strict.inside.new_key())

    crossing, sealed = await strict.exported()

    assert (await strict.propose()).rows == crossing.rows == 1
    assert weaker.resident_id
    assert weaker.resident_id not in strict.inside.opened(sealed)[1]
    assert strict.inside.opened(sealed)[0].program_id == strict.program.program_id


@on_sqlite
async def test_what_a_person_decided_inside_comes_back_through_the_kit_and_waits_for_another(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    line = await a_town.channel()
    moved, stranger = a_holder(), a_holder()
    for holder in (moved, stranger):
        await a_resident(a_town, line, cards.issue(holder))
    city = await crossings_of(a_town, tmp_path)
    await city.set_key(city.inside.new_key())
    export, sealed = await city.exported()

    leaves = city.inside.match_and_pack(
        sealed,
        a_row(moved, "00011", address="総社市井手１番地"),
        a_row(stranger, "00012", address="総社市井手２番地"),
        decide={"00011": ("accept", "転居を住民票で確かめた"), "00012": ("refuse", "同名の別人")},
    )
    answer = await city.import_links(export, leaves)
    await city.approve(answer.crossing)

    assert (answer.links, answer.to_review, answer.crossing.rows) == (0, 1, 1)
    (match,) = (await matches(city.first, city.program)).matches
    assert (match.decision, match.rule) == (
        matching_pb2.MATCH_DECISION_TO_REVIEW,
        "address_differs",
    )
    assert match.entitlement.reference == "00011"
    assert "転居".encode() not in leaves


@on_sqlite
async def test_a_roster_of_the_closed_network_is_replaced_by_no_file_here(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    resident = await a_resident(a_town, await a_town.channel(), cards.issue(a_holder()))
    city = await crossings_of(a_town, tmp_path)
    await city.set_key(city.inside.new_key())
    export, sealed = await city.exported()
    answer = await city.import_links(export, city.inside.answer(sealed, a_link(resident)))
    await city.approve(answer.crossing)
    before = (await the_program(city.first, city.program)).roster

    file = a_file(a_row(a_holder(), "1"))
    for looked_at in ("", "0" * 64):
        with pytest.raises(CoreError) as refused:
            await replaced(city.first, city.program, file, difference_hash=looked_at)
        assert refused.value.reason == "ROSTER_EXISTS"
        assert refused.value.metadata["rosterId"] == before.roster_id

    assert (await the_program(city.first, city.program)).roster == before


async def test_after_the_key_is_changed_old_files_open_with_the_old_key_only(
    a_town: Town, tmp_path: Path
) -> None:
    city = await crossings_of(a_town, tmp_path)
    first = await city.set_key(city.inside.new_key())
    proposed = await city.propose()
    _, old = await city.exported()
    second = await city.set_key(city.inside.new_key())
    new = await city.export(await city.approve(proposed))
    keys = city.inside.keys

    city.inside.keys = keys[:1]
    assert city.inside.opened(old)[0].key == first
    with pytest.raises(SealBroken) as wrong:
        city.inside.opened(new)
    city.inside.keys = keys[1:]

    assert wrong.value.metadata == {"problem": "KEY_WRONG"}
    assert city.inside.opened(new)[0].key == second
