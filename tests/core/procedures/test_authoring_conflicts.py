"""What two towns made of one procedure is put together; of what both changed people decide."""

import pytest

from tests.core.procedures.authoring import SWIM, publish, put_in_force
from tests.core.procedures.two_towns import authors, exported, imported
from tests.town import Town
from todoke.client import CoreError
from todoke.v1 import procedures_pb2 as pb


async def test_what_either_town_changed_is_put_together_and_disputes_are_told(
    two_towns: Town,
) -> None:
    soja, okayama = await authors(two_towns)
    await publish(soja)
    taken = await imported(okayama, (await exported(soja)).package)
    ours = SWIM.replace("ja: 水泳教室", "ja: 岡山水泳教室").replace(
        "    number: {most: 9}", "    # 会場が小さい\n    number: {most: 5}"
    )
    await publish(okayama, ours)
    theirs = SWIM.replace("most: 9", "most: 30").replace("label: おとな", "label: 大人")
    await publish(soja, theirs)

    package = (await exported(soja)).package
    compared = await okayama.ask(
        okayama.procedures.ComparePackage, pb.ComparePackageRequest(package=package)
    )
    with pytest.raises(CoreError, match="FIELD_INVALID"):
        await imported(okayama, package, theirs=["title.ja"])
    taken = await imported(okayama, package)
    again = await okayama.ask(
        okayama.procedures.ComparePackage, pb.ComparePackageRequest(package=package)
    )

    assert taken.draft.source == ours.replace("label: おとな", "label: 大人")
    assert [(one.path, one.before, one.ours, one.theirs) for one in taken.conflicts] == [
        ("steps.how_many.number.most", "9", "5", "30")
    ]
    assert (taken.origin, taken.comments_lost) == ("332089:2", False)
    assert compared.conflicts == taken.conflicts
    assert (compared.key, compared.origin, compared.etag) == ("swim", "332089:2", "")
    assert (list(again.conflicts), again.etag) == ([], taken.draft.etag)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_theirs_stands_in_those_disputes_in_which_the_town_yields(two_towns: Town) -> None:
    soja, okayama = await authors(two_towns)
    await publish(soja)
    taken = await imported(okayama, (await exported(soja)).package)
    await put_in_force(okayama, taken.draft)
    ours = SWIM.replace("most: 9", "most: 5").replace("おとな", "18歳以上")
    await publish(okayama, ours)
    await publish(soja, SWIM.replace("most: 9", "most: 30").replace("おとな", "大人"))

    place = "steps.how_many.number.most"
    taken = await imported(okayama, (await exported(soja)).package, theirs=[place])

    assert "most: 30" in taken.draft.source
    assert "label: 18歳以上" in taken.draft.source
    assert [one.path for one in taken.conflicts] == ["steps.who.choice.options.adult.label"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_comment_that_goes_with_its_step_is_told(two_towns: Town) -> None:
    soja, okayama = await authors(two_towns)
    step = (
        "  # 帽子\n  - key: cap\n    says: 帽子は要りますか。\n    when: how_many > 8\n    info:\n"
    )
    longer = SWIM.replace("values:\n", f"{step}values:\n", 1)
    await publish(soja, longer)
    taken = await imported(okayama, (await exported(soja)).package)
    await put_in_force(okayama, taken.draft)
    await publish(okayama, longer.replace("most: 9", "most: 5"))
    await publish(soja, SWIM)

    taken = await imported(okayama, (await exported(soja)).package)

    assert (list(taken.conflicts), taken.comments_lost) == ([], True)
    assert taken.draft.source == SWIM.replace("most: 9", "most: 5")
