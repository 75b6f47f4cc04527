"""How long the engine and the suggestions take: nothing outside of this process plays a part."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.banks import bank_search
from core.procedures import engine
from core.procedures.definition import Context, Procedure
from core.procedures.source import parse
from core.procedures.suggesting import Addresses

STEPS = 100
CONTEXT = Context(today=date(2026, 4, 1), filling={"program": "給付金"})
OPTIONS = [{"value": f"v{one}", "label": f"選択{one}"} for one in range(5)]
WORDS = ("みず", "みずほ", "しんきん", "農協", "岡山", "0001", "ﾕｳﾁｮ")
PLACES = ("7191131", "719", "総社市", "岡山県総社市中央", "ちゅうおう", "東京", "にしまち", "本町")


@dataclass(frozen=True, slots=True)
class Took:
    """How long one kind of call took, in milliseconds."""

    name: str
    calls: int
    median: float
    p99: float
    cpu_p99: float
    """Without what other processes of a busy machine took meanwhile."""


def measure(rounds: int) -> list[Took]:
    """Measure each kind of call, after one of each that is not counted."""
    procedure = a_long_procedure()
    answers = all_answers(procedure)
    keys = [step.key for step in procedure.steps]
    known = Addresses()
    return [
        _took("next prompt", [_prompt(procedure, answers, at) for at in range(STEPS)], rounds),
        _took("back to a step", [_back(procedure, answers, key) for key in keys], rounds),
        _took("an answer", [_answer(procedure, answers, key) for key in keys], rounds),
        _took("review", [lambda: engine.turn(procedure, answers, CONTEXT, "ja")], rounds * 20),
        _took("a bank", [_bank(one) for one in WORDS], rounds * 5),
        _took("an address", [_address(known, one) for one in PLACES], rounds * 5),
    ]


def a_long_procedure() -> Procedure:
    """Return one of a hundred steps: conditions, checks and calculations in every third."""
    steps: list[dict[str, Any]] = []
    values = {}
    for number in range(STEPS):
        step: dict[str, Any] = {"key": f"step{number}", "says": f"{number} 番の問い"}
        match number % 3:
            case 0:
                step["number"] = {"most": 1000}
                before = f"sum{number - 3} + " if number else ""
                values[f"sum{number}"] = f"{before}step{number}"
                step["checks"] = [{"check": f"sum{number} < 100000", "text": "多すぎます"}]
            case 1:
                step["choice"] = {"options": OPTIONS}
                step["when"] = f"sum{number - 1} > 0 && answered.step{number - 1}"
            case 2:
                step["text"] = {"most": 100}
                step["says"] = f"{{step{number - 1}}}を{{sum{number - 2}}}個"
        steps.append(step)
    source = {"key": "long", "title": "長い手続き", "values": values, "steps": steps}
    parsed = parse(json.dumps(source))
    assert parsed.procedure is not None, parsed.problems
    return parsed.procedure


def all_answers(procedure: Procedure) -> dict[str, Any]:
    given = {"number": 7, "choice": "v1", "text": "答え"}
    return {step.key: given[step.block.name] for step in procedure.steps}


def _prompt(procedure: Procedure, answers: dict[str, Any], at: int) -> Callable[[], object]:
    so_far = dict(list(answers.items())[:at])
    return lambda: engine.turn(procedure, so_far, CONTEXT, "ja")


def _back(procedure: Procedure, answers: dict[str, Any], key: str) -> Callable[[], object]:
    return lambda: engine.turn(procedure, answers, CONTEXT, "ja", at=key)


def _answer(procedure: Procedure, answers: dict[str, Any], key: str) -> Callable[[], object]:
    given = answers[key]
    return lambda: engine.answered(procedure, answers, CONTEXT, "ja", step=key, given=given)


def _bank(words: str) -> Callable[[], object]:
    return lambda: bank_search.banks(words, 10)


def _address(known: Addresses, words: str) -> Callable[[], object]:
    return lambda: known.find(words, 10)


def _took(name: str, calls: list[Callable[[], object]], rounds: int) -> Took:
    for call in calls:
        call()
    taken = [_milliseconds(call) for _ in range(rounds) for call in calls]
    wall, cpu = (sorted(each) for each in zip(*taken, strict=True))
    late = len(taken) * 99 // 100
    return Took(name, len(taken), wall[len(wall) // 2], wall[late], cpu[late])


def _milliseconds(call: Callable[[], object]) -> tuple[float, float]:
    begun, cpu = time.perf_counter(), time.thread_time()
    call()
    return (time.perf_counter() - begun) * 1000, (time.thread_time() - cpu) * 1000
