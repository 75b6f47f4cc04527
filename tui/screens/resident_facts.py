"""How a resident's facts, standing and the ways to them read."""

from collections.abc import Sequence

from textual.content import Content

from todoke.v1 import residents_pb2 as pb
from todoke.v1.proxies_pb2 import Proxy, ProxyScope
from tui import formats
from tui.dates import birth
from tui.widgets.live_table import Toned
from tui.wording import Words

WIDE_BLANK = "\N{IDEOGRAPHIC SPACE}"


def name_of(of: "pb.ResidentSummary | pb.BasicFour") -> str:
    """Write the name as it is read aloud."""
    return spaced(of.name)


def spaced(name: str) -> str:
    """Write a name with a blank of one cell between its parts."""
    return formats.plain(name.replace(WIDE_BLANK, " "))


def scopes_of(words: Words, scopes: Sequence["ProxyScope.ValueType"]) -> str:
    return words("comma").join(words(f"scope.{ProxyScope.Name(scope)}") for scope in scopes)


def summary_state(words: Words, resident: pb.ResidentSummary) -> Toned:
    """Say in one cell whether anything may be sent; protection comes before all else."""
    if resident.suppressed:
        return Toned(words("standing.suppressed_short"), "bad")
    if resident.closed:
        return Toned(words("standing.closed_short"), "quiet")
    return Toned(words("standing.live_short"), "good")


def standing(words: Words, resident: pb.Resident) -> Content:
    """Say what stands out, a line each; empty where nothing does."""
    lines = []
    if resident.suppressed:
        lines.append((words("standing.suppressed"), "bold reverse"))
    if resident.closing_cause:
        cause = words(f"closing_cause.{pb.ClosingCause.Name(resident.closing_cause)}")
        lines.append(
            (words("standing.closed", cause=cause, date=resident.closing_date), "bold reverse")
        )
    if resident.stale_causes:
        causes = causes_of(words, resident.stale_causes)
        lines.append((words("standing.stale", causes=causes), "bold"))
    return Content("\n").join(Content.styled(text, style) for text, style in lines)


def causes_of(words: Words, causes: Sequence["pb.StaleCause.ValueType"]) -> str:
    return words("comma").join(
        words(f"stale_cause.{pb.StaleCause.Name(cause)}") for cause in causes
    )


def facts(words: Words, resident: pb.Resident) -> Content:
    """Write the four facts, how they were verified, and when."""
    four = resident.basic_four
    lines = [
        _line(
            (words("fact.name"), marked(words, four.name, four.name_substitutes)),
            (words("fact.birth_date"), birth(words, four.birth_date)),
            (words("fact.sex"), words(f"sex.{pb.Sex.Name(four.sex)}")),
        ),
        _line((words("fact.address"), marked(words, four.address, four.address_substitutes))),
        _line(
            (words("fact.assurance"), words(f"assurance.{pb.Assurance.Name(resident.assurance)}")),
            (
                words("fact.revocation"),
                words(f"revocation.{pb.Revocation.Name(resident.revocation)}"),
            ),
        ),
        _line(
            (words("fact.verified_at"), formats.day(resident.verify_time)),
            (words("fact.certificate_end"), formats.day(resident.certificate_expire_time)),
            (words("fact.registered_at"), formats.day(resident.create_time)),
            (words("fact.language"), language_of(words, resident.language)),
        ),
    ]
    if "1" in four.name_substitutes + four.address_substitutes:
        lines.append(Content.styled(words("substitute.legend"), "dim"))
    return Content("\n").join(lines)


def language_of(words: Words, language: str) -> str:
    return words.find(f"language.{language}") or language if language else words("none")


def marked(words: Words, text: str, substitutes: str) -> Content:
    """Write the text with a mark after each character that stands in for another."""
    parts = []
    for letter, flag in zip(text, substitutes.ljust(len(text), "0"), strict=False):
        shown = formats.plain(letter.replace(WIDE_BLANK, " "))
        parts.append(
            Content.styled(shown + words("substitute.mark"), "reverse")
            if flag == "1"
            else Content(shown)
        )
    return Content("").join(parts)


def proxy_end(words: Words, proxy: Proxy) -> str:
    """Say until when a proxy acts, or that it acts no more."""
    if proxy.HasField("end_time"):
        return words("proxy.ended", time=formats.day(proxy.end_time))
    return words("proxy.until", date=proxy.expire_date)


def _line(*pairs: tuple[str, str | Content]) -> Content:
    return Content("   ").join(
        Content.assemble((label, "dim"), " ", value) for label, value in pairs if value
    )
