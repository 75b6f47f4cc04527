"""Every fault of a source is told where it is, for who writes it in an editor."""

import pytest

from core.procedures.source import Severity, parse

HEAD = """key: faulty
title: 題
languages: [ja]
"""
"""Three lines before what each test writes."""


@pytest.mark.parametrize(
    ("body", "line", "column", "problem"),
    [
        ("steps:\n  - {key: aa, says: 問い, number: {most: x}}", 5, 40, "valid integer"),
        ("steps:\n  - {key: aa, says: 問い}", 5, 5, "must have one block"),
        ("steps:\n  - {key: aa, says: 問い, text: , info: }", 5, 5, "it has text, info"),
        ("steps:\n  - {key: aa, says: 問い, texts: }", 5, 5, "it has texts"),
        ("steps:\n  - {key: aa, says: {en: x}, info: }", 5, 21, "has no ja"),
        ("steps:\n  - {key: aa, says: '{b', info: }", 5, 21, "ja: {b is not closed"),
        ("steps:\n  - {key: aa, says: '{bb}', info: }", 5, 22, "{bb} is filled by nothing"),
        ("steps:\n  - {key: aa, says: x, wehn: '1', info: }", 5, 30, "Extra inputs"),
        ("steps: []", 4, 8, "at least 1 item"),
        ("steps:\n  - {key: A, says: x, info: }", 5, 11, "should match pattern"),
        ("steps:\n  - {key: today, says: x, info: }", 5, 11, "has a meaning of its own"),
        ("steps:\n  - {key: aa, says: x, info: , when: 'bb > 1'}", 5, 39, "undeclared reference"),
        ("steps:\n  - {key: aa, says: x, info: , when: 1 + 2}", 5, 38, "comes to int"),
        (
            "steps:\n  - key: aa\n    says: x\n    info:\n    when: |\n      true &&\n        bb",
            10,
            9,
            "undeclared reference",
        ),
        ("steps:\n  - {key: aa, says: x, info: , when: aa}", 5, 38, "is asked later than aa"),
        (
            """steps:
  - {key: aa, says: x, info: , when: answered.bb}
  - {key: bb, says: x, info: }""",
            5,
            38,
            "bb is asked later than aa",
        ),
        ("steps:\n  - {key: aa, says: x, info: , when: answered.zz}", 5, 38, "answered has no zz"),
        (
            "steps:\n  - {key: aa, says: x, info: , when: 'resident[\"age\"] == 1'}",
            5,
            39,
            "resident is named as a whole",
        ),
        ("steps:\n  - {key: aa, says: '{aa}', text: }", 5, 22, "aa is asked later"),
        ("steps:\n  - {key: aa, says: '{name, plural, other {#}}', text: }", 5, 22, "is no number"),
        ("values: {vv: 'aa + 1'}\nsteps:\n  - {key: aa, says: x, text: }", 4, 18, "no matching"),
        (
            "values: {vv: held}\nsteps:\n  - {key: aa, says: x, text: }",
            4,
            14,
            "held is named as a whole",
        ),
        ("amount: aa\nsteps:\n  - {key: aa, says: x, text: }", 4, 9, "is no number"),
        ("steps:\n  - {key: aa, says: x, info: , optional: true}", 5, 42, "means nothing"),
        ("steps:\n  - {key: aa, says: x, coupon: , staff: true}", 5, 41, "given by residents"),
        (
            """steps:
  - {key: aa, says: x, text: , staff: true}
  - {key: bb, says: x, info: , when: 'aa == ""'}""",
            6,
            39,
            "aa is answered by staff",
        ),
        (
            "steps:\n  - {key: aa, says: x, choice: {options: [{value: bb, label: y, hlep: z}]}}",
            5,
            71,
            "Extra inputs",
        ),
    ],
)
def test_a_fault_is_told_by_its_line_and_column(
    body: str, line: int, column: int, problem: str
) -> None:
    parsed = parse(HEAD + body)

    first = parsed.problems[0]
    assert problem in first.problem
    assert (first.line, first.column, first.severity) == (line, column, Severity.ERROR)
    assert parsed.procedure is None


def test_a_missing_language_and_a_secret_told_in_a_chat_are_warnings() -> None:
    parsed = parse(
        "key: warned\ntitle: {ja: 題, en: Title}\nlanguages: [ja, en]\nsteps:\n"
        "  - {key: aa, says: {ja: 問い, en: Why}, text: , sensitive: true}\n"
        "  - {key: bb, says: {ja: '{aa}ですか'}, text: }\n"
    )

    assert parsed.procedure is not None
    assert [(one.severity, one.line, one.problem) for one in parsed.problems] == [
        (Severity.WARNING, 6, "has no en"),
        (
            Severity.WARNING,
            6,
            "tells aa, which is sensitive, where it may stand in a chat",
        ),
    ]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("text: , for_segments: true", "only an answer of choice or choices is kept for segments"),
        (
            "choice: {options: [{value: vv, label: 値}]}, for_segments: true, sensitive: true",
            "what is sensitive, or answered by staff, is not kept for segments",
        ),
    ],
)
def test_only_what_is_chosen_openly_is_kept_for_segments(step: str, problem: str) -> None:
    parsed = parse(f"key: marked\ntitle: 題\nsteps:\n  - {{key: aa, says: 問い, {step}}}\n")

    assert [one.problem for one in parsed.problems] == [problem]


def test_of_very_many_faults_the_first_are_told() -> None:
    parsed = parse(HEAD + "steps:\n" + "  - {}\n" * 5_000)

    assert len(parsed.problems) == 200
