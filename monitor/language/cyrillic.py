"""How Russian, Ukrainian and Belarusian write each other's names: a name given in one is found in the others. Pure.

Given names have counterparts (Евгений – Євген); newspapers also write the name as it sounds (Євгеній), so both are
given. Surnames and places follow the practice of transcription: Ukrainian renders Russian и as і, after ж, ш, ч, щ, ц
as и, and ы as и; Russian renders Ukrainian і as и and и as и or ы.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, permutations, product
from typing import Literal

from monitor.language.units import table

Part = Literal["given", "patronymic", "surname", "place", "organisation"]

Counterparts = Mapping[tuple[str, str, str], tuple[str, ...]]

MOST = 6
_VOWELS = frozenset("аеёиіїоуыэюяєў")
_HUSHING = frozenset("жшчщц")
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´", "'"))

# Russian – Ukrainian – Belarusian
_GIVEN = """
Александр Олександр Аляксандр; Александра Олександра Аляксандра; Алексей Олексій Аляксей; Алёна Олена Алена
Анастасия Анастасія Анастасія; Анатолий Анатолій Анатоль; Андрей Андрій Андрэй; Анна Анна Ганна
Анна Ганна Ганна; Антон Антон Антон; Артём Артем Арцём; Богдан Богдан Багдан; Борис Борис Барыс
Вадим Вадим Вадзім; Валентин Валентин Валянцін; Валерий Валерій Валерый; Василий Василь Васіль
Виктор Віктор Віктар; Виктория Вікторія Вікторыя; Виталий Віталій Віталь; Владимир Володимир Уладзімір
Владислав Владислав Уладзіслаў; Вячеслав В'ячеслав Вячаслаў; Геннадий Геннадій Генадзь; Георгий Георгій Георгій
Григорий Григорій Рыгор; Даниил Данило Даніла; Данил Данило Даніла; Дарья Дар'я Дар'я; Денис Денис Дзяніс
Дмитрий Дмитро Дзмітрый; Евгений Євген Яўген; Евгений Євгеній Яўгеній; Евгения Євгенія Яўгенія; Егор Єгор Ягор
Екатерина Катерина Кацярына; Елена Олена Алена; Елизавета Єлизавета Лізавета; Иван Іван Іван; Игнат Гнат Ігнат
Игорь Ігор Ігар; Илья Ілля Ілья; Инна Інна Іна; Ирина Ірина Ірына; Иосиф Йосип Іосіф; Иосиф Йосиф Іосіф
Кирилл Кирило Кірыл; Кирилл Кирил Кірыл; Константин Костянтин Канстанцін; Константин Константин Канстанцін
Ксения Ксенія Ксенія; Ксения Оксана Аксана; Лариса Лариса Ларыса; Лев Лев Леў; Леонид Леонід Леанід
Людмила Людмила Людміла; Макар Макар Макар; Максим Максим Максім; Мария Марія Марыя; Марина Марина Марына
Матвей Матвій Мацвей; Михаил Михайло Міхаіл; Надежда Надія Надзея; Наталья Наталія Наталля
Наталия Наталія Наталля; Никита Микита Мікіта; Никита Нікіта Мікіта; Николай Микола Мікалай
Николай Ніколай Мікалай; Оксана Оксана Аксана; Олег Олег Алег; Ольга Ольга Вольга; Павел Павло Павел
Пётр Петро Пётр; Раиса Раїса Раіса; Роман Роман Раман; Руслан Руслан Руслан; Светлана Світлана Святлана
Святослав Святослав Святаслаў; Семён Семен Сямён; Сергей Сергій Сяргей; София Софія Сафія
Станислав Станіслав Станіслаў; Степан Степан Сцяпан; Тамара Тамара Тамара; Тарас Тарас Тарас
Татьяна Тетяна Таццяна; Тимофей Тимофій Цімафей; Тимур Тимур Цімур; Фёдор Федір Фёдар; Филипп Пилип Піліп
Филипп Філіп Філіп; Юлия Юлія Юлія; Юрий Юрій Юрый; Яков Яків Якаў; Ярослав Ярослав Яраслаў
Рамзан Рамзан Рамзан; Ахмат Ахмат Ахмат; Рустем Рустем Рустэм; Осип Йосип Восіп; Кузьма Кузьма Кузьма
Прохор Прохор Прохар; Захар Захар Захар; Остап Остап Астап; Назар Назар Назар; Ростислав Ростислав Расціслаў
Мирослав Мирослав Міраслаў; Всеволод Всеволод Усевалад; Глеб Гліб Глеб; Лидия Лідія Лідзія; Любовь Любов Любоў
Вера Віра Вера; Зоя Зоя Зоя; Галина Галина Галіна; Валентина Валентина Валянціна; Нина Ніна Ніна
Полина Поліна Паліна; Алла Алла Ала; Кристина Христина Крысціна; Кристина Крістіна Крысціна; Лилия Лілія Лілія
"""


def _pairs(rows: str, order: Sequence[str], made: Mapping[str, Callable[[str], str]]) -> Counterparts:
    """Read rows of counterparts, each name changed by its language's entry in `made`."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in rows.replace("\n", ";").split(";"):
        names = [made[language](name) for language, name in zip(order, row.split(), strict=False)]
        for (source, name), (target, other) in permutations(zip(order, names, strict=False), 2):
            listed = found.setdefault((name.lower(), source, target), [])
            if name and other and other not in listed:
                listed.append(other)
    return {key: tuple(names) for key, names in found.items()}


