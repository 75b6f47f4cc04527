"""Votes: one an elector, counted as cast, and of a secret one nothing joins who and what."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from core import crypto, events
from core.associations.member_rows import Member
from core.associations.rows import Association, Household
from core.callers import Caller, Role
from core.circulars import answering, voting
from core.circulars.knowing import Reader
from core.circulars.rows import Ballot, Circular, CircularVersion, Elector, Receipt
from core.circulars.rules import Kind, State, VoteCast
from core.engines import engines
from tests.core.associations.makers import joins
from tests.core.circulars.makers import a_block, a_vote, refusal_of
from tests.examples import examples
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
LINE = Caller(MUNICIPALITY, "line", frozenset({Role.CHANNEL}))
FAMILIES = (1, 2, 3)
CHOICES = ("yes", "no", "later")

votes = st.lists(
    st.tuples(st.integers(0, sum(FAMILIES) - 1), st.sampled_from(CHOICES)), max_size=14
)


@pytest.fixture
def engine(sqlite_database: str, tmp_path: Path) -> Iterator[Engine]:
    crypto.create_keys(tmp_path / "keys.json")
    reading, writing = engines(sqlite_database, crypto.load_keys(tmp_path / "keys.json"))
    yield writing
    reading.dispose()
    writing.dispose()


@given(cast=votes, secret=st.booleans(), by_member=st.booleans())
@examples(30, HealthCheck.function_scoped_fixture)
def test_any_order_of_casts_gives_each_elector_one_vote(
    engine: Engine, cast: list, *, secret: bool, by_member: bool
) -> None:
    with Session(engine, expire_on_commit=False) as session:  # Rolled back at the end.
        members = a_poll(session, secret=secret, by_member=by_member)
        expected: dict[str, str] = {}
        seen: set[str] = set()
        for at, choice in cast:
            member = members[at]
            elector = member.id if by_member else member.household_id
            try:
                vote(session, member, choice)
            except VoteCast:
                assert secret
                assert elector in expected
                continue
            assert not (secret and elector in expected)
            expected[elector] = choice
            if secret:
                seen = check_nothing_joins(session, seen)

        rules = {"electorate": "ELECTORATE_MEMBERS" if by_member else "ELECTORATE_HOUSEHOLDS",
                 "options": [{"value": one} for one in CHOICES]}  # fmt: skip
        counted = voting.count(session, session.get_one(Circular, (MUNICIPALITY, "vote")), rules)
        assert Counter(counted.choices) == Counter(dict.fromkeys(CHOICES, 0)) + Counter(
            expected.values()
        )
        assert counted.electorate == (sum(FAMILIES) if by_member else len(FAMILIES))
        voted = select(Elector.elector_id).where(Elector.has_cast)
        assert set(session.scalars(voted)) == set(expected)
        assert len(session.scalars(select(Ballot.id)).all()) == len(expected)


def check_nothing_joins(session: Session, seen: set[str]) -> set[str]:
    """Check that ballots know no elector, lie in no order of casting, and are all new."""
    session.flush()
    ballots = session.execute(text("SELECT id, elector_id FROM circular_ballots ORDER BY rowid"))
    ids, electors = zip(*ballots, strict=True)
    assert set(electors) == {""}
    assert list(ids) == sorted(ids)
    assert seen.isdisjoint(ids)
    answers = session.scalars(select(Receipt.answer_json)).all()
    assert set(answers) == {None}
    return seen | set(ids)


def a_poll(session: Session, *, secret: bool, by_member: bool) -> list[Member]:
    """Lay a vote that is out to families of several members; return them."""
    session.add(events.Municipality(municipality=MUNICIPALITY, name="総社市", create_time=NOW))
    session.flush()
    session.add(Association(municipality=MUNICIPALITY, id="a", number="1", name="一", area=""))
    session.add(
        Circular(
            municipality=MUNICIPALITY, id="vote", association_id="a", kind=Kind.VOTE,
            state=State.PUBLISHED, author_id="", author_name="", targets_json="{}",
            create_time=NOW, publish_time=NOW, due_date=date(2026, 12, 1),
        )
    )  # fmt: skip
    session.flush()
    electorate = "MEMBERS" if by_member else "HOUSEHOLDS"
    options = ",".join(f'{{"value": "{one}"}}' for one in CHOICES)
    content = (
        f'{{"title": "投票", "vote": {{"electorate": "ELECTORATE_{electorate}",'
        f' "secret": {str(secret).lower()}, "options": [{options}]}}}}'
    )
    session.add(
        CircularVersion(
            municipality=MUNICIPALITY, circular_id="vote", version=1, content_json=content,
            create_time=NOW,
        )
    )  # fmt: skip
    members = []
    for place, size in enumerate(FAMILIES):
        household = Household(
            municipality=MUNICIPALITY, id=f"h{place}", association_id="a", group_id="",
            name="家", address="",
        )  # fmt: skip
        session.add(household)
        session.flush()
        session.add(
            Receipt(
                municipality=MUNICIPALITY, circular_id="vote", household_id=household.id,
                association_id="a",
            )
        )  # fmt: skip
        members += [
            Member(
                municipality=MUNICIPALITY, id=f"m{place}{at}", association_id="a",
                household_id=household.id, display_name="花子", join_time=NOW,
            )
            for at in range(size)
        ]  # fmt: skip
    session.add_all(members)
    session.flush()
    rules = {"electorate": f"ELECTORATE_{electorate}"}
    voting.give_votes(session, session.get_one(Circular, (MUNICIPALITY, "vote")), rules)
    return members


def vote(session: Session, member: Member, choice: str) -> None:
    who = Reader("contact", (member,))
    answering.answer(session, LINE, who, circular_id="vote", given={"vote": choice}, now=NOW)


def for_(choice: str) -> pb.HouseholdAnswer:
    return pb.HouseholdAnswer(vote=choice)


async def test_a_secret_vote_is_cast_once_and_counted_after_its_due_date(a_town: Town) -> None:
    block = await a_block(a_town)
    chair, member = block.of.chair, block.of.plain
    due = (a_town.clock() + timedelta(days=3)).date().isoformat()
    sent = await block.send(
        kind=pb.CIRCULAR_KIND_VOTE, due_date=due, vote=a_vote(secret=True, quorum=50)
    )
    family = await joins(a_town, block.staff, block.line, block.of, member.household_id)

    voted = await block.answer(member, sent.circular_id, for_("yes"))
    for who in (member, family):
        refused = await refusal_of(lambda w=who: block.answer(w, sent.circular_id, for_("no")))
        assert refused.reason == "VOTE_CAST"
    await block.answer(chair, sent.circular_id, for_("no"))
    with pytest.raises(CoreError, match="VOTE_OPEN"):
        await block.results(chair, sent.circular_id)

    a_town.clock.pass_by(days=4)
    counted = await block.results(chair, sent.circular_id)
    assert not voted.HasField("answer")
    assert (counted.electorate, counted.answered, counted.quorum_reached) == (4, 2, True)
    assert not counted.results
    lines = (await block.receipts(chair, sent.circular_id)).receipts
    assert not any(line.HasField("answer") for line in lines)


@on_sqlite
async def test_five_secret_ballots_are_broken_down_and_who_joined_later_has_none(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    due = (a_town.clock() + timedelta(days=3)).date().isoformat()
    home = block.of.plain.household_id
    family = await joins(a_town, block.staff, block.line, block.of, home)
    sent = await block.send(
        kind=pb.CIRCULAR_KIND_VOTE,
        due_date=due,
        vote=a_vote(secret=True, electorate=pb.ELECTORATE_MEMBERS, quorum=100),
    )
    a_town.clock.pass_by(hours=1)
    late = await joins(a_town, block.staff, block.line, block.of, home)

    for who, choice in zip(
        [*block.of.members, family], ("yes", "yes", "no", "yes", "no"), strict=True
    ):
        await block.answer(who, sent.circular_id, for_(choice))
    refused = await refusal_of(lambda: block.answer(late, sent.circular_id, for_("yes")))
    assert (refused.reason, refused.metadata["problem"]) == ("CIRCULAR_ANSWER_INVALID", "NO_VOTE")

    a_town.clock.pass_by(days=4)
    counted = await block.results(block.of.chair, sent.circular_id)
    assert dict(counted.results[0].counts) == {"yes": 3, "no": 2}
    assert (counted.electorate, counted.answered, counted.quorum_reached) == (5, 5, True)


@on_sqlite
async def test_what_is_kept_of_a_request_knows_no_choice_of_a_secret_vote(a_town: Town) -> None:
    block = await a_block(a_town)
    due = (a_town.clock() + timedelta(days=3)).date().isoformat()
    sent = await block.send(kind=pb.CIRCULAR_KIND_VOTE, due_date=due, vote=a_vote(secret=True))
    request_id = a_request_id()

    def answer(choice: str) -> pb.AnswerCircularRequest:
        return pb.AnswerCircularRequest(
            speaker=block.of.plain.speaker, circular_id=sent.circular_id, answer=for_(choice),
            request_id=request_id,
        )  # fmt: skip

    first = await block.line.ask(block.line.circulars.AnswerCircular, answer("yes"))
    again = await block.line.ask(block.line.circulars.AnswerCircular, answer("no"))

    assert again == first


@on_sqlite
async def test_an_open_vote_may_be_changed_and_a_member_votes_for_the_household(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    due = (a_town.clock() + timedelta(days=3)).date().isoformat()
    sent = await block.send(
        kind=pb.CIRCULAR_KIND_VOTE, due_date=due, answers_shown=True,
        vote=a_vote(secret=False, quorum=50),
    )  # fmt: skip
    family = await joins(a_town, block.staff, block.line, block.of, block.of.plain.household_id)

    await block.answer(block.of.plain, sent.circular_id, for_("yes"))
    changed = await block.answer(family, sent.circular_id, for_("no"))

    assert changed.answer.vote == "no"
    counted = await block.results(block.of.chair, sent.circular_id)
    assert dict(counted.results[0].counts) == {"yes": 0, "no": 1}
    assert not counted.quorum_reached
    lines = (await block.receipts(block.of.chair, sent.circular_id)).receipts
    assert [line.answer.vote for line in lines] == ["", "", "", "no"]
    await block.answer(block.of.chair, sent.circular_id, for_("no"))
    assert (await block.results(block.of.chair, sent.circular_id)).quorum_reached
