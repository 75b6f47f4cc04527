"""What two towns made of one procedure, put together by structure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.procedures import yaml_places
from core.procedures.merging import NOTHING, diff, merge, same
from core.procedures.numbering import with_version
from core.procedures.rewriting import comments_lost, dumped, rewritten
from tests.examples import examples

NAMES = st.sampled_from(["aa", "bb", "cc", "dd"])
WORDS = st.sampled_from(["一", "二", "三\n四", "five: 5", "#6", "yes", "", " 七"])
TEXTS = WORDS | st.dictionaries(st.sampled_from(["ja", "en", "vi"]), WORDS, min_size=1)
SCALARS = WORDS | st.booleans() | st.integers(-9, 9) | st.none()


def _members(inner):
    def listed(found):
        return [{"key": name, **one} for name, one in found.items()]

    return st.dictionaries(NAMES, st.dictionaries(st.sampled_from(["says", "when"]), inner)).map(
        listed
    )


TREES = st.dictionaries(
    NAMES,
    st.recursive(
        TEXTS | SCALARS | st.lists(SCALARS, max_size=3),
        lambda inner: st.dictionaries(NAMES, inner, max_size=3) | _members(inner),
        max_leaves=8,
    ),
    min_size=1,
)


@examples(40)
@given(TREES, TREES)
def test_where_one_side_changed_nothing_the_other_stands(base, changed) -> None:
    for merged, conflicts in (merge(base, changed, base), merge(base, base, changed)):
        assert same(merged, changed)
        assert conflicts == []


@examples(40)
@given(TREES, TREES)
def test_the_same_change_on_both_sides_is_no_conflict(base, changed) -> None:
    assert merge(base, changed, changed) == (changed, [])


@examples(40)
@given(TREES, TREES, TREES)
def test_either_side_sees_the_same_conflicts(base, ours, theirs) -> None:
    _, here = merge(base, ours, theirs)
    _, there = merge(base, theirs, ours)

    assert {one.path for one in here} == {one.path for one in there}
    turned = {one.path: (repr(one.theirs), repr(one.ours)) for one in there}
    assert all(turned[one.path] == (repr(one.ours), repr(one.theirs)) for one in here)


@examples(40)
@given(TREES, TREES, TREES)
def test_without_conflicts_either_side_gets_the_same(base, ours, theirs) -> None:
    here, conflicts = merge(base, ours, theirs)
    there, _ = merge(base, theirs, ours)
    if not conflicts:
        # Of what both added at one place each has its own first.
        others = [one for one in diff(here, there) if not _is_order(one)]
        assert others == []


@examples(40)
@given(TREES, st.data())
def test_changes_at_two_places_are_both_taken(base, data) -> None:
    places = st.sampled_from(sorted(base))
    ours, theirs = dict(base), dict(base)
    here, there = data.draw(places), data.draw(places)
    ours[here] = data.draw(SCALARS)
    theirs[there] = data.draw(SCALARS)

    merged, conflicts = merge(base, ours, theirs)

    if here != there:
        assert conflicts == []
        assert same(merged[here], ours[here])
        assert same(merged[there], theirs[there])


@examples(40)
@given(TREES, TREES, TREES)
def test_what_is_written_says_what_both_sides_said(base, ours, theirs) -> None:
    merged, _ = merge(base, ours, theirs)

    text = rewritten(dumped(ours), merged, dumped(theirs))

    assert same(yaml_places.read(text).value, merged)


@examples(40)
@given(TREES, TREES)
def test_a_difference_names_each_place_once_and_is_empty_only_for_the_same(before, after) -> None:
    changes = diff(before, after)

    assert len({one.path for one in changes}) == len(changes)
    assert all(not same(one.before, one.after) for one in changes)
    assert bool(changes) != (diff(after, before) == [])


def _is_order(change) -> bool:
    was, now = change.before, change.after
    return isinstance(was, list) and isinstance(now, list) and sorted(was) == sorted(now)


BASE = """\
key: swim
title: 水泳教室
steps:
  - key: who
    says: どなたが参加しますか。
    choice:
      options:
        - {value: adult, label: おとな}
        - {value: child, label: こども}
  - key: how_many
    says: 何人ですか。
    number: {most: 9}
