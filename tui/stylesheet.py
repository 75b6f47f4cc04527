"""Styles that are parsed once: Textual parses them all again at each start, theme and reading."""

from functools import cache

from textual.css.model import RuleSet
from textual.css.parse import parse
from textual.css.stylesheet import CssSource, Stylesheet
from textual.css.tokenize import tokenize_values
from textual.css.types import CSSLocation

Variables = tuple[tuple[str, str], ...]


class ParsedOnce(Stylesheet):
    """What is written is parsed once for each set of colours, whoever shows it."""

    def reparse(self) -> None:
        """Apply new colours."""
        self.parse()

    def _parse_rules(
        self,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,  # noqa: FBT001, FBT002 - as Textual has it.
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        source = CssSource(css, is_default_rules, tie_breaker, scope)
        return _parsed(tuple(self._variables.items()), read_from, source)


@cache
def _parsed(variables: Variables, read_from: CSSLocation, source: CssSource) -> list[RuleSet]:
    rules = parse(
        source.scope,
        source.content,
        read_from,
        variable_tokens=tokenize_values(dict(variables)),
        is_default_rules=source.is_defaults,
        tie_breaker=source.tie_breaker,
    )
    return list(rules)