def _as_it_is(name: str) -> str:
    return name


def _russian_patronymic(name: str) -> str:
    """Николай – Николаевич, Юрий – Юрьевич, Илья – Ильич, Иван – Иванович; none of a woman's name."""
    if name in ("Илья", "Никита", "Кузьма"):
        return {"Илья": "Ильич", "Никита": "Никитич", "Кузьма": "Кузьмич"}[name]
    if name.endswith(("а", "я", "ь")) and name != "Игорь":
        return ""
    if name.endswith("ий"):
        return name[:-2] + ("иевич" if name.endswith(("ргий", "митрий")) else "ьевич")
    return name[:-1] + "евич" if name.endswith(("й", "ь")) else _without_fleeting(name) + "ович"


def _ukrainian_patronymic(name: str) -> str:
    """Сергій – Сергійович, Микола – Миколайович, Дмитро – Дмитрович, Іван – Іванович; none of a woman's name."""
    if name in ("Микола", "Ілля", "Кузьма", "Микита"):
        return {"Микола": "Миколайович", "Ілля": "Ілліч", "Кузьма": "Кузьмич", "Микита": "Микитович"}[name]
    if name.endswith(("а", "я")):
        return ""
    if name.endswith("й"):
        return name + "ович"
    if name.endswith("ь"):
        return name[:-1] + "ьович"
    return (name[:-1] if name.endswith("о") else _without_fleeting(name)) + "ович"


def _without_fleeting(name: str) -> str:
    return {"Павел": "Павл", "Пётр": "Петр", "Лев": "Льв", "Яків": "Яков", "Федір": "Федор"}.get(name, name)


