"""Decides pairs by rule. Each step is a column; the first rule that fits a pair is its rule."""

import polars as pl

from core.matching.homes import Home
from core.matching.likeness import Likeness
from core.matching.namesakes import paired_off
from core.matching.pairs import Class, Decision, Links, Rule
from core.normalise import Variants

_SEXES = ("1", "2")
_SHORTEST_NAME = 2
_WHOLE_NAME = 4
_LATIN = "^[A-Z ]+$"

_CLASSES = {
    Rule.EXACT: Class.EXACT,
    Rule.SUBSTITUTED_CHARACTERS: Class.NORMALISED,
    Rule.VARIANT_CHARACTERS: Class.VARIANT_CHARACTERS,
    Rule.VARIANT_CHARACTERS_ADDRESS_DIFFERS: Class.VARIANT_CHARACTERS,
    Rule.ADDRESS_DIFFERS: Class.ADDRESS_DIFFERS,
    Rule.ADDRESS_NEAR: Class.ADDRESS_DIFFERS,
    Rule.ADDRESS_INCOMPLETE: Class.ADDRESS_DIFFERS,
    Rule.BUILDING_DIFFERS: Class.ADDRESS_DIFFERS,
    Rule.SUBSTITUTED_ADDRESS_DIFFERS: Class.ADDRESS_DIFFERS,
    Rule.NAME_DIFFERS: Class.NAME_DIFFERS,
    Rule.NAME_PART_MISSING: Class.NAME_DIFFERS,
    Rule.BIRTH_DATE_DIFFERS: Class.BIRTH_DATE_DIFFERS,
    Rule.SEX_DIFFERS: Class.CONFLICTING,
    Rule.CONFLICTING: Class.CONFLICTING,
    Rule.LINKED_ALREADY: Class.CONFLICTING,
}

_always = pl.lit(value=True)
_like, _home = pl.col("like"), pl.col("home")
_same_day = pl.col("birth") == "same"
_named = _like >= Likeness.SURE
_at_home = _home == Home.SAME
_in_block = _home >= Home.WILD
_one_linked = pl.col("mine_linked") | pl.col("theirs_linked")
_both_linked = pl.col("mine_linked") & pl.col("theirs_linked")


def decided(pairs: pl.DataFrame, known: Links, variants: Variants) -> pl.DataFrame:
    """Return the new pairs with class, decision and rule, by entitlement and registration id."""
    facts = pairs.with_columns(
        contradicts=_contradicts(),
        doubts=_doubts(),
        certain_name=_certain_name(),
        form=_form(variants),
        mine_linked=_is_in("id", known.registrations),
        theirs_linked=_is_in("id_e", known.entitled),
    )
    agrees = _same_day & _named & pl.col("certain_name") & _at_home & ~pl.col("doubts")
    facts = _with_rivals(_with_known(facts.with_columns(agrees=agrees), known))
    facts = facts.with_columns(free=~pl.col("suppressed") & ~_one_linked & ~pl.col("crowded"))
    apart = paired_off(facts).with_columns(apart=pl.lit(value=True))
    facts = facts.join(apart, on=["r", "e"], how="left").filter(~pl.col("known"))
    certain = (pl.col("rivals") == 0) | pl.col("apart").fill_null(value=False)
    facts = facts.with_columns(accepted=pl.col("agrees") & pl.col("free") & certain)
    linked = facts.filter("accepted")
    facts = facts.with_columns(
        mine_linked=pl.col("mine_linked") | pl.col("r").is_in(linked["r"].implode()),
        theirs_linked=pl.col("theirs_linked") | pl.col("e").is_in(linked["e"].implode()),
    )
    return _result(facts.with_columns(rule=_rule()).filter(pl.col("rule").is_not_null()))


def _contradicts() -> pl.Expr:
    """Whether one is told to be a man and the other a woman."""
    sexes = list(_SEXES)
    return pl.col("sex").is_in(sexes) & pl.col("sex_e").is_in(sexes) & _doubts()


