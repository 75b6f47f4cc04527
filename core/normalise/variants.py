"""Variant characters: families whose members are one character, so one name, in several spellings.

Our own table, made by hand: new and old forms (新字体・旧字体), popular forms (俗字) and the pairs
of the list of characters for given names. Two characters that are different names stay apart
(斉 and 斎, 崎 and 埼), whatever they look like. A city may add the shrink map of the IPA to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.normalise.characters import fits_card

# Families of two or more, parted by spaces; the first member is the one of keys.
_FAMILIES = """
高髙 崎﨑嵜 辺邊邉 斉齊 斎齋 広廣 国國 沢澤 桜櫻 浜濱濵 島嶋嶌 吉𠮷 富冨 黒黑 真眞 恵惠 竜龍 滝瀧
関關 塩鹽 実實 栄榮 条條 学學 桑桒 館舘 曽曾 県縣 来來 万萬 聡聰 徳德 緑綠 温溫 郎郞 静靜 寿壽
鉄鐵 円圓 与與 両兩 剣劍劔 亀龜 鶴鸖靏靍 蔵藏 渋澁澀 焼燒 弥彌 薮藪籔 桧檜 鴎鷗 頼賴 瀬瀨 祢禰
麹麴 増增 徴徵 恒恆 郷鄕 横橫 柳栁 昇曻 芦蘆 会會 体體 伝傳 価價 倹儉 児兒 党黨 写寫 処處 効效
勅敕 励勵 勲勳 区區 医醫 厳嚴 参參 双雙 収收 叙敍敘 号號 団團 囲圍 図圖 圧壓 塁壘 壮壯 声聲 変變
奥奧 奨奬 宝寶寳 寛寬 対對 将將 尽盡 届屆 属屬 巌巖 峡峽 岳嶽 峰峯 巻卷 帯帶 庁廳 応應 径徑 従從
恋戀 悪惡 悦悅 慎愼 懐懷 戦戰 戸戶 払拂 抜拔 択擇 拝拜 拠據 拡擴 挙擧 揺搖 摂攝 撃擊 数數 断斷
旧舊 昼晝 暁曉 暦曆 検檢 楼樓 楽樂 様樣 権權 欧歐 歩步 歓歡 歴歷 毎每 気氣 浄淨 浅淺 涙淚 済濟
渉涉 渓溪 湾灣 満滿 灯燈 炉爐 為爲 点點 熙煕 犠犧 状狀 独獨 獣獸 瑶瑤 産產 画畫 畳疊 発發 研硏
砺礪 礼禮 禄祿 禅禪 秘祕 称稱 稲稻 穂穗 穏穩 穣穰 窓窗 竃竈 粋粹 糸絲 経經 絵繪 継繼 続續 総總
縁緣 縄繩 繊纖 翠翆 聴聽 胆膽 台臺 荘莊 芸藝 茎莖 薫薰 虚虛 蛍螢 衛衞 装裝 覇霸 覚覺 観觀 訳譯
証證 読讀 誉譽 謡謠 譲讓 豊豐 賛贊 践踐 転轉 軽輕 辞辭 逓遞 遅遲 遥遙 酔醉 醸釀 釈釋 鉱鑛 銭錢
鋭銳 鋳鑄 錬鍊 録錄 鎮鎭 険險 随隨 隠隱 隣鄰 雑雜 霊靈 穎頴 顔顏 顕顯 駅驛 駆驅 験驗 鶏鷄 鶯鴬
麦麥 麺麵 黄黃 黙默 歯齒 齢齡 凛凜 槙槇 尭堯 萌萠 晃晄 亘亙 祷禱 填塡 剥剝 頬頰 繋繫 噛嚙 蝉蟬
醤醬 莱萊 蒋蔣 涛濤 篭籠 淵渕渊 柏栢 松枩 秋穐 船舩 土圡 丈𠀋 凉涼 喜㐂 姉姊 姫姬 迪廸 壱壹 弐貳
強强 彦彥 教敎 昂昻 晋晉 枡桝 桟棧 清淸 沖冲 艶艷 間閒 橋𣘺槗 欅﨔 枦櫨 栃杤 櫟檪 蘇蘓 青靑 餅餠
雁鴈 内內 呉吳 巣巢 亜亞 仏佛 争爭 乗乘 京亰 侠俠 即卽 圏圈 嬢孃 専專 尚尙 帰歸 弾彈 当當 戻戾
担擔 挿插 舎舍 掲揭 湿濕 滞滯 粛肅 縦縱 繍繡 荊荆 薬藥 蚕蠶 説說 税稅 脱脫 閲閱 鑑鑒 髪髮 倶俱
仮假 単單 営營 灌潅 覧覽 触觸
"""


@dataclass(frozen=True, eq=False)
class Variants:
    """Which characters are written as which other one in a key."""

    table: Mapping[str, str]

    @cached_property
    def _translation(self) -> dict[int, str]:
        return str.maketrans(dict(self.table))

    @cached_property
    def _beyond_cards(self) -> frozenset[str]:
        """The keys of families with a member that a certificate cannot hold."""
        return frozenset(key for other, key in self.table.items() if not fits_card(other))

    def is_beyond_cards(self, character: str) -> bool:
        """Whether it is one form of a character of which a certificate cannot hold another."""
        return self.table.get(character, character) in self._beyond_cards

    def fold(self, text: str) -> str:
        return text.translate(self._translation)

    def are_one(self, one: str, other: str) -> bool:
        """Whether two characters are of one family."""
        return self.table.get(one, one) == self.table.get(other, other)

    def joined(self, pairs: Iterable[tuple[str, str]]) -> "Variants":
        """Return these and more pairs (variant, usual form); what is known already stays."""
        known = set(self.table) | set(self.table.values())
        added = {
            variant: self.table.get(usual, usual)
            for variant, usual in pairs
            if variant not in known and variant != usual
        }
        # One step must lead to the end, or a key would have another key.
        ends = {variant: added.get(usual, usual) for variant, usual in added.items()}
        stable = {one: end for one, end in ends.items() if end not in ends}
        return Variants({**self.table, **stable})


FAMILIES = tuple(_FAMILIES.split())
CURATED = Variants({other: family[0] for family in FAMILIES for other in family[1:]})
"""What the engine knows by itself."""
