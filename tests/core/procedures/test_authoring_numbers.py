"""The numbers of versions, where the town publishes and an upgrade brings what ships anew."""

from dataclasses import replace
from functools import partial

import pytest

from core.callers import Caller, Role
from core.etags import ChangedMeanwhile
from core.procedures import actions
from core.procedures.catalogue import Catalogue
from core.procedures.definition import ProcedureUnknown
from core.procedures.loading import Shipped, compiled
from core.procedures.using import resolving
from tests.core.procedures.authoring import SWIM
from tests.town import MUNICIPALITY, Town

AUTHOR = Caller(MUNICIPALITY, "mori", frozenset({Role.PROCEDURE_AUTHOR}))


def shipping(version: int, title: str) -> Catalogue:
    """Return the catalogue of a release that ships this."""
    source = f"version: {version}\n" + SWIM.replace("水泳教室", title)
    return Catalogue({"swim": Shipped(source, compiled(source, "swim"))})


class Hall:
    """A city hall that goes from release to release."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.release = shipping(1, "一")

    async def begun(self) -> tuple[int, str]:
        """Begin a conversation; return the version it keeps, and that version's title."""

        def work(session):
            now = self.town.clock()
            found = self.release.in_force(session, MUNICIPALITY, "swim", now)
            self.release.keep(session, MUNICIPALITY, found, now)
            return found.version, found.title["ja"]

        return await self.town.running.db.write(work)

    async def goes_on(self, version: int) -> str:
        def work(session):
            return self.release.version(session, MUNICIPALITY, "swim", version)

        return (await self.town.read(work)).title["ja"]

    async def publishes(self, title: str) -> int:
        def work(session):
            now = self.town.clock()
            draft = actions.save_draft(
                session, AUTHOR, key="swim", source=SWIM.replace("水泳教室", title), etag="",
                known=self.release, now=now,
            )  # fmt: skip
            row = actions.publish(
                session, AUTHOR, key="swim", etag=draft.etag, publish_time=now, reason="x",
                known=self.release, now=now,
            )  # fmt: skip
            return row.version

        return await self.town.running.db.write(work)


async def test_an_upgrade_is_begun_and_what_is_under_way_keeps_what_shipped_before(
    a_town: Town,
) -> None:
    hall = Hall(a_town)
    before = await hall.begun()

    hall.release = shipping(2, "二")
    after = await hall.begun()

    assert (before, after) == ((1, "一"), (2, "二"))
    assert await hall.goes_on(1) == "一"
    assert await hall.goes_on(2) == "二"


async def test_no_number_of_the_towns_comes_to_mean_what_ships_later(a_town: Town) -> None:
    hall = Hall(a_town)
    assert await hall.publishes("町") == 2

    hall.release = shipping(2, "二")

    assert await hall.begun() == (2, "町")
    assert await hall.goes_on(1) == "一"
    assert await hall.publishes("町二") == 3


async def test_what_ships_is_kept_with_what_it_uses(a_town: Town) -> None:
    hall = Hall(a_town)
    camp = "key: camp\ntitle: 合宿\nsteps:\n- {key: pool, procedure: {use: swim, version: 1}}\n"
    using = compiled(camp, "camp", resolving({("swim", 1): hall.release.shipped["swim"].source}))
    first = Catalogue({**hall.release.shipped, "camp": Shipped(camp, using)})
    hall.release = first

    def begun(session):
        now = a_town.clock()
        found = first.in_force(session, MUNICIPALITY, "camp", now)
        first.keep(session, MUNICIPALITY, found, now)
        return found.version

    number = await a_town.running.db.write(begun)
    await hall.publishes("町")
    hall.release = shipping(2, "二")

    def goes_on(session):
        return hall.release.version(session, MUNICIPALITY, "camp", number)

    procedure = await a_town.read(goes_on)
    assert [step.key for step in procedure.steps] == ["pool_who", "pool_how_many"]
    assert await hall.goes_on(1) == "一"
    assert await hall.goes_on(2) == "町"


async def test_a_release_that_changed_its_source_without_its_number_gets_another(
    a_town: Town,
) -> None:
    hall = Hall(a_town)
    assert await hall.begun() == (1, "一")

    hall.release = shipping(1, "直した一")

    assert await hall.begun() == (2, "直した一")
    assert await hall.begun() == (2, "直した一")
    assert await hall.goes_on(1) == "一"


async def test_what_is_no_version_of_the_town_is_not_kept(a_town: Town) -> None:
    hall = Hall(a_town)
    await hall.publishes("町")
    now = a_town.clock()
    ships = hall.release.shipped["swim"].procedure

    for wrong, refusal in (
        (replace(ships, version=2), ChangedMeanwhile),
        (replace(ships, key="sing"), ProcedureUnknown),
    ):
        keep = partial(hall.release.keep, municipality=MUNICIPALITY, procedure=wrong, now=now)
        with pytest.raises(refusal):
            await a_town.running.db.write(keep)


async def test_a_version_that_was_rolled_back_is_not_remembered(a_town: Town) -> None:
    hall = Hall(a_town)

    def fails(session) -> None:
        found = hall.release.in_force(session, MUNICIPALITY, "swim", a_town.clock())
        hall.release.keep(session, MUNICIPALITY, found, a_town.clock())
        hall.release.version(session, MUNICIPALITY, "swim", 1)
        raise ValueError("rolled back")

    with pytest.raises(ValueError, match="rolled back"):
        await a_town.running.db.write(fails)
    hall.release.shipped = {}

    with pytest.raises(ProcedureUnknown):
        await hall.goes_on(1)
