"""Every group of cases, by name; one seed makes the same choices in every run.

The keys alone are new in each run: which bits are changed is chosen by the seed, what they mean is
not, and no verdict hangs on it.
"""

from collections.abc import Callable, Iterator
from random import Random

from tests.core.registration.identity_oracle import (
    broken_facts,
    contents,
    encoding,
    good,
    issuers,
    list_kinds,
    lists,
)
from tests.core.registration.identity_oracle.world import Case, World

SEED = 20260601

GROUPS: dict[str, Callable[[World, Random], Iterator[Case]]] = {
    make.__name__: make
    for make in (
        good.generations,
        good.optional_extensions,
        good.birth_dates,
        good.holders,
        good.card_simulator,
        good.times,
        broken_facts.broken_facts,
        issuers.issuing_keys,
        issuers.issuing_times,
        issuers.issuer_names,
        issuers.longer_ways,
        issuers.authorities,
        contents.policy,
        contents.key_usage,
        contents.purposes,
        contents.holder_constraints,
        contents.critical_extensions,
        contents.holder_keys,
        contents.serials,
        encoding.versions,
        encoding.hashes,
        encoding.signatures,
        encoding.tampering,
        encoding.lengths,
        encoding.doubles,
        encoding.text_signatures,
        lists.freshness,
        lists.reasons,
        lists.list_issuers,
        list_kinds.scopes,
        list_kinds.places,
        list_kinds.deltas,
        list_kinds.broken_lists,
        list_kinds.several,
        list_kinds.other_issuers_lines,
        list_kinds.refused_anyway,
    )
}


def cases(world: World, group: str) -> list[Case]:
    return list(GROUPS[group](world, Random(f"{SEED} {group}")))