def _doubts() -> pl.Expr:
    mine, theirs = pl.col("sex"), pl.col("sex_e")
    return (mine != "") & (theirs != "") & (mine != theirs)


def _certain_name() -> pl.Expr:
    """Whether a family and a given name are told: in two words, or in so many characters."""
    key, other = pl.col("key"), pl.col("key_e")
    parted = (pl.col("words") > 1) | (pl.col("words_e") > 1)
    shortest = pl.min_horizontal(key.str.len_chars(), other.str.len_chars())
    words = key.str.contains(" ", literal=True) | other.str.contains(" ", literal=True)
    whole = pl.when(_both_latin()).then(words).otherwise(parted | (shortest >= _WHOLE_NAME))
    return whole & (shortest >= _SHORTEST_NAME)


def _both_latin() -> pl.Expr:
    return pl.col("key").str.contains(_LATIN) & pl.col("key_e").str.contains(_LATIN)


def _form(variants: Variants) -> pl.Expr:
    """Return by which rule two names are spellings of one; null if they are equal as written."""
    mine, theirs = pl.col("written"), pl.col("written_e")
    table = dict(variants.table)
    folded = [name.str.replace_many(list(table), list(table.values())) for name in (mine, theirs)]
    substituted = (_like == Likeness.SURE) | pl.col("address_substituted")
    return _first(
        (
            substituted | pl.col("name_flags").str.contains("1", literal=True),
            Rule.SUBSTITUTES_AGREE,
        ),
        (mine == theirs, pl.lit(None, dtype=pl.String)),
        (folded[0] == folded[1], Rule.VARIANT_CHARACTERS),
        (_both_latin(), Rule.LATIN_FORMS),
        (pl.col("key") != pl.col("key_e"), Rule.ALIAS),
        (_always, Rule.KANA_FORMS),
    )


def _with_rivals(facts: pl.DataFrame) -> pl.DataFrame:
    """Count who else of either side could be the one, whatever their address."""
    could_be = (
        pl.col("birth").is_in(["same", "compatible"])
        & (_like >= Likeness.PART)
        & ~pl.col("contradicts")
    )
    facts = facts.with_columns(could_be=could_be)
    # The pair itself is counted on both sides.
    both = pl.col("could_be").sum().over("r").cast(pl.Int64) + pl.col("could_be").sum().over("e")
    return facts.with_columns(rivals=both - 2)


def _is_in(column: str, ids: frozenset[str]) -> pl.Expr:
    return pl.col(column).is_in(pl.Series(sorted(ids), dtype=pl.String).implode())


def _with_known(facts: pl.DataFrame, known: Links) -> pl.DataFrame:
    """Mark pairs that were proposed before: they still are what somebody else could be."""
    pairs = pl.DataFrame(
        sorted(known.pairs), schema={"id": pl.String, "id_e": pl.String}, orient="row"
    ).with_columns(known=pl.lit(value=True))
    facts = facts.join(pairs, on=["id", "id_e"], how="left")
    return facts.with_columns(pl.col("known").fill_null(value=False))


def _accepting() -> pl.Expr:
    """Return the rule by which an accepted pair is one."""
    return _first(
        (pl.col("rivals") > 0, Rule.ADDRESS_SEPARATES),
        (pl.col("form").is_not_null(), pl.col("form")),
        (pl.col("without_building"), Rule.BUILDING_MISSING),
        ((pl.col("sex") == "") | (pl.col("sex_e") == ""), Rule.WITHOUT_SEX),
        (_as_written(), Rule.EXACT),
        (_always, Rule.NORMALISED),
    )


def _as_written() -> pl.Expr:
    written = (pl.col("name") == pl.col("name_e")) & (pl.col("address") == pl.col("address_e"))
    return written & (pl.col("sex") == pl.col("sex_e")) & (pl.col("sex") != "")


