"""Any tree of conditions stays one, whatever is done to it; and the core's paths lead into it."""

import pytest
from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st

from core.segments import rules
from tests.examples import examples
from todoke.v1 import campaigns_pb2 as pb
from tui.conditions import tree

LEAVES = st.one_of(
    st.builds(
        lambda age: pb.Condition(age=pb.AgeRange(from_age=age, to_age=99)), st.integers(0, 9)
    ),
    st.sampled_from([pb.Condition(topic="events"), pb.Condition(channel="line")]),
)
TREES = st.recursive(
    LEAVES,
    lambda parts: st.builds(
        tree.group, st.sampled_from(tree.GROUPS), st.lists(parts, min_size=1, max_size=3)
    ),
    max_leaves=8,
)
WRONG = pb.Condition(age=pb.AgeRange(from_age=70, to_age=60))


@st.composite
def places(draw: st.DrawFn) -> tuple[pb.Condition, tree.Place]:
    """Draw a tree and a place in it."""
    drawn = draw(TREES)
    return drawn, draw(st.sampled_from([node.place for node in tree.nodes(drawn)]))


def leaves(of: pb.Condition | None) -> list[bytes]:
    return sorted(
        node.condition.SerializeToString() for node in tree.nodes(of) if not node.is_group
    )


@examples(100)
@given(places(), LEAVES)
def test_what_is_added_stands_where_it_is_said_and_can_be_taken_out_again(
    where: tuple[pb.Condition, tree.Place], leaf: pb.Condition
) -> None:
    before, place = where
    after, stands = tree.added(before, place, leaf)

    assert tree.at(after, stands) == leaf
    assert leaves(after) == sorted([*leaves(before), leaf.SerializeToString()])
    assert leaves(tree.removed(after, stands)) == leaves(before)


@examples(100)
@given(places())
def test_no_change_of_shape_loses_a_condition_or_leaves_an_empty_group(
    where: tuple[pb.Condition, tree.Place],
) -> None:
    before, place = where
    grouped = tree.grouped(before, place)
    moved, to = tree.moved(before, place, 1)

    assert tree.ungrouped(grouped, place) == before
    assert leaves(moved) == leaves(before)
    assert to == place or tree.moved(moved, to, -1) == (before, place)
    assert all(node.condition == tree.at(before, node.place) for node in tree.nodes(before))
    if tree.kind_of(tree.at(before, place)) in tree.GROUPS:
        thrice = tree.turned(tree.turned(tree.turned(before, place), place), place)
        assert thrice == before
        assert leaves(tree.ungrouped(before, place)) == leaves(before)
    rest = tree.removed(before, place)
    assert all(tree.parts_of(node.condition) for node in tree.nodes(rest) if node.is_group)


@examples(100)
@given(places())
def test_the_path_that_the_core_names_leads_to_the_condition_that_is_wrong(
    where: tuple[pb.Condition, tree.Place],
) -> None:
    before, place = where
    wrong = tree.replaced(before, place, WRONG)

    with pytest.raises(rules.SegmentInvalid) as refused:
        rules.read(MessageToDict(wrong, preserving_proto_field_name=True))

    assert tree.place_of(refused.value.path) == place


def test_the_path_of_a_field_of_the_contract_leads_there_too() -> None:
    path = "draft.recipients.all_of.conditions[1].any_of.conditions[0].area.town"
    assert tree.place_of(path) == (1, 0)
    assert tree.place_of("condition.age.to_age") == tree.ROOT
