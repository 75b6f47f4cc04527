"""Every sentence that a page says is in the catalogue, and the catalogue has no other."""

import re
import string

import pytest

from channels import pages, wording
from channels.board.drafting import KINDS
from channels.board.pages import HERE
from channels.board.words import CATALOGUES, Words

SOURCES = [
    *HERE.glob("*.py"),
    *HERE.glob("templates/*.html"),
    *pages.HERE.glob("templates/*.html"),
]


def said() -> set[str]:
    text = "\n".join(file.read_text(encoding="utf-8") for file in SOURCES)
    names = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', text))
    made = {f"kinds.{kind}" for kind in KINDS}
    made |= {f"compose.title_{way}" for way in ("new", "edit", "correct", "next")}
    return {name for name in names if name.partition(".")[0] in CATALOGUES.of("ja")} | made


def worded(language: str) -> set[str]:
    return {
        f"{section}.{name}"
        for section, sentences in CATALOGUES.of(language).items()
        for name in sentences
    }


def test_pages_and_catalogue_say_the_same() -> None:
    japanese = {name for name in worded("ja") if name.partition(".")[0] not in Words.ENUMS}
    names = {name for name in said() if not name.endswith((".html", "compose.title_"))}
    assert names - japanese == set()
    assert japanese - names == set()


def test_english_is_complete_and_easy_japanese_has_no_sentence_of_its_own() -> None:
    assert worded("en") == worded("ja")
    assert worded("ja-x-easy") - worded("ja") == set()


@pytest.mark.parametrize("language", ["en", "ja-x-easy"])
def test_sentences_have_the_same_places_in_every_language(language: str) -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for section, sentences in CATALOGUES.of(language).items():
        for name, text in sentences.items():
            assert places(text) == places(CATALOGUES.of("ja")[section][name]), (section, name)


@pytest.mark.parametrize("section", Words.ENUMS)
def test_every_value_of_the_contract_has_a_word_of_its_own(section: str) -> None:
    words = Words("ja")
    other = words.say(f"{section}.other")
    for value in Words.ENUMS[section].values():
        assert (words.enum(section, value) == other) == (value == 0)
    assert words.enum(section, 99) == other


def test_what_no_catalogue_words_is_not_guessed() -> None:
    with pytest.raises(wording.NothingToSay):
        Words("en").say("all.never_heard_of")
