"""Every reason and every notice has its words, in every language, without a hole."""

import re
from pathlib import Path
from string import Formatter

import pytest

from channels import wording
from channels.wording import NothingToSay
from todoke.v1 import error_reason_pb2
from todoke.v1.dispatches_pb2 import NOTICE_KIND_APPROVED, Notice, NoticeKind
from todoke.v1.error_reason_pb2 import ErrorReason
from todoke.v1.proxies_pb2 import PROXY_SCOPE_READ, ProxyScope

CONTRACT = Path(error_reason_pb2.__file__).with_name("error_reason.proto")


def served() -> set[str]:
    """Name the reasons that the core can give: all but those the contract marks as for later."""
    names = {name.removeprefix("ERROR_REASON_") for name, _ in ErrorReason.items()}
    text = CONTRACT.read_text(encoding="utf-8")
    later = re.findall(r"Not served yet\.\n\s*ERROR_REASON_(\w+) =", text)
    return names - set(later) - {"UNSPECIFIED"}


LANGUAGES = ("en", "ja")
EASY = "ja-x-easy"


def test_the_languages_are_those_with_a_catalogue() -> None:
    assert wording.languages() == (*LANGUAGES, EASY)


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


def test_easy_japanese_says_nothing_that_japanese_does_not_with_the_same_places() -> None:
    japanese = wording.catalogue("ja")
    for section, sentences in wording.catalogue(EASY).items():
        for name, sentence in sentences.items():
            assert places(sentence) == places(japanese[section][name]), f"{section}.{name}"


def test_english_has_the_places_of_japanese_on_the_web() -> None:
    japanese, english = wording.catalogue("ja"), wording.catalogue("en")
    for section in (name for name in japanese if name.startswith("web_")):
        for name, sentence in japanese[section].items():
            assert places(english[section][name]) == places(sentence), f"{section}.{name}"


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", [*LANGUAGES, EASY])
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
    assert wording.spoken("ja-JP") == wording.spoken("JA") == "ja"


def test_easy_japanese_is_spoken_where_it_has_words_and_else_japanese() -> None:
    assert wording.spoken("ja-x-easy") == wording.spoken("ja-X-Easy") == EASY
    easy = wording.refusal("LINK_CODE_REFUSED", EASY)
    assert easy == "このコードは 使えません。新しい コードを 作ってください。"
    assert wording.refusal("PROGRAM_CLOSED", EASY) == wording.refusal("PROGRAM_CLOSED", "ja")


def test_a_scope_younger_than_the_catalogue_is_not_guessed() -> None:
    assert wording.scope(PROXY_SCOPE_READ) == "お知らせと申請を見る"
    with pytest.raises(NothingToSay):
        wording.scope(99)  # type: ignore[arg-type]


def test_a_reason_for_staff_is_worded_in_general() -> None:
    assert wording.refusal("BATCH_UNKNOWN") == wording.refusal("FROM_A_NEWER_CORE")
    assert "市役所" in wording.refusal("BATCH_UNKNOWN")


def test_a_notice_younger_than_the_catalogue_is_not_guessed() -> None:
    newer = Notice.FromString(b"\x08\x63")
    with pytest.raises(NothingToSay):
        wording.notice(newer)


@pytest.mark.parametrize("scope", [scope for scope in ProxyScope.values() if scope])
def test_every_scope_of_a_proxy_has_words(scope: ProxyScope.ValueType) -> None:
    assert wording.scope(scope)