"""


def _put_together(ours: str, theirs: str):
    trees = [yaml_places.read(text).value for text in (BASE, ours, theirs)]
    merged, conflicts = merge(*trees)
    return rewritten(ours, merged, theirs), conflicts


def test_our_comments_and_order_stay_where_theirs_adds_a_step_and_a_language() -> None:
    ours = BASE.replace("title: 水泳教室", "title: 総社市水泳教室 # 町の名を入れた")
    ours = ours.replace("  - key: how_many", "  # 9人まで\n  - key: how_many")
    added = "  # 年齢も聞く\n  - key: age\n    says: 何歳ですか。\n    number:\n"
    english = "says: {ja: 何人ですか。, en: How many}"
    theirs = BASE.replace("says: 何人ですか。", english)
    theirs = theirs.replace("  - key: how_many", f"{added}  - key: how_many")

    text, conflicts = _put_together(ours, theirs)

    assert conflicts == []
    with_both = ours.replace("  # 9人まで\n", f"{added}  # 9人まで\n")
    assert text == with_both.replace("says: 何人ですか。", english)
    assert not comments_lost(ours, text)


@pytest.mark.parametrize("written", ["{}", "\ufeff{}", "---\n# 始め\n{}\n# 終わり\n"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_it_is_written_as_the_editor_wrote_it(written: str, ending: str) -> None:
    ours = written.replace("{}", BASE).replace("most: 9", "most: 5").replace("\n", ending)

    text, _ = _put_together(ours, BASE.replace("おとな", "大人"))

    assert text == ours.replace("おとな", "大人").removeprefix("\ufeff")


def test_a_place_that_both_changed_stands_as_ours_and_is_told() -> None:
    ours = BASE.replace("おとな", "大人")
    theirs = BASE.replace("おとな", "成人").replace("most: 9", "most: 20")

    text, conflicts = _put_together(ours, theirs)

    assert text == ours.replace("most: 9", "most: 20")
    assert [(one.path, one.before, one.ours, one.theirs) for one in conflicts] == [
        (("steps", "who", "choice", "options", "adult", "label"), "おとな", "大人", "成人")
    ]


def test_what_one_took_away_and_the_other_changed_is_a_conflict() -> None:
    ours = BASE[: BASE.index("  - key: how_many")]
    theirs = BASE.replace("何人ですか。", "何名ですか。")

    text, conflicts = _put_together(ours, theirs)

    assert text == ours
    assert [(one.path, one.ours) for one in conflicts] == [(("steps", "how_many"), NOTHING)]


def test_a_translation_and_a_better_text_go_together() -> None:
    ours = BASE.replace(
        "says: 何人ですか。", "says:\n      ja: 何人ですか。 # 原文\n      en: How many?"
    )
    theirs = BASE.replace("何人ですか。", "何人で参加しますか。")

    text, conflicts = _put_together(ours, theirs)

    assert conflicts == []
    assert text == ours.replace("何人ですか。", "何人で参加しますか。")


@pytest.mark.parametrize(
    ("source", "numbered"),
    [
        ("version: 1 # ours\nkey: a\n", "version: 12 # ours\nkey: a\n"),
        ("{key: a, version: 3}", "{key: a, version: 12}"),
        ("key: a\n", "key: a\n"),
        ("key: a\r\nversion: 1\r\ntitle: x\r\n", "key: a\r\nversion: 12\r\ntitle: x\r\n"),
    ],
)
def test_a_number_is_given_in_its_place(source: str, numbered: str) -> None:
    assert with_version(source, 12) == numbered
