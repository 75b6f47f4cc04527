"""Every reason and every notice has its words, in every language, without a hole."""

import re
from pathlib import Path

import pytest

from channels import wording
from channels.wording import NothingToSay
from todoke.v1 import error_reason_pb2
from todoke.v1.dispatches_pb2 import NOTICE_KIND_APPROVED, Notice, NoticeKind
from todoke.v1.error_reason_pb2 import ErrorReason

CONTRACT = Path(error_reason_pb2.__file__).with_name("error_reason.proto")


def served() -> set[str]:
    """Name the reasons that the core can give: all but those the contract marks as for later."""
    names = {name.removeprefix("ERROR_REASON_") for name, _ in ErrorReason.items()}
    text = CONTRACT.read_text(encoding="utf-8")
    later = re.findall(r"Not served yet\.\n\s*ERROR_REASON_(\w+) =", text)
    return names - set(later) - {"UNSPECIFIED"}


LANGUAGES = ("en", "ja")


def test_the_languages_are_those_with_a_catalogue() -> None:
    assert wording.languages() == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence_or_is_named_as_one_for_staff_only(language: str) -> None:
    worded = set(wording.catalogue(language)["reasons"]) - {"GENERAL"}
    staff_only = set(wording.catalogue("ja")["staff_only"]["reasons"])
    assert worded | staff_only == served()
    assert worded & staff_only == set()


def test_each_language_says_all_that_japanese_says() -> None:
    japanese = wording.catalogue("ja")
    for language in LANGUAGES:
        for section in set(japanese) - {"staff_only"}:
            assert wording.catalogue(language)[section].keys() == japanese[section].keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in NoticeKind.values() if kind])
def test_every_notice_has_words(kind: NoticeKind.ValueType, language: str) -> None:
    assert wording.notice(Notice(kind=kind, language=language, program_title="給付金"))


def test_an_approval_tells_the_amount_the_account_and_the_day() -> None:
    notice = Notice(
        kind=NOTICE_KIND_APPROVED,
        program_title="物価高騰支援給付金",
        amount=30_000,
        masked_account="とどけ銀行 本店 普通 ***4567",
        reference="A-0042",
        language="ja",
    )
    notice.time.FromJsonString("2026-11-22T16:00:00Z")
    assert wording.notice(notice) == (
        "「物価高騰支援給付金」の申請を受け付け、支給を決定しました。\n金額:30,000円\n"
        "振込先:とどけ銀行 本店 普通 ***4567\n決定日:2026年11月23日\nお問い合わせ番号:A-0042"
    )


def test_what_residents_wrote_or_staff_wrote_is_no_template() -> None:
    notice = Notice(kind=NOTICE_KIND_APPROVED, program_title="{secret}", reason="{0}")
    assert "{secret}" in wording.notice(notice)


def test_a_language_without_catalogue_is_spoken_in_japanese() -> None:
    assert wording.spoken("en-GB") == "en"
    assert wording.spoken("fr") == wording.spoken("") == "ja"


def test_a_reason_for_staff_is_worded_in_general() -> None:
    assert wording.refusal("BATCH_UNKNOWN") == wording.refusal("FROM_A_NEWER_CORE")
    assert "市役所" in wording.refusal("BATCH_UNKNOWN")


def test_a_notice_younger_than_the_catalogue_is_not_guessed() -> None:
    newer = Notice.FromString(b"\x08\x63")
    with pytest.raises(NothingToSay):
        wording.notice(newer)
