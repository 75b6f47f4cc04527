"""The catalogues: every reason, state and key has its words, in every language alike."""

import re
import string
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from grpc import StatusCode

from core.applications.rules import State
from core.campaigns.rules import Reason as NotTold
from core.eligibility.roster_convert import TO_COLUMN
from core.eligibility.rules import AmountProblem
from core.ledger.explaining import Known, explain
from core.ledger.rehearsal.running import Branch
from core.matching import Class
from core.procedures.blocks.block import PROBLEMS, Input
from core.residents.rules import Assurance as Held
from core.rosters.columns import REQUIRED, Column
from core.rosters.rows import Reason
from todoke.client import CoreError
from todoke.v1.applications_pb2 import (
    ApplicationState,
    BulkDecisionState,
    BulkVerb,
    EntrySource,
)
from todoke.v1.campaigns_pb2 import (
    CampaignState,
    Condition,
    DeliveryState,
    Engagement,
    InquiryState,
    LetterCause,
)
from todoke.v1.circulars_pb2 import CircularKind, CircularState, Electorate, OfficeKind
from todoke.v1.crossings_pb2 import CrossingDirection, CrossingState
from todoke.v1.dispatches_pb2 import Dispatch, DispatchState, Lane
from todoke.v1.eligibility_pb2 import EntitledUnit, ProgramState
from todoke.v1.error_reason_pb2 import ErrorReason
from todoke.v1.ledger_pb2 import ContactWay, LedgerState, Standing
from todoke.v1.matching_pb2 import MatchClass, MatchDecision
from todoke.v1.payments_pb2 import AccountType, PayoutRail, TransferBatchState
from todoke.v1.procedures_pb2 import ProcedureAudience
from todoke.v1.proxies_pb2 import ProxyScope
from todoke.v1.records_pb2 import ExportFormat
from todoke.v1.registration_pb2 import RegistrationState
from todoke.v1.residents_pb2 import (
    Assurance,
    ClosingCause,
    ConsentPurpose,
    ContactState,
    IdentityDocument,
    Revocation,
    Sex,
    StaleCause,
)
from todoke.v1.rosters_pb2 import DifferenceKind, RosterColumn, ValueKind
from todoke.v1.staff_pb2 import Role
from tui import roles, tour
from tui.conditions.tree import GROUPS
from tui.dialogs.mapping import NEEDED
from tui.questions.boxes import BOXES
from tui.screens.condition_dialogs import EVERYBODY_KIND, KINDS
from tui.screens.follow_up import OFFERED
from tui.wording import CATALOGUES, LANGUAGES, Words, texts_of

ENUMS = {
    "state": (
        ProgramState,
        MatchDecision,
        ApplicationState,
        TransferBatchState,
        DispatchState,
        RegistrationState,
        ContactState,
        CrossingState,
        BulkDecisionState,
        CampaignState,
        InquiryState,
        CircularState,
    ),
    "lane": (Lane,),
    "engagement": (Engagement,),
    "office": (OfficeKind,),
    "source": (EntrySource,),
    "bulk_verb": (BulkVerb,),
    "audience": (ProcedureAudience,),
    "delivery": (DeliveryState,),
    "direction": (CrossingDirection,),
    "ledger_state": (LedgerState,),
    "contact_way": (ContactWay,),
    "entitled_standing": (Standing,),
    "rail": (PayoutRail,),
    "holds": (RosterColumn,),
    "value_kind": (ValueKind,),
    "difference_kind": (DifferenceKind,),
    "assurance": (Assurance,),
    "assurance_short": (Assurance,),
    "revocation": (Revocation,),
    "sex": (Sex,),
    "stale_cause": (StaleCause,),
    "closing_cause": (ClosingCause,),
    "document": (IdentityDocument,),
    "scope": (ProxyScope,),
    "purpose": (ConsentPurpose,),
    "match_class": (MatchClass,),
    "unit": (EntitledUnit,),
    "role": (Role,),
    "about": (DispatchState, CircularState),
    "circular_kind": (CircularKind,),
    "electorate": (Electorate,),
}


