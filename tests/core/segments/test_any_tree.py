"""Whatever the tree and the people, the statement finds whom plain Python finds."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import crypto
from core.applications.rules import State
from core.associations.rules import OfficeKind
from core.engines import engines
from core.residents.rows import Resident
from core.segments import rules
from core.segments.compiling import MAY_BE_TOLD, Compiler
from core.segments.rows import Segment
from tests.core.segments import peopling
from tests.core.segments.plainly import Got, Membership, Person, World, finds
from tests.examples import examples

NOW = datetime.fromisoformat("2026-11-26T15:30:00+00:00")
"""Half past midnight of the 27th in Japan, still the 26th elsewhere."""

ADDRESSES = [
    "岡山県総社市中央一丁目１番１号",
    "岡山県総社市中央１丁目２番３号",
    "総社市中央2-1-5",
    "岡山県総社市三須１２番地",
    "岡山県総社市北１条西２丁目３番地",
    "",
]
births = st.one_of(
    st.dates(date(1910, 1, 1), date(2026, 11, 27)).map(date.isoformat),
    # About the birthdays on which today's ages begin and end.
    st.builds(
        lambda age, days: (date(2026 - age, 11, 27) + timedelta(days=days)).isoformat(),
        st.integers(0, 99),
        st.integers(-2, 2),
    ).filter(lambda day: day <= "2026-11-27"),
    st.sampled_from(["1950-00-00", "1950-02-00", "1956-02-29", "2008-02-29", ""]),
)
households = st.builds(
    lambda association, group, household: (association, group, household),
    st.sampled_from(["association-1", "association-2"]),
    st.sampled_from(["1", "2"]),
    st.sampled_from(["1", "2"]),
)
memberships = st.builds(
    lambda at, office, ended: Membership(
        at[0], f"{at[0]}-g{at[1]}", f"{at[0]}-g{at[1]}-h{at[2]}", office, ended
    ),
    households,
    st.none() | st.sampled_from(OfficeKind),
    st.booleans(),
)
told = st.sampled_from(["sent", "failed", "dropped", "queued", "unknown", "inbox", "left_out"])
MARKED = [("survey", "child", "yes"), ("survey", "child", "no"), ("survey", "bus", "yes")]
PROGRAMS = st.sampled_from(["program-1", "program-2"])
CAMPAIGNS = st.sampled_from(["campaign-1", "campaign-2"])
TOPICS = st.sampled_from(["events", "children"])
CHANNELS = st.sampled_from(["line", "web", "board"])


@st.composite
def persons(draw: st.DrawFn) -> list[Person]:
    return [_person(draw, f"resident-{number}") for number in range(draw(st.integers(1, 8)))]


def _person(draw: st.DrawFn, id: str) -> Person:
    channels = draw(st.frozensets(CHANNELS))
    lost = draw(st.frozensets(CHANNELS)) - channels
    got = draw(st.dictionaries(CAMPAIGNS, st.builds(Got, told, st.booleans())))
    return Person(
        id=id,
        birth=draw(births),
        sex=draw(st.sampled_from("129")),
        address=draw(st.sampled_from(ADDRESSES)),
        registered=draw(st.integers(0, 55 * 24).map(lambda hours: NOW - timedelta(hours=hours))),
        language=draw(st.sampled_from(["", "ja", "en"])),
        channels=channels,
        lost=lost,
        contact_language=draw(st.sampled_from(["ja", "en"])),
        topics=draw(st.dictionaries(TOPICS, st.booleans())),
        memberships=tuple(draw(st.lists(memberships, max_size=2)) if channels | lost else ()),
        entitled=draw(st.frozensets(PROGRAMS)),
        applied=draw(st.dictionaries(PROGRAMS, st.sampled_from(State))),
        marked=draw(st.frozensets(st.sampled_from(MARKED))),
        got=got,
        answered=draw(st.frozensets(st.just("campaign-1"))) & got.keys(),
        protected=draw(st.booleans()),
    )


ages = st.integers(0, 110)
leaves = st.one_of(
    st.builds(lambda one, other: rules.Age(min(one, other), max(one, other)), ages, ages),
    st.builds(rules.Sex, st.sampled_from("129")),
    st.builds(
        rules.InArea,
        st.sampled_from(["中央一丁目", "中央１丁目", "中央2丁目", "三須", "北1条西2丁目"]),
        st.sampled_from(["", "1", "2", "12"]),
    ),
    st.builds(
        lambda at, whole, offices, one: rules.InAssociation(
            at[0],
            "" if whole else f"{at[0]}-g{at[1]}",
            (f"{at[0]}-g{at[1]}-h{at[2]}",) if one else (),
            tuple(sorted(offices)),
        ),
        households,
        st.booleans(),
        st.frozensets(st.sampled_from(OfficeKind)),
        st.booleans(),
    ),
    st.builds(
        lambda program, states: rules.InProgram(program, tuple(sorted(states))),
        PROGRAMS,
        st.frozensets(st.sampled_from(State)),
    ),
    st.builds(lambda marked: rules.Answered(*marked), st.sampled_from(MARKED)),
    st.builds(rules.Wants, TOPICS),
    st.builds(rules.Reads, st.sampled_from(["ja", "en"])),
    st.builds(rules.On, CHANNELS),
    st.builds(
        lambda one, other: rules.Registered(min(one, other), max(one, other)),
        st.dates(date(2026, 10, 1), date(2026, 11, 26)),
        st.dates(date(2026, 10, 1), date(2026, 11, 26)),
    ),
    st.builds(
        rules.Campaigned,
        CAMPAIGNS,
        st.sampled_from(["opened", "answered", "not_answered", "not_reached", "not_opened"]),
    ),
    st.builds(rules.Chosen, st.just(("resident-0", "resident-3"))),
    st.just(rules.Kept("segment-1")),
)
trees = st.recursive(
    leaves,
    lambda parts: st.one_of(
        *(
            st.lists(parts, min_size=1, max_size=3).map(lambda some, of=of: of(tuple(some)))
            for of in (rules.AllOf, rules.AnyOf, rules.NoneOf)
        )
    ),
    max_leaves=8,
)
KEPT = (
    '{"any_of": {"conditions": [{"sex": "SEX_FEMALE"}, {"age": {"from_age": 65, "to_age": 150}}]}}'
)
WORLD = World(
    NOW,
    frozenset({"events"}),
    {"segment-1": rules.AnyOf((rules.Sex("2"), rules.Age(65, 150)))},
)


@pytest.fixture
def engine(database: str, tmp_path: Path) -> Iterator[Engine]:
    crypto.create_keys(tmp_path / "keys.json")
    reading, writing = engines(database, crypto.load_keys(tmp_path / "keys.json"))
    yield writing
    reading.dispose()
    writing.dispose()


@given(town=persons(), asked=st.lists(trees, min_size=10, max_size=10))
@examples(18, HealthCheck.function_scoped_fixture)
def test_whatever_the_tree_the_statement_finds_whom_plain_python_finds(
    engine: Engine, town: list[Person], asked: list[rules.Condition]
) -> None:
    with Session(engine) as session:  # Rolled back at the end.
        peopling.people(session, town, NOW)
        session.add(
            Segment(
                municipality=peopling.TOWN,
                id="segment-1",
                name="女性など",
                condition_json=KEPT,
            )
        )
        session.flush()
        compiler = Compiler(session, peopling.TOWN, NOW)
        for tree in asked:
            holds = compiler.holds(tree)
            found = set(session.scalars(select(Resident.id).where(holds)))
            assert found == {one.id for one in town if finds(tree, one, WORLD)}, tree
            told = set(session.scalars(select(Resident.id).where(holds, MAY_BE_TOLD)))
            assert told == found - {one.id for one in town if one.protected}
