"""Whatever text a procedure is made of: a fault within it, never an exception, never for long."""

import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.procedures.expressions import (
    ExpressionFailed,
    ExpressionInvalid,
    Expressions,
    Kind,
    matches,
    names,
    renamed,
)
from core.procedures.patterns import TextInvalid
from core.procedures.source import parse
from core.procedures.texts import formatted, places, with_places_renamed
from tests.core.procedures.sources import sources
from tests.examples import examples

ODD = ["\0", "\ud800", "\ufeff", "\x85", "\u2028", "\r", "🙂", "か\u3099", "9" * 400, " " * 200]
YAML = [
    *ODD,
    *"{}[]:-?|>&*!%@`#,'\"~\n\t",
    "  ",
    "- ",
    ": ",
    "? ",
    "---\n",
    "...\n",
    "&a ",
    "*a",
    "<<: ",
    "!!python/object:os.system ",
    "1e999",
    ".nan",
    "steps:",
    "when: 'a +'",
    "{a, plural, other {",
    "values: {ab: ",
]
CEL = [
    *ODD,
    *"()[]{}+-*/?:!<.,'\"\\`\n",
    "aa",
    "bb",
    "cc",
    "answered",
    "&&",
    "||",
    "==",
    "//",
    " in ",
    "true",
    "null",
    "1",
    "1.5",
    "9223372036854775807",
    "size(",
    ".matches(",
    "'(a+)+$'",
    ".map(x, ",
    ".exists(x, ",
    "has(",
    "add_days(bb, ",
    "age_on(",
    "floor_to(aa, 0)",
    "timestamp(",
    "dyn(",
    "b'1'",
    "r'\\'",
    '"""',
    "[" * 40,
    "!" * 50,
]
ICU = [
    *ODD,
    *"{}'#,|《》｜\n名",
    "''",
    "{aa}",
    "{aa, ",
    "plural, ",
    "select, ",
    "number",
    "date, ",
    "long",
    "other ",
    "=1 ",
    "offset:1 ",
    "{aa, plural, other {",
    "{aa, select, v {",
    "}}",
    "::currency/JPY",
    "choice, 0#",
    "spellout",
    "{0}",
    "yyyy",
]
MANY = "[" + ",".join("1" * 100) + "]"
KNOWN = Expressions({"aa": Kind.NUMBER, "bb": Kind.TEXT, "cc": Kind.TEXTS, "answered": Kind.TRUTHS})


def made_of(parts: list[str], most: int = 30) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(parts), max_size=most).map("".join) | st.text(max_size=most)


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A source of which something was cut out, and into which something was put."""
    text = draw(sources())
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(made_of(YAML, 4)) + text[at + draw(st.integers(0, 20)) :]
    return text


def is_within(text: str, line: int, column: int) -> bool:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    return 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1


def within_a_second(work: Callable[[], None]) -> None:
    begun = time.thread_time()
    work()
    assert time.thread_time() - begun < 1


@given(broken() | made_of(YAML))
@examples(150)
def test_any_yaml_is_a_procedure_or_has_faults_within_it(text: str) -> None:
    def work() -> None:
        parsed = parse(text)
        assert parsed.procedure or parsed.problems
        assert all(is_within(text, one.line, one.column) for one in parsed.problems)

    within_a_second(work)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[" * 500_000, "is nested too deep"),
        ("- " * 250_000, "is nested too deep"),
        ("a: &b [1]\nc: *b", "b: anchors and aliases are not taken"),
        ("- " * 19 + "[" + "1," * 100_000 + "]", "more than 40000 values"),
        ("x" * 600_000, "longer than 524288 characters"),
        ("a: !!python/name:os.system x", "tags are not taken"),
        ("a: 1\n---\nb: 2", "a second document begins"),
        ("a: 1\na: 2", "a is there twice"),
        ("{a: 1, [b]: 2}", "a key is no text"),
        ("a: 'x\0'", "U+0000 cannot stand here"),
        ("", "is empty"),
        ("a: 'x", "found unexpected end of stream"),
    ],
)
def test_yaml_that_is_none_for_us_is_refused_by_its_first_fault(text: str, problem: str) -> None:
    def work() -> None:
        (fault,) = parse(text).problems
        assert fault.problem == problem
        assert is_within(text, fault.line, fault.column)

    within_a_second(work)


@given(made_of(CEL))
@examples(300)
def test_any_expression_comes_to_something_or_has_a_fault_within_it(text: str) -> None:
    def work() -> None:
        list(names(text))
        assert renamed(text, {}) == text
        try:
            expression = KNOWN.compile(text)
            expression.of({"aa": 3, "bb": "2026-04-01", "cc": ["va"], "answered": {}})
        except ExpressionInvalid as wrong:
            assert is_within(text, wrong.line, wrong.column)  # noqa: PT017 - not all are wrong.
        except ExpressionFailed:
            pass

    within_a_second(work)


@pytest.mark.parametrize(
    "text",
    [
        "add_days(bb, 9223372036854775807)",
        "add_months(bb, -9223372036854775807)",
        "floor_to(aa, 0)",
        "age_on('x', bb)",
        "aa / 0",
        "cc[7]",
        "9223372036854775807 + aa",
        "bb.matches('(')",
        f"{MANY}.all(x, {MANY}.all(y, {MANY}.all(z, z == 1)))",
    ],
)
def test_what_comes_to_nothing_says_so(text: str) -> None:
    expression = KNOWN.compile(text)

    with pytest.raises(ExpressionFailed):
        expression.of({"aa": 3, "bb": "2026-04-01", "cc": [], "answered": {}})


def test_an_expression_cannot_grow_what_it_makes_over_and_over() -> None:
    with pytest.raises(ExpressionInvalid, match="has more than 2 map"):
        KNOWN.compile("size(['aaaa']" + ".map(x, x + x)" * 3 + ")")
    with pytest.raises(ExpressionFailed, match="comes to more than 10000"):
        KNOWN.compile(" + ".join(["bb"] * 20)).of({"bb": "x" * 1000})


@given(made_of(ICU))
@examples(300)
def test_any_message_is_filled_or_refused(text: str) -> None:
    def work() -> None:
        try:
            named = places(text)
        except TextInvalid:
            return
        for value in ("", "v", 0, 10**12, date(2026, 4, 1), "2026-04-01"):
            for locale in ("ja_JP@calendar=japanese", "en_US"):
                formatted(text, dict.fromkeys(named, value), locale)
        assert formatted(text, {}, "ja") is not None
        assert places(with_places_renamed(text, {"aa": "bb"})) == {
            "bb" if name == "aa" else name for name in named
        }

    within_a_second(work)


@given(made_of(["a", "(", ")", "*", "+", "{1000}", "?", "[", "]", "\\", "|", "^", "$", "é"]))
@examples(100)
def test_any_pattern_matches_or_is_none(pattern: str) -> None:
    def work() -> None:
        try:
            assert matches("a" * 2000, pattern) in {True, False}
        except ExpressionFailed:
            return

    within_a_second(work)
