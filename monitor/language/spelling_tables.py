"""How newspapers and standards of five languages write Cyrillic letters. Facts only; `romanise` puts them together.

A table leads from a unit (a letter, a group of letters, or a letter in its surroundings) to its spellings, the usual
one first. Units with surroundings: `^е` е at the start, after a vowel, ь, ъ or an apostrophe; `~е`, `~и` after г, к, х;
`!ё`, `!и`, `!я` after ж, ш, ч, щ, ц; `и+` и or і after a vowel; `ия`, `ія` я after и or і; `ий`, `ый`, `ій`, `ин`,
`ая`, `ів`, `їв` at the end of a word; `с+` с between vowels; `=л` л before a hard vowel, a consonant or the end; `^й`,
`^ю`, `^я`, `^є` as `^е`.

Standards: English BGN/PCGN 1947 and 2019, ICAO Doc 9303 (passports), ALA-LC simplified, Ukraine's resolution 55 of
2010; Dutch Taalunie's transcription for Russian and Ukrainian; German Duden's transcription and, in second place, DIN
1460 without its hooks; French usage of the newspapers (the Imprimerie nationale's table); Polish PWN's rules of
transcription. Mixtures that newspapers write (Dutch Kapustin beside Kapoestin) are further spellings of a unit.
"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.language.units import table

Table = Mapping[str, tuple[str, ...]]


_ENGLISH = table(
    """
    а a; б b; в v; д d; ж zh; з z; к k; л l; м m; н n; о o; п p; р r; с s; т t; у u; ф f; х kh/h; ц ts/c; ч ch; ш sh
    щ shch/sch; ъ -; ы y; ь -; э e; ё yo/e/io; !ё yo/o/e; ' -; ў u/w; кс ks/x; дж dzh/j
    ьё yo/ye/ie/io; ье ye/ie/e; ья ya/ia; ью yu/iu; жж zhzh/zh
    """
)
_DUTCH = table(
    """
    а a; б b; в v; д d; ж zj/zh; з z; к k; л l; м m; н n; о o; п p; р r; с s; т t; у oe/u; ф f; х ch/kh/h; ц ts/c
    ч tsj/ch; ш sj/sh; щ sjtsj/shch; ъ -; ы y; ь -; э e; ё jo/e/yo; !ё o/e/jo; ' -; ў oe/w; кс ks/x; дж dzj/dzh/dj
    ьё jo/je/ie; ье je/ie; ья ja/ia; ью joe/ju; жж zjzj/zj/zhzh
    """
)
_GERMAN = table(
    """
    а a; б b; в w/v; д d; ж sch/sh/zh; з s/z; к k; л l; м m; н n; о o; п p; р r; с s; с+ ss/s; т t; у u; ф f; х ch/kh
    ц z/ts/tz; ч tsch/ch; ш sch/sh; щ schtsch; ъ -; ы y; ь -/j; э e; ё jo/e; !ё o/jo/e; ' -; ў u/w; кс x/ks; дж dsch
    ьё jo/je/io; ье je/ie; ья ja/ia; ью ju; жж schsch/sch/zhzh
    """
)
_FRENCH = table(
    """
    а a; б b; в v; д d; ж j/zh; з z; к k; л l; м m; н n; о o; п p; р r; с s; с+ s/ss; т t; у ou/u; ф f; х kh/h; ц ts
    ч tch/ch; ш ch/sh; щ chtch/shch; ъ -; ы y; ь -; э e; ё io/e/iou; !ё io/o/e; ' -; ў ou; кс ks/x; дж dj
    ьё io/ie/yo; ье ie/ye; ья ia/ya; ью iou/you; жж jj/j/zhzh
    """
)
_POLISH = table(
    """
    а a; б b; в w; д d; ж ż/zh; з z; к k; л l; =л ł; м m; н n; о o; п p; р r; с s; т t; у u; ф f; х ch; ц c; ч cz; ш sz
    щ szcz; ъ -; ы y; ь -; ль l; нь ń; сь ś; ць ć; зь ź; э e; ё io/e; ^ё jo; !ё o/io/e; ' -; ў u/w; кс ks; дж dż
    ьё jo/io; ье je/ie; ья ja/ia; ью ju/iu; жж żż/ż
    """
)

RUSSIAN: Mapping[str, Table] = {
    "en": _ENGLISH
    | table(
        """
        г g; е e; ^е ye/e/ie; и i; и+ i; й y/i; ^й y/i; ю yu/iu; ^ю yu/iu; я ya/ia; ^я ya/ia; ия ya/a/ia
        ий y/iy/i/ii; ый y/yy/iy/yi
        """
    ),
    "nl": _DUTCH
    | table(
        """
        г g; е e; ^е je/e/ye; и i; й j/i/y; ю joe/ju/yu; я ja/ya; ия ja/a; ий i/y/ij/iy; ый y/yj/i; оу ooe/ou/oe
        """
    ),
    "de": _GERMAN | table("г g; е e; ^е je/e; и i; й j/i; ю ju; я ja; ия ja/a; ий i/ij/y; ый y/yj/i"),
    "fr": _FRENCH
    | table(
        """
        г g; ~г gu/g; е e; ^е ie/e/ye; и i; и+ ï; й ï/y; ^й i/y; ю iou/you/yu; ^ю iou/you/yu; я ia/ya; ия ïa/a/ya
        ий i/y/iï; ый y/i/yi; ин ine/in; ын yne/yn; ский ski/sky/skiï
        """
    ),
    "pl": _POLISH
    | table(
        """
        г g; е ie/e; ^е je; !е e; ле le; и i; !и y/i; й j; ю iu/ju; ^ю ju; лю lu; !ю iu/u
        я ia/ja; ^я ja; ля la; !я ia/a; ия ja/a; ий ij/i/y; ский ski/skij; цкий cki/ckij; ый y
        ая aja/a
        """
    ),
}
UKRAINIAN: Mapping[str, Table] = {
    "en": _ENGLISH
    | table(
        """
        г h/g; ґ g; е e; ^е e; є ie/ye/e; ^є ye/ie; и y/i; і i; ї i/yi; ^ї yi/i; й i/y; ^й y/i; ю iu/yu; ^ю yu/iu
        я ia/ya; ^я ya/ia; ія ia/a/ya; ий yi/y/yy/iy; ій ii/iy/i/y; ський sky/skyi/skyy/skiy/ski; цький tsky/tskyi
        """
    ),
    "nl": _DUTCH
    | table(
        """
        г h/g; ґ g; е e; є je/ie/e; и y/i; і i; ї ji/i; й j/i/y; ю joe/ju/yu; я ja/ia/ya; !я ja/a; ія ja/a; ий y/yj/i/yi
        ій i/ij/iy; ський sky/ski/skyj/skyi; цький tsky/tski
        """
    ),
    "de": _GERMAN
    | table(
        """
        г h/g; ґ g; е e; є je/e; и y/i; і i; ї ji/i; й j/i; ю ju; я ja; ія ja/a; ий yj/y/yi; ій ij/i/iy
        ський skyj/sky/ski/skyi; цький zkyj/zky/tskyj
        """
    ),
    "fr": _FRENCH
    | table(
        """
        г h/g; ґ g; е e; є ie/e; ^є ie/ye; и y/i; і i; ї ï; ^ї i/yi; й ï/y; ^й i/y; ю iou/yu; я ia/ya; ія a/ia/ya
        ий y/yï/yi; ій iï/i/iy; ин yne/ine/yn/in; ін ine/in; ський sky/ski/skyï; цький tsky/tski/tskyï
        """
    ),
    "pl": _POLISH
    | table(
        """
        г h; ґ g; е e; є ie; ^є je; и y; і i; ї ji/i; ^ї ji; й j; ю iu/ju; ^ю ju; лю lu; я ia/ja; ^я ja; ля la
        ія ja/a; ий yj/y; ій ij/i; ський ski/skyj/skij; цький cki/ckyj/ckij; ьо io; йо jo
        'я ja/ia; ів iw/ów; їв jiw/jów
        """
    ),
}
BELARUSIAN: Mapping[str, Table] = {
    language: {unit: spelt for unit, spelt in table.items() if unit not in ("ин", "ий", "ия")}
    | {
        "і": table["и"],
        "!і": table.get("!и", table["и"]),
        "и+": table.get("и+", table["и"]),
        "ія": table["ия"],
        "г": ("h", "g"),
        "ґ": ("g",),
        "ий": table["ий"],
        "скі": table.get("ский", tuple(f"sk{end}" for end in table["ий"])),
    }
    for language, table in RUSSIAN.items()
}
TABLES: Mapping[str, Mapping[str, Table]] = {"ru": RUSSIAN, "uk": UKRAINIAN, "be": BELARUSIAN}

# Names with a form of their own in a language, beside those that the tables give.
CONVENTIONAL: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "александр": {
        "en": ("Alexander",),
        "nl": ("Alexander",),
        "de": ("Alexander",),
        "fr": ("Alexandre",),
        "pl": ("Aleksander",),
    },
    "александра": {"en": ("Alexandra",), "nl": ("Alexandra",), "de": ("Alexandra",), "fr": ("Alexandra",)},
    "алексей": {"en": ("Alexei", "Alexey"), "nl": ("Aleksej",), "de": ("Alexej",), "fr": ("Alexeï",)},
    "анатолий": {"fr": ("Anatole",)},
    "борис": {"pl": ("Borys",)},
    "виктор": {"en": ("Victor",), "nl": ("Victor",), "fr": ("Victor",)},
    "віктор": {"en": ("Victor",), "nl": ("Victor",), "fr": ("Victor",)},
    "виктория": {"en": ("Victoria",), "nl": ("Victoria",), "de": ("Victoria",), "fr": ("Victoria",)},
    "вікторія": {"en": ("Victoria",), "nl": ("Victoria",), "de": ("Victoria",), "fr": ("Victoria",)},
    "герман": {"en": ("Herman",)},
    "георгий": {"fr": ("Guéorgui",)},
    "екатерина": {"en": ("Ekaterina", "Catherine"), "de": ("Ekaterina",)},
    "елизавета": {"en": ("Elizaveta",)},
    "иосиф": {"en": ("Joseph",), "nl": ("Josif",), "de": ("Josef",), "fr": ("Joseph",), "pl": ("Josif",)},
    "кирилл": {"en": ("Kiril",), "pl": ("Kiriłł", "Cyryl")},
    "ксения": {"en": ("Xenia", "Kseniya"), "de": ("Xenia",), "fr": ("Xenia",)},
    "максим": {"en": ("Maxim",), "nl": ("Maxim", "Maksim"), "de": ("Maxim",), "fr": ("Maxime", "Maxim")},
    "мария": {"en": ("Maria",), "nl": ("Maria",), "de": ("Maria",), "fr": ("Maria",), "pl": ("Maria",)},
    "марія": {"en": ("Maria",), "nl": ("Maria",), "de": ("Maria",), "fr": ("Maria",), "pl": ("Maria",)},
    "михаил": {"en": ("Michael",), "de": ("Michael",), "pl": ("Michaił",)},
    "николай": {"en": ("Nicholas",), "fr": ("Nicolas",), "pl": ("Mikołaj",)},
    "олександр": {"en": ("Alexander",), "de": ("Olexandr", "Oleksandr"), "pl": ("Ołeksandr",)},
    "павел": {"pl": ("Pawieł",)},
    "пётр": {
        "en": ("Peter", "Pyotr"),
        "nl": ("Peter", "Pjotr"),
        "de": ("Pjotr", "Peter"),
        "fr": ("Piotr",),
        "pl": ("Piotr",),
    },
    "сергей": {"fr": ("Serge",), "pl": ("Siergiej",)},
    "софия": {"en": ("Sophia",), "fr": ("Sophia",)},
    "филипп": {"en": ("Philip",), "de": ("Philipp",), "fr": ("Philippe",)},
    "юлия": {"en": ("Julia",), "nl": ("Julia",), "de": ("Julia",), "fr": ("Julia",), "pl": ("Julia",)},
    "юлія": {"en": ("Julia",), "nl": ("Julia",), "de": ("Julia",), "fr": ("Julia",), "pl": ("Julia",)},
}  # fmt: skip
