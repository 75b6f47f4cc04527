"""Names of residents from abroad: in Latin letters, family name first, often with a middle name."""

from dataclasses import dataclass
from random import Random

from channels.simulators.city.banks import half_width
from channels.simulators.pairs.names import MALE

# Family names, given names by sex, and middle names, each with its reading.
PEOPLES = (
    (
        "NGUYEN グエン,TRAN チャン,LE レ,PHAM ファム,HOANG ホアン,VO ヴォ,DANG ダン,BUI ブイ",
        "ANH アイン,DUC ドゥック,HUNG フン,MINH ミン,TUAN トゥアン,LONG ロン,NAM ナム",
        "HOA ホア,LAN ラン,LINH リン,HUONG フオン,TRANG チャン,MAI マイ,THAO タオ",
        "VAN ヴァン,THI ティ,QUANG クアン,NGOC ゴック",
    ),
    (
        "SANTOS サントス,REYES レイエス,CRUZ クルス,GARCIA ガルシア,MENDOZA メンドーサ",
        "JOSE ホセ,MARK マーク,JOHN ジョン,ANGELO アンジェロ,RAMON ラモン",
        "MARIA マリア,ANGELICA アンジェリカ,ROSE ローズ,JASMINE ジャスミン,GRACE グレース",
        "DELA デラ,LOPEZ ロペス,RAMOS ラモス,FLORES フローレス",
    ),
    (
        "SILVA シルバ,OLIVEIRA オリベイラ,SOUZA ソウザ,PEREIRA ペレイラ,COSTA コスタ",
        "LUCAS ルカス,PEDRO ペドロ,RAFAEL ラファエル,THIAGO チアゴ,BRUNO ブルーノ",
        "ANA アナ,JULIANA ジュリアナ,CAMILA カミラ,FERNANDA フェルナンダ,PAULA パウラ",
        "YUKIO ユキオ,AKEMI アケミ,MIYUKI ミユキ,HENRIQUE エンリケ",
    ),
    (
        "SMITH スミス,JOHNSON ジョンソン,BROWN ブラウン,O'NEIL オニール,TAYLOR テイラー",
        "DAVID デイビッド,MICHAEL マイケル,JAMES ジェームズ,ROBERT ロバート,PAUL ポール",
        "EMILY エミリー,SARAH サラ,JESSICA ジェシカ,LAURA ローラ,ANNE アン",
        "LEE リー,MARIE マリー,SCOTT スコット,JEAN ジーン",
    ),
    (
        "SHRESTHA シュレスタ,GURUNG グルン,THAPA タパ,RAI ライ,TAMANG タマン",
        "BIKASH ビカス,SURESH スレス,RAJESH ラジェス,PRAKASH プラカス",
        "SITA シタ,ANITA アニタ,SUNITA スニタ,PUJA プジャ",
        "BAHADUR バハドゥル,KUMAR クマル,PRASAD プラサド,MAYA マヤ",
    ),
)


@dataclass(frozen=True, slots=True)
class LatinName:
    """The parts of a name in capitals, and their readings in half-width kana."""

    family: str
    given: str
    middle: str
    readings: tuple[str, str, str]

    @property
    def parts(self) -> list[str]:
        """The parts in the card's order: family name, given name, middle name."""
        return [part for part in (self.family, self.given, self.middle) if part]

    @property
    def kana(self) -> str:
        return " ".join(reading for reading in self.readings if reading)


class Family:
    """A family name of one people, whose members draw their given names."""

    def __init__(self, random: Random) -> None:
        self._names = random.choice(_TABLES)
        self._family = random.choice(self._names[0])

    def draw(self, random: Random, sex: str) -> LatinName:
        """Draw a member's name; two in three have a middle name."""
        given = random.choice(self._names[1 if sex == MALE else 2])
        middle = random.choice(self._names[3]) if random.random() < 0.67 else ("", "")
        (family, reading), (first, of_first), (second, of_second) = self._family, given, middle
        return LatinName(family, first, second, (reading, of_first, of_second))


def _pairs(text: str) -> list[tuple[str, str]]:
    words = (each.split() for each in text.split(","))
    return [(latin, half_width(kana)) for latin, kana in words]


_TABLES = [tuple(_pairs(column) for column in people) for people in PEOPLES]
