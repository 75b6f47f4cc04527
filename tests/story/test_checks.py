"""The demonstration's own checks have teeth: whatever goes wrong, one of them says so."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from channels.demo import association_checks, checks, open_checks, zengin
from channels.demo.hearing import Kind
from channels.demo.paying import Exported
from channels.demo.plan import Plan, Role, Ways
from channels.demo.story import Found
from channels.demo.wording import catalogue
from channels.simulators.city.differences import Expected
from tests.story import makers
from todoke.v1.activity_pb2 import GetOverviewResponse, VerifyAuditResponse
from todoke.v1.payments_pb2 import TransferBatch


def failed(plan: Plan, tmp_path: Path, **other) -> set[str]:
    found = makers.an_outcome(plan, tmp_path, **other)
    return {check.name for check in all_of(plan, found) if not check.holds}


def all_of(plan: Plan, found: Found) -> list[checks.Check]:
    return [
        *checks.all_of(plan, found),
        *open_checks.all_of(found),
        *association_checks.all_of(found),
    ]


def test_all_hold_when_all_went_by_the_plan(tmp_path: Path) -> None:
    assert failed(makers.a_plan(), tmp_path) == set()


def twice(sends: list) -> None:
    sends.append(deepcopy(sends[-1]))


def again_under_the_same_key(sends: list) -> None:
    sends.append({**deepcopy(sends[-1]), "request_id": "another"})


def lost(sends: list) -> None:
    sends.pop()


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (twice, {"messages", "equal_notices"}),
        (again_under_the_same_key, {"messages", "equal_notices", "retry_keys"}),
        (lost, {"messages"}),
    ],
)
def test_a_message_too_many_or_too_few_is_found(
    tmp_path: Path, harm: Callable[[list], None], expected: set[str]
) -> None:
    plan = makers.a_plan()
    deliveries = makers.some_deliveries(plan)
    harm(deliveries[plan.paid[0].user_id])

    assert failed(plan, tmp_path, deliveries=deliveries) == expected


def test_an_invitation_with_the_account_of_another_is_found(tmp_path: Path) -> None:
    plan = makers.a_plan()
    deliveries = makers.some_deliveries(plan)
    role = plan.ways(Ways.IGNORE)[0]
    prompt = next(s for s in deliveries[role.user_id] if "****" in str(s) and s["kind"] == "push")
    prompt["messages"] = [makers.a_message(Kind.PROMPT, "", "xyz")]

    assert failed(plan, tmp_path, deliveries=deliveries) == {"own_account"}


def test_who_moved_may_be_asked_to_renew_once_and_nobody_else_is(tmp_path: Path) -> None:
    plan, moved = makers.a_plan_with_one_who_moved()
    asked = {"kind": "push", "request_id": "r", "retry_key": "k"}
    asked["messages"] = [makers.a_message(Kind.RENEWAL, "", "")]

    def told(*roles: Role) -> dict:
        deliveries = makers.some_deliveries(plan)
        for role in roles:
            deliveries[role.user_id].append(deepcopy(asked))
        return deliveries

    assert failed(plan, tmp_path, deliveries=told(moved)) == set()
    assert failed(plan, tmp_path, deliveries=told(moved, moved)) == {"messages", "equal_notices"}
    assert failed(plan, tmp_path, deliveries=told(plan.ways(Ways.IGNORE)[0])) == {"messages"}


def test_a_push_to_one_under_protection_is_found(tmp_path: Path) -> None:
    plan = makers.a_plan()
    deliveries = makers.some_deliveries(plan)
    role = next(r for r in plan.roles if r.registrant.expected is Expected.SUPPRESSED)
    message = makers.a_message(Kind.PROMPT, "", "0001234")
    push = {"kind": "push", "request_id": "r", "retry_key": "k", "messages": [message]}
    deliveries[role.user_id].append(push)

    assert failed(plan, tmp_path, deliveries=deliveries) == {"messages", "not_invited_not_told"}


def test_a_message_to_nobody_we_know_is_found(tmp_path: Path) -> None:
    plan = makers.a_plan()
    deliveries = {**makers.some_deliveries(plan), "U0": []}

    assert failed(plan, tmp_path, deliveries=deliveries) == {"strangers"}


def test_one_paid_twice_and_one_not_at_all_are_found_though_the_totals_fit(tmp_path: Path) -> None:
    plan = makers.a_plan()
    rows = makers.rows_to_pay(plan)
    content = makers.a_bank_file([rows[0], *rows[:-1]])
    batch = TransferBatch(lines=len(plan.paid), total=plan.total)
    exported = Exported(batch, tmp_path / "file", content)

    assert failed(plan, tmp_path, exported=exported) == {"unpaid", "overpaid"}


def test_what_the_core_says_of_itself_is_looked_at(tmp_path: Path) -> None:
    overview = GetOverviewResponse(dispatches={"unknown": 1, "sent": 9}, residents=3)
    audit = VerifyAuditResponse(events=9, broken_at=4)

    found = failed(makers.a_plan(), tmp_path, overview=overview, audit=audit)

    assert found == {"dispatches_unknown", "audit", "residents"}


@pytest.mark.parametrize(
    ("part", "seen", "check"),
    [
        ("on_the_web", False, "on_the_web"),
        ("at_the_counter", "proposed", "at_the_counter"),
        ("linked", False, "linked"),
        ("proxies", 0, "proxies"),
        ("exported", False, "exported"),
        ("found_after_leaving", 1, "left"),
    ],
)
def test_whoever_came_in_or_went_otherwise_than_planned_is_found(
    tmp_path: Path, part: str, seen: object, check: str
) -> None:
    came = replace(makers.an_outcome(makers.a_plan(), tmp_path).came, **{part: seen})

    assert failed(makers.a_plan(), tmp_path, came=came) == {check}


@pytest.mark.parametrize(
    ("at", "put", "says"),
    [
        (0, b"2", "record 1: data, kind and code"),
        (120, b"7", "record 2: this is no data record"),
        (120 + 50, b"\xab", "record 2: the payee's name"),
        (120 + 50, b"a", "record 2: the payee's name"),
        (120 + 42, b"3", "record 2: there is no such account type"),
        (120 + 43, b" ", "record 2: the account is not all digits"),
        (120 + 81, b"1", "sums up to"),
        (-1, b"x", "the end record"),
    ],
)
def test_a_file_no_bank_would_take_is_refused(at: int, put: bytes, says: str) -> None:
    content = bytearray(makers.a_bank_file(makers.rows_to_pay(makers.a_plan())))
    content[at % len(content)] = put[0]

    with pytest.raises(zengin.FileBroken, match=says):
        zengin.read(bytes(content))


@pytest.mark.parametrize("cut", [0, 1, 119, 120, 240])
def test_a_file_cut_short_is_refused(cut: int) -> None:
    content = makers.a_bank_file(makers.rows_to_pay(makers.a_plan()))

    with pytest.raises(zengin.FileBroken):
        zengin.read(content[:cut])


def test_line_ends_are_taken_at_every_record_or_at_none() -> None:
    content = makers.a_bank_file(makers.rows_to_pay(makers.a_plan()))
    records = [content[start : start + 120] for start in range(0, len(content), 120)]

    ended = b"".join(record + b"\r\n" for record in records)

    assert zengin.read(ended) == zengin.read(content)
    with pytest.raises(zengin.FileBroken):
        zengin.read(ended[:-2])


def test_a_helmet_paid_twice_a_receipt_unseen_or_a_survey_missing_is_found(tmp_path: Path) -> None:
    plan = makers.a_plan()
    whole = makers.some_offered(tmp_path)
    one, other = (each.account["account_number"] for each in whole.applicants.paid[:2])
    content = whole.exported.content.replace(one.encode(), other.encode())
    to_another = replace(whole, exported=replace(whole.exported, content=content))
    broken = replace(whole, exported=replace(whole.exported, content=content[:-1]))

    assert failed(plan, tmp_path, offered=to_another) == {"helmets_unpaid", "helmets_overpaid"}
    assert failed(plan, tmp_path, offered=broken) == {"helmets_file"}
    for harm, name in (
        ({"receipts": 1}, "receipts"),
        ({"surveys": ["mark_5"]}, "surveys"),
        ({"seen_on_the_web": 0}, "helmets_on_the_web"),
    ):
        offered = makers.some_offered(tmp_path, **harm)
        assert failed(plan, tmp_path, offered=offered) == {name}


def test_who_applied_for_a_helmet_and_is_told_twice_is_found(tmp_path: Path) -> None:
    plan = makers.a_plan()
    deliveries = makers.some_deliveries(plan)
    [first, *_] = makers.some_applicants().each
    deliveries[first.registrant.line_user_id] *= 2

    assert "helmets_told" in failed(plan, tmp_path, deliveries=deliveries)


def test_both_languages_have_the_same_words() -> None:
    japanese, english = catalogue("ja"), catalogue("en")

    assert {(part, name) for part in japanese for name in japanese[part]} == {
        (part, name) for part in english for name in english[part]
    }


def test_every_expectation_has_a_name_in_words(tmp_path: Path) -> None:
    plan = makers.a_plan()

    names = {check.name for check in all_of(plan, makers.an_outcome(plan, tmp_path))}

    assert names | {"helmets_file"} == catalogue("ja")["checks"].keys()


def test_an_association_that_went_otherwise_is_found(tmp_path: Path) -> None:
    plan = makers.a_plan()
    went = makers.an_outcome(plan, tmp_path).went
    other = replace(went, joined=2, read=(3, 1), on_screen=False)
    assert failed(plan, tmp_path, went=other) == {"joined", "receipts_read", "on_screen"}
    deliveries = makers.some_deliveries(plan)
    deliveries[went.neighbours.in_line.line_user_id].clear()
    assert failed(plan, tmp_path, deliveries=deliveries) == {"circulars_told"}
