"""Any procedure, and any answers to it."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import strategies as st

from core.procedures.definition import Context, Procedure
from core.procedures.source import parse

TODAY = date(2026, 4, 1)
CONTEXT = Context(
    today=TODAY,
    resident={
        "registered": True,
        "name": "山田花子",
        "birth_date": "1980-02-29",
        "sex": "2",
        "address": "岡山県総社市中央1-1-1",
        "age": 46,
    },
    held={"program": "給付金", "amount": 70000, "account": "", "household_size": 3},
    shown={"amount": "70,000円", "program": "給付金"},
    filling={"name": "山田花子", "amount": 70000, "program": "給付金", "today": TODAY},
)
PERSON = "0d6f1c52-7c8e-4d5e-9a55-2b1f9d3d8a0"
OPTIONS = [{"value": f"v{one}", "label": f"選択{one}"} for one in "abc"]

BLOCKS: dict[str, Any] = {
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS, "least": 0},
    "number": {"most": 100},
    "money": {},
    "text": {"most": 20},
    "date": {"first": "today-1y", "last": "today+1y"},
    "date_time": {"opens": "09:00", "closes": "17:00", "minutes": 30},
    "info": {},
    "consent": {"terms": "約款"},
    "coupon": {},
    "members": {"least": 0},
    "slot": {"slots": [{**one, "capacity": 3} for one in OPTIONS], "most": 5},
    "place": {},
    "address": {},
    "file": {"most": 2},
    "signature": {},
    "entitlement": {"shows": [{"name": "amount", "label": "支給額"}]},
    "account": {},
}
ANSWERS: dict[str, list[Any]] = {
    "choice": ["va", "vb", "vc", "vd"],
    "choices": [[], ["va"], ["vc", "va"], ["vx"]],
    "number": [0, 5, 100, 101, -1],
    "money": [0, 70000],
    "text": ["山", "a" * 20, "a" * 21, " ", "\0"],
    "date": ["2026-04-01", "2027-01-31", "2029-01-01", "2026-02-30", "x"],
    "date_time": ["2026-04-01T09:30", "2026-04-01T09:31", "2026-04-01T18:00", "2026-04-01"],
    "info": [True],
    "consent": [True, False],
    "coupon": ["2345-6789-ABC8", "ｈｊｋｍ npqr stu6", "2345-6789-ABC9", "O"],
    "members": [[], [{"name": "花子"}], {"members": [{"name": "花子"}, {"name": "太郎"}]}, [{}]],
    "slot": [{"value": "va", "quantity": 0}, {"value": "vb", "quantity": 3}, "vc", {"value": "q"}],
    "place": [{"latitude": 34.67, "longitude": 133.7, "address": ""}, {}, {"latitude": 91}],
    "address": [{"area": "岡山県総社市中央", "postal_code": "7191131", "rest": "1"}, {"area": ""}],
    "file": [[f"{PERSON}1"], [f"{PERSON}1", f"{PERSON}2"], [f"{PERSON}{one}" for one in range(3)]],
    "signature": [[f"{PERSON}7"], []],
    "entitlement": [True],
    "account": [
        {
            "bank": "9900",
            "symbol": "12340",
            "account_number": "12345671",
            "holder_kana": "ヤマダ ハナコ",
        },
        {"bank": "0001", "branch": "001", "account_type": 1, "account_number": "1"},
    ],
}
NOT_OF_ANY_KIND = [None, 1.5, object(), {"a": 1}, [1], "", -(10**20), b"x"]


@dataclass
class Writing:
    """A source while it is written: what its next step may name."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    blocks: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def conditions(self) -> list[str]:
        """Return what may be asked of the answers so far."""
        found = [f"answered.{key}" for key in self.blocks]
        found += [f"{name} > 4" for name in self.values]
        for key, block in self.blocks.items():
            found += [one.format(key=key) for one in ASKED.get(block, ())]
        return found


ASKED = {
    "choice": ['{key} == "va"', '{key} != "va"', '{key} in ["vb", "vc"]'],
    "choices": ['"va" in {key}', "size({key}) > 1"],
    "number": ["{key} > 3", "{key} / 0 == 1"],
    "money": ["{key} == 0"],
    "text": ["{key}.size() > 5"],
    "date": ["{key} > today", "days_between(today, {key}) > 5"],
    "consent": ["{key}"],
    "members": ["{key} > 0"],
    "slot": ["int({key}.quantity) > 1"],
}


@st.composite
def depending(draw: st.DrawFn, written: Writing) -> dict[str, Any]:
    """What of a step depends on the answers before it."""
    conditions, step = written.conditions(), dict[str, Any]()
    if conditions and draw(st.booleans()):
        several = st.lists(st.sampled_from(conditions), min_size=1, max_size=2)
        step["when"] = " && ".join(draw(several))
    if conditions and draw(st.integers(0, 3)) == 0:
        check = draw(st.sampled_from(conditions))
        step["checks"] = [{"check": f"!({check})", "text": "だめ"}]
    if conditions and draw(st.integers(0, 3)) == 0:
        named = draw(st.sampled_from([*written.blocks, *written.values]))
        step["says"] = f"{{{named}}}でよいですか"
    return step


@st.composite
def sources(draw: st.DrawFn, *, plain: bool = False) -> str:
    """Any valid source; a `plain` one without conditions, checks and ends."""
    written = Writing()
    for number in range(draw(st.integers(1, 8))):
        key, block = f"step{number}", draw(st.sampled_from(sorted(BLOCKS)))
        step: dict[str, Any] = {"key": key, "says": "問い", block: BLOCKS[block]}
        if not plain:
            step |= draw(depending(written))
        if block == "choice" and not plain and draw(st.integers(0, 3)) == 0:
            end = draw(st.sampled_from(["submit", "hand_over"]))
            step[block] = {"options": [*OPTIONS[:2], {**OPTIONS[2], end: "おわり"}]}
        if block not in {"info", "entitlement"}:
            step["optional"] = draw(st.booleans())
        staff = draw(st.integers(0, 9)) == 0 and "when" not in step and not plain
        step["staff"] = staff and block != "coupon"
        if step["staff"]:
            step.pop("checks", None)
        written.steps.append(step)
        if not step["staff"]:
            written.blocks[key] = block
            if block in {"number", "money", "members"}:
                written.values[f"value{number}"] = " + ".join([key, *written.values])
    source = {"key": "any", "title": "何か", "steps": written.steps, "values": written.values}
    if not plain:
        source["review"] = draw(st.booleans())
    # JSON is YAML, and what is there twice is written twice in it.
    return json.dumps(source, ensure_ascii=False)


def procedures(*, plain: bool = False) -> st.SearchStrategy[Procedure]:
    return sources(plain=plain).map(compiled)


def compiled(text: str) -> Procedure:
    parsed = parse(text)
    assert parsed.procedure is not None, (parsed.problems, text)
    return parsed.procedure


def answers_to(procedure: Procedure) -> st.SearchStrategy[tuple[str, Any]]:
    """Any answer to any step, most of them such as fit."""
    return st.sampled_from(procedure.steps).flatmap(
        lambda step: st.tuples(
            st.just(step.key),
            st.one_of(st.sampled_from(ANSWERS[step.block.name]), st.sampled_from(NOT_OF_ANY_KIND)),
        )
    )