# Units and their renderings, the usual one first; `^` at the start or after a vowel, ь, ъ or an apostrophe, `!` after
# ж, ш, ч, щ, ц, `$` at the end of a word, `в$` at the end and after a labial or р.
_RULES: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {
    ("ru", "uk"): table(
        """
        и і/и; !и и; ^и ї; #и І; ы и; э е; е е/є; !е е; ^е є; ё ьо/е; !ё о; ^ё йо; ъ '; ия$ ія; ий$ ій/ий
        кий$ кий; ский$ ський; цкий$ цький; ская$ ська; цкая$ цька; ский- ський; ск$ ськ; цк$ цьк; ая$ а
        яя$ я; ый$ ий; ой$ ой/ий; ое$ е; ые$ і; ие$ і; рь$ р; вь$ в; овка$ овка/івка; евка$ евка/ївка
        ев$ єв/ев; ова$ ова; ье 'є/ьє; ья 'я/ья; ью 'ю/ью; ьев$ ьєв/'єв; ьёв$ йов/ьйов; ович$ ович
        евич$ йович/евич; овна$ івна; евна$ ївна/євна; иевич$ ійович; иевна$ іївна
        """
    ),
    ("uk", "ru"): table(
        """
        и и/ы; !и и; і и; ї и; ^ї и; є е; е е; ґ г; ' ъ/-; ьо ё; йо ё/йо; ський$ ский; зький$ зский/зкий
        цький$ цкий; ська$ ская; цька$ цкая; ськ$ ск; цьк$ цк; ське$ ское; цьке$ цкое
        івка$ овка/ивка; ївка$ евка/ивка; ів$ ов/ев/ив
        їв$ ев/ив; ий$ ый/ий; гий$ гий; кий$ кий; хий$ хий; ій$ ий/ей; ія$ ия; зя$ зя; йович$ евич; ійович$ иевич
        івна$ овна; ївна$ евна; ьє ье; 'є ье; 'я ья/я; ець$ ец; ць$ ц; чук$ чук
        """
    ),
    ("ru", "be"): table(
        """
        и і; !и ы; щ шч; ъ '; ия$ ія; ий$ ій/ы; ский$ скі; ый$ ы; ая$ ая; ко$ ка/ко; в$ ў; рь$ р; ро ро/ра
        е е; !е э; ти ці; ди дзі; те цэ/це; де дэ/дзе; рё ро
        """
    ),
    ("uk", "be"): table(
        """
        и ы/і; ї і; є е; ґ г; щ шч; ський$ скі; ий$ ы; ій$ ій; ко$ ка/ко; в$ ў; ьо ё; йо ё; е э/е; ^є е
        зе зя/зе
        """
    ),
    ("be", "ru"): table(
        """
        і и; ў в; шч щ; скі$ ский; ы$ ый; ' ъ/ь; дз д/дз; ка$ ка/ко; э е/э; ці ти/ци; ча че/ча; ра ра/ро
        ґ г
        """
    ),
    ("be", "uk"): table(
        """
        ы и; э е; ё ьо/йо; ў в; шч щ; скі$ ський; дз д/дз; ка$ ка/ко; ці ті/ці; ча че/ча; ы$ ий; е е/є; ^е є
        """
    ),
}
_LONGEST = 6
# Places whose names in Russian and Ukrainian have grown apart.
_PLACES = """
Харьков Харків; Киев Київ; Одесса Одеса; Ровно Рівне; Николаев Миколаїв; Запорожье Запоріжжя; Днепр Дніпро; Сумы Суми
Каменское Кам'янське; Славянск Слов'янськ; Авдеевка Авдіївка; Угледар Вугледар; Марьинка Мар'їнка; Волчанск Вовчанськ
Черновцы Чернівці; Кременчуг Кременчук; Винница Вінниця; Купянск Куп'янськ; Белгород Бєлгород
Белгород Білгород; Кривой Кривий; Рог Ріг; Северодонецк Сєвєродонецьк; Белая Біла; Церковь Церква; Каховка Каховка
Чернигов Чернігів; Львов Львів; Канев Канів; Орехов Оріхів; Бердичев Бердичів; Васильков Васильків; Обухов Обухів
Глухов Глухів; Тячев Тячів; Часов Часів; Самбор Самбір; Ирпень Ірпінь; Борисполь Бориспіль; Тернополь Тернопіль
Лозовая Лозова; Работино Роботине; Еленовка Оленівка; Горловка Горлівка; Ясиноватая Ясинувата; Дружковка Дружківка
"""
_TABLES: Mapping[str, Counterparts] = {
    "given": _pairs(_GIVEN, ("ru", "uk", "be"), dict.fromkeys(("ru", "uk", "be"), _as_it_is)),
    "patronymic": _pairs(_GIVEN, ("ru", "uk"), {"ru": _russian_patronymic, "uk": _ukrainian_patronymic}),
    "place": _pairs(_PLACES, ("ru", "uk"), dict.fromkeys(("ru", "uk"), _as_it_is)),
}
# Adjectives in the names of places: Ukrainian has one ending where Russian has two letters.
_PLACE_ADJECTIVES = frozenset(
    {"нова", "стара", "велика", "мала", "червона", "зелена", "верхня", "нижня", "біла", "чорна", "красна", "кам'яна"}
    | {"суха", "довга", "середня"}
)