def _rule() -> pl.Expr:
    """Return the rule of a pair; null where the two are no pair to look at."""
    contradicts, certain = pl.col("contradicts"), pl.col("certain_name")
    alone = ~_one_linked & ~contradicts
    namesakes = _same_day & (_like >= Likeness.WILD)
    return _first(
        (pl.col("accepted"), _accepting()),
        (namesakes & contradicts, _if(_at_home & _named & ~_one_linked, Rule.SEX_DIFFERS)),
        (namesakes & _one_linked, _if(_named & ~_both_linked & certain, Rule.LINKED_ALREADY)),
        (namesakes & _at_home, _of_one_home()),
        (namesakes, _first((certain, _of_another_home()))),
        (_same_day & (_like == Likeness.PART), _if(alone & _in_block, Rule.NAME_PART_MISSING)),
        (_same_day, _if(alone & (_at_home | (_home == Home.WILD)), Rule.NAME_DIFFERS)),
        (
            pl.col("birth") == "compatible",
            _if(alone & (_like >= Likeness.WILD) & _in_block, Rule.BIRTH_DATE_UNKNOWN),
        ),
        (_always, _if(alone & _named & _at_home, Rule.BIRTH_DATE_DIFFERS)),
    )


def _of_one_home() -> pl.Expr:
    return _first(
        (_like == Likeness.WILD, Rule.SUBSTITUTED_CHARACTERS),
        (~pl.col("certain_name"), Rule.NAME_INCOMPLETE),
        (pl.col("doubts"), Rule.SEX_DIFFERS),
        (pl.col("suppressed"), Rule.RESIDENT_SUPPRESSED),
        (_always, Rule.CONFLICTING),
    )


def _of_another_home() -> pl.Expr:
    variant = pl.col("form") == Rule.VARIANT_CHARACTERS.value
    return _first(
        (_home == Home.WILD, Rule.SUBSTITUTED_CHARACTERS),
        (_like < Likeness.EQUAL, Rule.SUBSTITUTED_ADDRESS_DIFFERS),
        (_home == Home.OTHER_BUILDING, Rule.BUILDING_DIFFERS),
        (_home == Home.NEAR, Rule.ADDRESS_NEAR),
        (_home == Home.UNSURE, Rule.ADDRESS_INCOMPLETE),
        (variant, Rule.VARIANT_CHARACTERS_ADDRESS_DIFFERS),
        (_always, Rule.ADDRESS_DIFFERS),
    )


def _if(condition: pl.Expr, rule: Rule) -> pl.Expr:
    return _first((condition, rule))


def _first(*steps: tuple[pl.Expr, Rule | pl.Expr]) -> pl.Expr:
    """Return what stands with the first condition that holds, or null."""
    found: pl.Expr = pl.lit(None, dtype=pl.String)
    for condition, rule in reversed(steps):
        value = pl.lit(rule.value) if isinstance(rule, Rule) else rule
        found = pl.when(condition).then(value).otherwise(found)
    return found


def _result(facts: pl.DataFrame) -> pl.DataFrame:
    of_rule = {rule.value: match_class.value for rule, match_class in _CLASSES.items()}
    of_form = (
        pl.when(pl.col("form") == Rule.VARIANT_CHARACTERS.value)
        .then(pl.lit(Class.VARIANT_CHARACTERS.value))
        .when(_as_written())
        .then(pl.lit(Class.EXACT.value))
        .otherwise(pl.lit(Class.NORMALISED.value))
    )
    accepted = pl.when("accepted").then(pl.lit(Decision.ACCEPTED.value))
    return facts.select(
        registration_id="id",
        entitled_id="id_e",
        match_class=pl.col("rule").replace_strict(of_rule, default=of_form, return_dtype=pl.String),
        decision=accepted.otherwise(pl.lit(Decision.TO_REVIEW.value)),
        rule="rule",
    ).sort("entitled_id", "registration_id")