LEAVES = (
    *("review", "match_rules", "resident", "history", "stale", "versions", "rosters"),
    *("differences", "crossings", "ledger", "progress", "inquiries", "inquiry"),
    *("application", "bulk", "authoring", "procedure_versions", "campaigns", "segments", "segment"),
    *("live", "unknown", "campaign_results", "deliveries", "composing", "templates", "template"),
    *("association", "rounds", "offices", "city_circulars", "forwards"),
)
"""Screens that are opened from others."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_worded_twice(language: str) -> None:
    """Of two texts for one key only the last would ever be read."""
    held: dict[str, str] = {}
    for file in sorted((CATALOGUES / language).glob("*.toml")):
        for key in texts_of(file):
            assert key not in held, (key, held[key], file.name)
            held[key] = file.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_says_what_is_wrong_and_what_to_do(language: str) -> None:
    words = Words(language)
    for name in list(ErrorReason.DESCRIPTOR.values_by_name)[1:]:
        reason = name.removeprefix("ERROR_REASON_")
        assert words.texts[f"reason.{reason}.what"], reason
        assert words.texts[f"reason.{reason}.remedy"], reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_its_words(language: str) -> None:
    words = Words(language)
    for group, enums in ENUMS.items():
        for enum in enums:
            assert [
                n for n in enum.DESCRIPTOR.values_by_name if f"{group}.{n}" not in words.texts
            ] == []
    for name in ExportFormat.keys()[1:]:
        assert words(f"format.{name}")
    for name in AccountType.keys()[1:]:
        assert words(f"account.{name}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_sent_and_why_it_was_not_are_worded(language: str) -> None:
    words = Words(language)
    for field in Dispatch.DESCRIPTOR.oneofs_by_name["content"].fields:
        assert words(f"carries.{field.name}")
    for reason in NotTold:
        assert words(f"not_told.{reason}")
    for name in LetterCause.keys()[1:]:
        assert words(f"letter_cause.{name}")
    for engagement in OFFERED:
        assert words(f"follow.{Engagement.Name(engagement)}")


def test_the_catalogues_hold_the_same_keys_and_places() -> None:
    japanese, english = (Words(language).texts for language in LANGUAGES)
    assert japanese.keys() == english.keys()
    for key, text in japanese.items():
        if not key.startswith(("reason.", "ask.")):
            assert places(text) == places(english[key]), key


def test_no_reason_is_worded_that_the_contract_does_not_know() -> None:
    known = {name.removeprefix("ERROR_REASON_") for name in ErrorReason.DESCRIPTOR.values_by_name}
    worded = {key.split(".")[1] for key in Words("ja").texts if key.startswith("reason.")}
    assert worded <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_screens_steps_and_keys_are_named(language: str) -> None:
    words = Words(language)
    for subject in [*roles.SUBJECTS, *LEAVES]:
        assert words(f"subject.{subject}")
        assert words(f"help.{subject}")
    for step in (*tour.LINE, tour.CREATE, tour.DONE):
        assert words(f"tour.{step.name}.do")


def test_a_refusal_is_worded_with_its_metadata() -> None:
    refusal = Words("ja").refusal(
        CoreError(StatusCode.NOT_FOUND, "", "BRANCH_UNKNOWN", {"bank": "0001", "branch": "999"})
    )
    assert refusal.what == "その支店番号はありません(銀行 0001、支店 999)。"
    assert refusal.remedy


def test_what_somebody_typed_comes_back_as_it_was() -> None:
    metadata = {"place": "name", "language": "ja", "problem": "NO_PLACES"}
    error = CoreError(StatusCode.INVALID_ARGUMENT, "", "TEXT_PLACE_UNKNOWN", metadata)
    refusal = Words("ja").refusal(error)
    assert refusal.what == "文(日本語)の {name} には、置きかえるものがありません。"
    assert "書いたとおり" in refusal.remedy


def test_a_reason_of_a_later_core_is_told_by_its_name() -> None:
    refusal = Words("ja").refusal(CoreError(StatusCode.FAILED_PRECONDITION, "", "MOON_TOO_FULL"))
    assert "MOON_TOO_FULL" in refusal.what


def test_no_words_stand_in_code() -> None:
    japanese = re.compile(r"[぀-ヿ一-鿿]")
    tui = Path(roles.__file__).parent
    found = [
        f"{file.name}: {line.strip()}"
        for file in tui.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if japanese.search(line)
    ]
    # The yen sign that people type is no word.
    assert [line for line in found if "¥円" not in line] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_can_be_mistyped_has_its_name_and_its_rule(language: str) -> None:
    words, mistyped = Words(language), re.compile(r"Mistyped\(\s*\"(\w+)\"")
    tui = Path(roles.__file__).parent
    names = {name for file in tui.rglob("*.py") for name in mistyped.findall(file.read_text())}
    assert {"import_one", "source_file"} <= names
    assert [name for name in sorted(names) if not words.find(f"field.{name}")] == []
    assert [name for name in sorted(names) if not words.find(f"rule.{name}")] == []


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def explained() -> set[tuple[str, str]]:
    """Return every rule and next step that the core can tell staff."""
    day = date(2026, 11, 24)
    ways = product(
        (True, False), (None, *Held), (True, False), (True, False), ((), tuple(Class)),
        (None, *State), (None, day), (True, False),
    )  # fmt: skip
    told = (
        explain(
            Known(
                to_staff=True, hidden=hidden, held=held, required=Held.COUNTER,
                linked=linked, payable=payable, in_review=in_review, application=application,
                listed=listed, program_open=is_open, filing_ends=day, today=day,
            )
        )
        for hidden, held, linked, payable, in_review, application, listed, is_open in ways
    )  # fmt: skip
    return {(one.rule, one.next_step.value) for one in told}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_the_core_tells_by_names_of_its_own_has_its_words(language: str) -> None:
    words = Words(language)
    for rule, step in explained():
        assert words(f"explained.{rule}", held="", required="")
        assert words(f"next_step.{rule}_{step}"), (rule, step)
    for branch in Branch:
        assert words(f"branch_way.{branch.value}")
    for problem in (*Reason, *AmountProblem):
        assert words(f"problem.ROSTER_VALUE_UNREADABLE.{problem.value}.what")
    for column in Column:
        assert words(f"value.{column.value}")
    for assurance in Held:
        assert words(f"value.{assurance.value}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_of_an_answer_and_every_input_has_its_words(language: str) -> None:
    words = Words(language)
    for problem in (*PROBLEMS, "not_understood", "sensitive"):
        assert words(f"problems.{problem}"), problem
    for input in Input:
        assert words(f"input_kind.{input.value}"), input
    assert {input.value for input in Input} == set(BOXES)


def test_what_a_mapping_needs_is_what_the_core_needs() -> None:
    assert {TO_COLUMN[column] for column in REQUIRED} == set(NEEDED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_of_the_contract_is_offered_and_named(language: str) -> None:
    words = Words(language)
    offered = {*KINDS, *GROUPS}
    for kind in offered:
        assert words(f"condition_kind.{kind}")
    kinds = {field.name for field in Condition.DESCRIPTOR.fields}
    assert offered - {EVERYBODY_KIND, "household"} == kinds


def test_the_oldest_are_told_as_those_from_an_age_on() -> None:
    ja, en = (Words(language) for language in ("ja", "en"))
    assert (ja.ages(80, 89), ja.ages(90, 150)) == ("80〜89歳", "90歳以上")
    assert (en.ages(80, 89), en.ages(90, 150)) == ("80-89", "90+")
