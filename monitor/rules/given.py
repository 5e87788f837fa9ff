"""Common given names, by which another bearer of a surname is told apart: "Елена Гладкова" is not Vyacheslav Gladkov."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.rules.derivation import NameParts

_MEN = (
    "Александр Алексей Анатолий Андрей Антон Аркадий Арсений Артём Артур Ахмат Ахмед Богдан Борис Вадим Валентин Валерий"
    " Василий Виктор Виталий Владимир Владислав Всеволод Вячеслав Геннадий Георгий Герман Глеб Григорий Давид Даниил Денис"
    " Дмитрий Евгений Егор Захар Иван Игорь Илья Иосиф Ильдар Кирилл Константин Лев Леонид Максим Марат Марк Матвей Михаил"
    " Мурат Никита Николай Олег Павел Пётр Рамзан Ринат Роман Руслан Руслан Семён Сергей Станислав Степан Тарас Тимофей"
    " Тимур Фёдор Филипп Эдуард Юрий Яков Ярослав Адам Хамзат Магомед Рустам Ростислав Святослав Мирослав Остап"
).split()
_WOMEN = (
    "Александра Алина Алла Анастасия Ангелина Анна Валентина Валерия Варвара Вера Вероника Виктория Галина Дарья Диана"
    " Евгения Екатерина Елена Елизавета Жанна Зинаида Зоя Инна Ирина Карина Кира Кристина Ксения Лариса Лидия Любовь"
    " Людмила Маргарита Марина Мария Надежда Наталья Наталия Нина Оксана Олеся Ольга Полина Раиса Римма Светлана София"
    " Софья Тамара Татьяна Ульяна Юлия Яна Ярослава"
).split()


def known_given_names() -> Iterator[tuple[frozenset[str], str]]:
    """Yield the forms of each common given name, in all languages and spellings, with its gender."""
    parts = NameParts()
    for names, gender in ((_MEN, "m"), (_WOMEN, "f")):
        for name in names:
            yield parts.given(name, "ru", gender), gender
