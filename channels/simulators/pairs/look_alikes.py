"""Who is easily taken for another: names of twins, and how much of two people matching sees."""

from dataclasses import dataclass
from random import Random

from channels.simulators.pairs.names import FEMALE, MALE, Word, word

# Given names that differ in one character: sex, the names with their readings.
PLAIN = (
    (MALE, "健一 ケンイチ,健二 ケンジ,健三 ケンゾウ"),
    (MALE, "翔太 ショウタ,翔平 ショウヘイ,翔馬 ショウマ"),
    (MALE, "一郎 イチロウ,二郎 ジロウ,三郎 サブロウ"),
    (MALE, "翔 ショウ,翼 ツバサ,響 ヒビキ"),
    (MALE, "誠 マコト,徹 トオル,剛 ツヨシ"),
    (FEMALE, "美咲 ミサキ,美羽 ミウ,美桜 ミオ"),
    (FEMALE, "由美 ユミ,由香 ユカ,由紀 ユキ"),
    (FEMALE, "千春 チハル,千夏 チナツ,千秋 チアキ"),
    (FEMALE, "愛 アイ,舞 マイ,恵 メグミ"),
    (FEMALE, "ひかり ヒカリ,ひかる ヒカル,ひかこ ヒカコ"),
)
# The same, of characters that the eye or a scanner takes for one another.
CLOSE = (
    (MALE, "大樹 ダイキ,太樹 タイキ,犬樹 ケンジュ"),
    (MALE, "瑛士 エイジ,瑛土 エイト,瑛工 エイク"),
    (MALE, "治 オサム,冶 ヤ,浴 ヨク"),
    (MALE, "健 ケン,建 タケル,鍵 ケン"),
    (MALE, "正人 マサト,正入 マサイ,正八 マサヤ"),
    (MALE, "裕樹 ユウキ,祐樹 ユウキ,佑樹 ユウキ"),
    (FEMALE, "未来 ミライ,末来 マツキ,朱来 アキラ"),
    (FEMALE, "綾子 アヤコ,稜子 リョウコ,陵子 リョウコ"),
    (FEMALE, "理沙 リサ,理紗 リサ,埋沙 マイサ"),
    (FEMALE, "ゆき ユキ,ゆさ ユサ,ゆり ユリ"),
)
# Twins from abroad: one family and given name, or the same parts in another order.
ABROAD = (
    (MALE, "GARCIA", ("JOSE", "LUIS"), ("JOSE", "MARCO")),
    (MALE, "NGUYEN", ("VAN", "ANH"), ("ANH", "VAN")),
    (FEMALE, "SANTOS", ("MARIA", "ANA"), ("MARIA", "LUISA")),
    (FEMALE, "THAPA", ("SITA", "MAYA"), ("MAYA", "SITA")),
    (FEMALE, "SILVA", ("ANA", "PAULA"), ("PAULA", "ANA")),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether a person registered, and whether they are on the roster."""

    registered: bool
    on_roster: bool


BOTH, CARD, ROW = Seen(True, True), Seen(True, False), Seen(False, True)
# What is seen of two people; in the second they are most easily taken for one.
OF_TWO = ((BOTH, BOTH), (CARD, ROW), (ROW, CARD), (BOTH, CARD), (BOTH, ROW), (CARD, BOTH))


def draw_names(random: Random, *, close: bool) -> tuple[str, list[Word]]:
    """Draw a sex and three given names, in any order."""
    sex, names = random.choice(CLOSE if close else PLAIN)
    words = [word(*each.split()) for each in names.split(",")]
    random.shuffle(words)
    return sex, words
