"""Common given names, which tell other bearers of a surname apart: "Елена Гладкова" is not Vyacheslav Gladkov."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.rules.derivation import NameParts

_MEN = """
Адам Александр Алексей Анатолий Андрей Антон Аркадий Арсений Артур Артём Ахмат Ахмед Богдан Борис Вадим
Валентин Валерий Василий Виктор Виталий Владимир Владислав Всеволод Вячеслав Геннадий Георгий Герман Глеб
Григорий Давид Даниил Денис Дмитрий Евгений Егор Захар Иван Игорь Ильдар Илья Иосиф Кирилл Константин Лев
Леонид Магомед Максим Марат Марк Матвей Мирослав Михаил Мурат Никита Николай Олег Остап Павел Пётр Рамзан
Ринат Роман Ростислав Руслан Рустам Святослав Семён Сергей Станислав Степан Тарас Тимофей Тимур Филипп Фёдор
Хамзат Эдуард Юрий Яков Ярослав
"""
_WOMEN = """
Александра Алина Алла Анастасия Ангелина Анна Валентина Валерия Варвара Вера Вероника Виктория Галина Дарья
Диана Евгения Екатерина Елена Елизавета Жанна Зинаида Зоя Инна Ирина Карина Кира Кристина Ксения Лариса Лидия
Любовь Людмила Маргарита Марина Мария Надежда Наталия Наталья Нина Оксана Олеся Ольга Полина Раиса Римма
Светлана София Софья Тамара Татьяна Ульяна Юлия Яна Ярослава
"""


def known_given_names() -> Iterator[tuple[frozenset[str], str]]:
    """Yield the forms of each common given name, in all languages and spellings, with its gender."""
    parts = NameParts()
    for names, gender in ((_MEN, "m"), (_WOMEN, "f")):
        for name in names.split():
            yield parts.given(name, "ru", gender), gender