@lru_cache(maxsize=50_000)
def in_other_cyrillic(word: str, source: str, target: str, part: Part) -> tuple[str, ...]:
    """Return how `target` (ru, uk, be) writes a name of one word that `source` gives in dictionary form, usual first.

    `part` tells what the word is in a name; given names lead to their counterparts, too. At most six spellings.
    """
    plain = word.translate(_APOSTROPHES)
    found = list(_TABLES[part].get((plain.lower(), source, target), ())) if part in _TABLES else []
    if source == "uk" and target == "ru" and part in ("place", "organisation"):
        found += _adjective(plain)
    pieces = [[_cased(text, piece) for text in _rendered(piece, source, target, part)] for piece in plain.split("-")]
    found += ["-".join(chosen) for chosen in islice(product(*pieces), MOST)]
    return tuple(dict.fromkeys(found))[:MOST]


def _adjective(word: str) -> list[str]:
    lower = word.lower()
    if lower not in _PLACE_ADJECTIVES or lower.endswith("ська"):
        return []
    ending = "яя" if lower.endswith("ня") else "ая"
    return [_cased(text[:-1] + ending, word) for text in _rendered(word, "uk", "ru", "place")][:1]


def _cased(text: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return text.upper()
    return text[:1].upper() + text[1:] if like[:1].isupper() else text


def _rendered(word: str, source: str, target: str, part: Part) -> Iterator[str]:
    """Give the renderings of a word without hyphens; a unit is rendered alike throughout the word."""
    rules = _RULES[(source, target)]
    units = _units(word.lower(), rules)
    choices = {unit: rules.get(unit, (unit.strip("^!$#"),)) for unit, _ in units}
    if target == "uk" and part != "place":
        choices["е"] = ("е",)  # Бєлгород, Сєвєродонецьк: є after a consonant is a habit of place names
    varying = [unit for unit, rendered in choices.items() if len(rendered) > 1]
    picks = sorted(product(*(range(len(choices[unit])) for unit in varying)), key=lambda pick: (sum(pick), pick))
    for pick in picks[:MOST]:
        chosen = dict(zip(varying, pick, strict=True))
        yield "".join(choices[unit][chosen.get(unit, 0)] for unit, _ in units)


def _units(word: str, rules: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Cut a word into units: the longest ending that the rules know, then pairs and letters with their surroundings."""
    end = next((word[-n:] for n in range(_LONGEST, 0, -1) if len(word) > n + 1 and f"{word[-n:]}$" in rules), "")
    stem = word.removesuffix(end) if end else word
    units: list[tuple[str, str]] = []
    at = 0
    while at < len(stem):
        pair = stem[at : at + 2]
        if len(pair) == 2 and pair in rules:
            units.append((pair, pair))
            at += 2
            continue
        units.append((_unit(stem[at], stem[at - 1] if at else "", rules), stem[at]))
        at += 1
    return units + ([(f"{end}$", end)] if end else [])


def _unit(letter: str, before: str, rules: Mapping[str, tuple[str, ...]]) -> str:
    if letter == "и" and not before and "#и" in rules:
        return "#и"
    if (not before or before in _VOWELS or before in "ьъ'") and f"^{letter}" in rules:
        return f"^{letter}"
    if before in _HUSHING and f"!{letter}" in rules:
        return f"!{letter}"
    return letter
