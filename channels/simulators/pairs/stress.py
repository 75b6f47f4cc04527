"""People made to be taken for one another: twins, namesakes, fathers and sons, sparse rows.

Whatever is made here can be told apart, or seen to be doubtful, by what the two files say.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from channels.simulators.pairs import content, latin, look_alikes
from channels.simulators.pairs.addresses import FLAT, NUMBER
from channels.simulators.pairs.corruptions import Corrupter
from channels.simulators.pairs.foreign import LatinName
from channels.simulators.pairs.look_alikes import BOTH, CARD, OF_TWO, ROW, Seen
from channels.simulators.pairs.names import FEMALE, MALE, draw_given_name, draw_surname, word
from channels.simulators.pairs.ordinary import Population, Shares
from channels.simulators.pairs.people import TODAY, YEAR, Person
from channels.simulators.pairs.places import Home, Homes, Municipality
from channels.simulators.pairs.spelling import replaced
from channels.simulators.pairs.subjects import Group, Label, Subject, card_of, row_of

NO_READING = ("", "", "")


class StressPopulation:
    """Groups of look-alikes without end; one group in six is an ordinary household."""

    def __init__(self, random: Random, place: Municipality, shares: Shares) -> None:
        self._random = random
        self._place = place
        self._ordinary = Population(random, place, shares)
        self._homes = Homes(random, place.towns)
        self._corrupter = Corrupter(random, place)
        self._scenes: tuple[Callable[[], Group], ...] = (
            *(self._twins, self._twins, self._close_twins, self._close_twins),
            *(self._hidden_twins, self._hidden_twins, self._hidden_twins),
            *(self._namesakes, self._namesakes, self._sparse_namesakes),
            *(self._father_and_son, self._born_on_one_day, self._in_a_former_home),
            *(self._twins_abroad, self._alias_of_another, self._sparse, self._one_sided),
        )

    def groups(self) -> Iterator[Group]:
        ordinary = self._ordinary.groups()
        while True:
            if self._random.random() < 1 / 6:
                yield next(ordinary)
            else:
                yield self._random.choice(self._scenes)()

    def _twins(self) -> Group:
        """Make twins or triplets whose given names differ in one character."""
        return self._siblings(Label.MUST_ACCEPT, "twins", close=False)

    def _close_twins(self) -> Group:
        """Make the same, of characters that look alike."""
        return self._siblings(Label.MAY_REVIEW, "close_twins", close=True)

    def _siblings(self, label: Label, name: str, *, close: bool) -> Group:
        random = self._random
        people = self._draw_siblings(close=close)
        seen: tuple[Seen, ...] = random.choice(OF_TWO)
        if random.random() < 0.2:
            seen = (*seen, random.choice((BOTH, CARD, ROW)))
        return self._group(people, seen, label, name)

    def _hidden_twins(self) -> Group:
        """Make twins of whose names the card or the roster does not tell the one character."""
        people = self._draw_siblings(close=self._random.random() < 0.3)
        group = self._group(
            people[:2], self._of_two(), Label.MAY_REVIEW, "hidden_twins", plain=True
        )
        for subject in group.subjects:
            other = people[1] if subject.person is people[0] else people[0]
            self._hide(subject, other)
        return group

    def _hide(self, subject: Subject, other: Person) -> None:
        """Flag the one character on the card, or put 〓 for it, on one side or on both."""
        mine, others = subject.person.given.text, other.given.text
        at = next(n for n, (a, b) in enumerate(zip(mine, others, strict=True)) if a != b)
        how = self._random.choice(("flag", "other", "card", "roster", "roster", "both"))
        for card in subject.cards if how != "roster" else []:
            place = len(subject.person.surname.held) + 1 + at
            text = {"flag": mine[at], "other": others[at]}.get(how, "〓")
            card.name = replaced(card.name, place, text)
            card.name_flags = replaced(card.name_flags, place, "1")
        for row in subject.rows if how in ("roster", "both") else []:
            row.name = replaced(row.name, len(subject.person.surname.text) + 1 + at, "〓")

    def _namesakes(self) -> Group:
        """Make two of one name and one birth date: in one building, in one town, or far apart."""
        one, kind = self._draw_person(), self._random.choice(("building", "town", "far"))
        home = self._homes.draw_flat() if kind == "building" else one.home
        one = replace(one, home=home)
        others = {
            "building": lambda: self._homes.draw_neighbour(home),
            "town": lambda: self._near(home),
            "far": lambda: self._far_from(home),
        }
        other = replace(one, home=others[kind]())
        # Without building or room, two of one building could not be told apart.
        return self._group(
            [one, other],
            self._of_two(),
            Label.MAY_REVIEW,
            f"namesakes_{kind}",
            plain=kind == "building",
        )

    def _sparse_namesakes(self) -> Group:
        """Make two namesakes of one town; of one the roster has neither number nor sex."""
        one = self._draw_person()
        other = replace(one, home=self._near(one.home))
        group = self._group(
            [one, other], self._of_two(), Label.MAY_REVIEW, "sparse_namesakes", plain=True
        )
        for row in group.subjects[-1].rows:
            row.address[NUMBER] = row.address[FLAT] = ""
            row.sex = self._random.choice(("", row.sex))
        return group

    def _father_and_son(self) -> Group:
        """Make two of one name at one home; a roster may not know when they were born."""
        father = self._draw_person(MALE)
        son = replace(father, born=min(TODAY - 1, father.born + int(YEAR * self._up_to(20, 35))))
        known = self._random.random() < 0.6
        label = Label.MUST_ACCEPT if known else Label.MAY_REVIEW
        group = self._group([father, son], self._of_two(), label, "father_and_son", plain=not known)
        for subject in [] if known else group.subjects:
            for row in subject.rows:
                row.birth = self._random.choice(("", row.birth))
        return group

    def _born_on_one_day(self) -> Group:
        """Make a couple born on one day, of whose given names one begins with the other."""
        one = replace(self._draw_person(MALE), given=word("真", "マコト"))
        other = replace(one, given=word("真弓", "マユミ"), sex=FEMALE)
        return self._group([one, other], self._of_two(), Label.MUST_ACCEPT, "born_on_one_day")

    def _in_a_former_home(self) -> Group:
        """Make a person who lives where a namesake of one birth date lived before.

        The roster still has one of them at that home, and there is a second card, or a second row,
        of the name. Two who exchanged homes, with two cards and two old rows, nobody could tell.
        """
        one = self._draw_person()
        other = replace(one, home=self._far_from(one.home))
        group = self._group(
            [one, other], (BOTH, BOTH), Label.MAY_REVIEW, "in_a_former_home", plain=True
        )
        mine, others = group.subjects
        mine.rows[0].address, others.rows[0].address = others.rows[0].address, mine.rows[0].address
        if self._random.random() < 0.5:
            others.cards.clear()
        else:
            mine.rows.clear()
        return group

    def _twins_abroad(self) -> Group:
        """Make twins whose Latin names share all but a part, or have one part in two places."""
        sex, family, first, second = self._random.choice(look_alikes.ABROAD)
        one, other = (
            replace(self._draw_person(sex), latin=LatinName(family, *names, NO_READING))
            for names in (first, second)
        )
        other = replace(other, born=one.born, home=one.home)
        group = self._group(
            [one, other], self._of_two(), Label.MAY_REVIEW, "twins_abroad", plain=True
        )
        if first[0] == second[0] and group.subjects[0].rows:
            latin.middle_missing(self._random, group.subjects[0])
        return group

    def _alias_of_another(self) -> Group:
        """Make a foreigner whose alias is the name of someone else of one birth date, far away."""
        one = self._draw_person()
        abroad = replace(
            one, home=self._far_from(one.home), latin=LatinName("WANG", "XIAOMING", "", NO_READING)
        )
        group = self._group(
            [abroad, one], self._of_two(), Label.MAY_REVIEW, "alias_of_another", plain=True
        )
        for card in group.subjects[0].cards:
            alias = f"（{one.surname.held}　{one.given.held}）"
            card.name += alias
            card.name_flags += f"0{one.surname.flags}0{one.given.flags}0"
        return group

    def _sparse(self) -> Group:
        """Make a row that lacks two or three of sex, number and birth date."""
        group = self._group([self._draw_person()], (BOTH,), Label.MAY_REVIEW, "", plain=True)
        subject = group.subjects[0]
        lacks = self._random.sample(("sex", "number", "birth"), self._random.choice((2, 3)))
        subject.tags.append("sparse")
        if "sex" in lacks:
            subject.rows[0].sex = ""
        if "number" in lacks:
            content.number_absent(self._random, subject)
        if "birth" in lacks:
            content.birth_unknown(self._random, subject)
        return group

    def _one_sided(self) -> Group:
        """Make somebody of whom only one side knows."""
        seen = self._random.choice((CARD, ROW))
        return self._group([self._draw_person()], (seen,), Label.MUST_ACCEPT, "")

    def _group(
        self,
        people: list[Person],
        seen: tuple[Seen, ...],
        label: Label,
        look_alike: str,
        *,
        plain: bool = False,
    ) -> Group:
        """Make subjects of people; unless they must stay `plain`, with changes of spelling."""
        place, found = self._place, []
        for person, of_person in zip(people, seen, strict=False):
            tags = [look_alike] if look_alike else []
            subject = Subject(
                person, [card_of(place, person)], [row_of(place, person)], label, tags
            )
            if not plain:
                self._corrupter.corrupt(subject, content_share=0)
            if not of_person.registered:
                subject.cards.clear()
            if not of_person.on_roster:
                subject.rows.clear()
            found.append(subject)
        return Group(found, look_alike)

    def _draw_siblings(self, *, close: bool) -> list[Person]:
        sex, names = look_alikes.draw_names(self._random, close=close)
        one = self._draw_person(sex)
        return [replace(one, given=given, has_twin=True) for given in names]

    def _draw_person(self, sex: str = "") -> Person:
        random = self._random
        sex = sex or random.choice((MALE, FEMALE))
        born = TODAY - 1 - int(YEAR * self._up_to(0, 95))
        given = draw_given_name(random, sex, 2026 - int((TODAY - born) / YEAR))
        return Person(draw_surname(random), given, born, sex, self._homes.draw())

    def _near(self, home: Home) -> Home:
        near = self._homes.draw_in_town(home.town)
        while near.numbers == home.numbers:
            near = self._homes.draw_in_town(home.town)
        return near

    def _far_from(self, home: Home) -> Home:
        far = self._homes.draw()
        while far.town == home.town:
            far = self._homes.draw()
        return far

    def _of_two(self) -> tuple[Seen, ...]:
        return self._random.choice(OF_TWO)

    def _up_to(self, least: int, most: int) -> float:
        return least + self._random.random() * (most - least)
