"""The procedures that ship are whole: in every language, recorded, and as they are told of."""

from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from core.procedures import engine, yaml_places
from core.procedures.definition import Audience, Context
from core.procedures.linting import lint
from core.procedures.loading import shipped
from core.procedures.offers import needs_program
from core.procedures.schema import schema
from core.procedures.source import parse, texts_of
from core.procedures.texts import RUBY
from tests.library import scripts

TODAY = date(2026, 11, 24)
SCRIPTS = scripts(TODAY)
every = pytest.mark.parametrize("key", sorted(shipped()))


@every
def test_nothing_is_wrong_with_it_and_each_recorded_conversation_comes_out(key: str) -> None:
    linted = lint(shipped()[key].source, key)

    assert linted.problems == ()
    assert linted.replayed == linted.conversations >= 3


@every
def test_the_published_schema_takes_it(key: str) -> None:
    value = yaml_places.read(shipped()[key].source).value
    checked = Draft202012Validator(schema())

    assert list(checked.iter_errors(value)) == []


@every
def test_it_is_refused_something_gone_back_in_and_ended_in_its_recordings(key: str) -> None:
    source = parse(shipped()[key].source).source
    assert source is not None
    talks = source.conversations
    steps = [[one.step for one in talk.answers if not one.refused] for talk in talks]

    assert any(one.ends for one in talks)
    assert any(answer.refused for talk in talks for answer in talk.answers)
    assert any(len(set(one)) < len(one) for one in steps)


@every
def test_plain_japanese_gives_the_reading_of_every_kanji(key: str) -> None:
    source = parse(shipped()[key].source).source
    assert source is not None

    for path, text in texts_of(source):
        if "example" in path:
            continue
        bare = RUBY.sub("", text["ja-x-easy"])
        assert [one for one in bare if "\u4e00" <= one <= "\u9fff"] == [], (path, bare)


@every
def test_buttons_are_short_enough_for_a_chat(key: str) -> None:
    for step in shipped()[key].procedure.steps:
        for language in ("ja", "en", "ja-x-easy"):
            context = Context(TODAY)
            seen = engine.walk(shipped()[key].procedure, {}, context, language).see(step)
            for one in step.block.choices(seen):
                assert len(one.label) <= 20, one.label


@every
def test_what_staff_decide_has_a_checklist_and_what_pays_names_its_amount(key: str) -> None:
    procedure = shipped()[key].procedure

    assert bool(procedure.checklist) == (procedure.decided and key != "confirm_account")
    assert needs_program(procedure) == SCRIPTS[key].is_paid
    assert SCRIPTS[key].is_decided == procedure.decided
    assert SCRIPTS[key].for_staff == (procedure.audience is Audience.STAFF)


def test_every_procedure_that_ships_has_a_script() -> None:
    assert SCRIPTS.keys() == shipped().keys()
    assert len(SCRIPTS) == 12


def test_the_table_of_the_guide_is_drawn_from_them() -> None:
    guide = Path("docs/procedures-library.md").read_text(encoding="utf-8").splitlines()

    for key, ships in shipped().items():
        source = parse(ships.source).source
        assert source is not None
        blocks = ", ".join(sorted({step.block.name for step in ships.procedure.steps}))
        decided = "yes" if source.decided else "no"
        cells = (
            f"`{key}`", ", ".join(source.languages), str(source.audience), decided,
            str(len(source.conversations)), blocks,
        )  # fmt: skip
        assert f"| {' | '.join(cells)} |" in guide
