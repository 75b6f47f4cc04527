"""Names in Latin letters, and aliases (通称), written in different ways."""

from random import Random

from channels.simulators.pairs.subjects import Subject, wide_latin


def latin_order(random: Random, subject: Subject) -> bool:
    """Given name first, or the family name cut off by a comma."""
    latin = subject.person.latin
    if not latin:
        return False
    family, *others = latin.parts
    name = random.choice(("　".join([*others, family]), f"{family}，　{'　'.join(others)}"))
    subject.rows[0].name = wide_latin(name)
    return True


def latin_case(random: Random, subject: Subject) -> bool:
    """Small letters: Nguyen Van Anh."""
    if not subject.person.latin:
        return False
    row = subject.rows[0]
    row.name = row.name.title() if random.random() < 0.8 else row.name.lower()
    return True


def latin_spaces(_random: Random, subject: Subject) -> bool:
    """No spaces between the parts: NGUYENVANANH."""
    if not subject.person.latin:
        return False
    row = subject.rows[0]
    row.name = row.name.replace("　", "")
    return True


def alias_beside(random: Random, subject: Subject) -> bool:
    """Put name and alias on the card; in the roster one of them, or both."""
    if not subject.person.latin:
        return False
    row, card = subject.rows[0], subject.cards[0]
    surname, given = subject.person.surname, subject.person.given
    alias = f"{surname.text}　{given.text}"
    latin = card.name
    card.name = f"{latin}（{surname.held}　{given.held}）"
    card.name_flags = f"{'0' * (len(latin) + 1)}{surname.flags}0{given.flags}0"
    kind = random.randrange(3)
    row.name = (latin, alias, f"{latin}（{alias}）")[kind]
    if kind == 1:
        row.kana = f"{surname.kana} {given.kana}"
    return True


def alias_only(_random: Random, subject: Subject) -> bool:
    """Put the name only on the card, the alias only in the roster."""
    if not subject.person.latin:
        return False
    surname, given = subject.person.surname, subject.person.given
    subject.rows[0].name = f"{surname.text}　{given.text}"
    subject.rows[0].kana = f"{surname.kana} {given.kana}"
    return True


def middle_missing(_random: Random, subject: Subject) -> bool:
    """Leave the middle name out of the roster."""
    latin = subject.person.latin
    if not latin or not latin.middle:
        return False
    subject.rows[0].name = wide_latin("　".join(latin.parts[:2]))
    return True
