"""A handover stands whole in the button that goes on with it: nothing is kept between taps."""

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from channels.line import postback
from channels.line.leading.successors import MOST_PLACES, Chosen, read
from channels.line.postback import Do
from channels.line.verbs import Verb
from tests.channels.line.officers import GROUP, TOWN
from tests.examples import examples

TAILS = st.lists(st.from_regex("[0-9a-f]{8}", fullmatch=True), max_size=MOST_PLACES).map(tuple)


CHOSEN = st.builds(
    Chosen,
    etag=st.integers(1, 10**9 - 1).map(str),
    begin=st.dates(date(2026, 1, 1), date(2100, 1, 1)),
    years=st.integers(1, 2),
    who=TAILS,
)


LONGEST = Chosen(str(10**9 - 1), date(2026, 1, 1), 2, ("f" * 8,) * MOST_PLACES)


@examples(50)
@given(CHOSEN)
@example(LONGEST)
def test_a_handover_stands_whole_in_a_button(chosen: Chosen) -> None:
    pressed = Do(Verb.HAND_FROM, (TOWN, str(chosen), GROUP, "999"))

    assert postback.decode(postback.encode(pressed)) == pressed
    assert len(postback.encode(pressed)) <= 300
    assert read(str(chosen)) == chosen
    assert chosen.then("bbbbbbbb").before() == chosen
    days = (chosen.end - chosen.begin).days + 1
    assert days in {365 * chosen.years, 365 * chosen.years + 1}


def test_a_day_that_is_none_is_no_handover() -> None:
    assert read("7.20280230.1.") is None
