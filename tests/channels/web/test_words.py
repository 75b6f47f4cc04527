"""Every sentence that a page says is in the catalogue, and the catalogue has no other."""

import re

import pytest

from channels import pages, wording
from channels.web.pages import HERE
from channels.web.words import Words

NAMED = (
    "account_type", "application_state", "day_part", "dispatch_state", "kept", "look_by",
    "look_kind", "member_part", "occasion", "period_cause", "to_do",
)  # fmt: skip
"""Sections whose names come from the core."""

SOURCES = [
    *HERE.glob("*.py"),
    *HERE.glob("templates/*.html"),
    *pages.HERE.glob("templates/*.html"),
]


def said() -> set[str]:
    text = "\n".join(file.read_text(encoding="utf-8") for file in SOURCES)
    names = set(re.findall(r'"((?:[a-z_]+)\.[a-z_]+)"', text))
    subjects = {section.removeprefix("web_") for section in wording.catalogue("ja")}
    names = {name for name in names if not name.endswith(".html")}
    return {name for name in names if name.partition(".")[0] in subjects}


def worded() -> set[str]:
    return {
        f"{section.removeprefix('web_')}.{name}"
        for section, sentences in wording.catalogue("ja").items()
        for name in sentences
        if section.startswith("web_") and section.removeprefix("web_") not in {*Words.ENUMS, *NAMED}
        # Named by the status of the answer.
        if not (section == "web_refused" and name.isdecimal())
    }


def test_pages_and_catalogue_say_the_same() -> None:
    assert said() - worded() == set()
    assert worded() - said() == set()


@pytest.mark.parametrize("section", Words.ENUMS)
def test_every_value_of_the_contract_has_a_word_of_its_own(section: str) -> None:
    other = wording.say(f"web_{section}", "other")
    for value in Words.ENUMS[section].values():
        word = Words("ja").enum(section, value)
        assert (word == other) == (value == 0)
    assert Words("ja").enum(section, 99) == other


@pytest.mark.parametrize("section", NAMED)
def test_what_the_core_names_anew_is_something_else(section: str) -> None:
    assert Words("ja").named(section, "never heard of") == wording.say(f"web_{section}", "other")
