"""Language detection: accuracy over a table of sentences written for it, and single hard cases."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.language.detect import detect

SENTENCES = {
    "ru": (
        "Жителей села вывезли в соседний город",
        "Обмен пленными состоялся утром",
        "Сирена! Всем в укрытие",
        "Автобусы для жителей стоят у школы",
        "Губернатор приехал в больницу к раненым",
        "Связи в посёлке нет со вчерашнего дня",
        "Тихо, без происшествий",
        "Сбит беспилотник, пострадавших нет",
        "Где сейчас наши бойцы, никто не знает",
        "Погода на завтра: дождь и ветер",
        "Как доехать до пункта приёма",
        "Спасибо всем, кто помог с вещами",
        "Вода есть, света нет",
        "Работает ПВО",
        "Отбой тревоги",
        "Объявлена эвакуация из пяти сёл",
    ),
    "uk": (
        "Мешканців села вивезли до сусіднього міста",
        "Обмін полоненими відбувся вранці",
        "Тривога! Усі в укриття",
        "Автобуси для мешканців стоять біля школи",
        "Губернатор приїхав до лікарні",
        "Зв'язку в селищі немає від учора",
        "Тихо, без подій",
        "Збито безпілотник, постраждалих немає",
        "Де зараз наші бійці, ніхто не знає",
        "Погода на завтра: дощ і вітер",
        "Як доїхати до пункту прийому",
        "Дякуємо всім, хто допоміг речами",
        "Вода є, світла немає",
        "Працює ППО",
        "Відбій тривоги",
        "Оголошено евакуацію з п'яти сіл",
    ),
    "be": (
        "Жыхароў вёскі вывезлі ў суседні горад",
        "Абмен палоннымі адбыўся раніцай",
        "Трывога! Усе ў сховішча",
        "Аўтобусы для жыхароў стаяць каля школы",
        "Губернатар прыехаў у бальніцу",
        "Сувязі ў пасёлку няма з учорашняга дня",
        "Ціха, без здарэнняў",
        "Збіты беспілотнік, пацярпелых няма",
        "Дзе зараз нашы байцы, ніхто не ведае",
        "Надвор'е на заўтра: дождж і вецер",
        "Як даехаць да пункта прыёму",
        "Дзякуй усім, хто дапамог рэчамі",
        "Вада ёсць, святла няма",
        "Адбой трывогі",
        "Абвешчана эвакуацыя з пяці вёсак",
        "Гэта мова маёй маці",
    ),
    "en": (
        "Residents of the village were taken to the next town",
        "The exchange of prisoners took place in the morning",
        "Alarm! Everybody into the shelter",
        "Buses for the residents are waiting at the school",
        "The governor has come to the hospital",
        "There has been no signal since yesterday",
        "A drone was shot down, nobody is hurt",
        "Nobody knows where our soldiers are",
        "Weather for tomorrow: rain and wind",
        "How to reach the collection point",
        "Thanks to all who helped",
        "Water is back, power is not",
        "All clear",
        "Evacuation of five villages announced",
        "Wagner chief says he is ready to talk",
        "More follows soon",
    ),
    "nl": (
        "De bewoners van het dorp zijn naar de stad gebracht",
        "De gevangenen zijn vanmorgen geruild",
        "Alarm! Iedereen naar de schuilkelder",
        "Bij de school staan bussen klaar",
        "De gouverneur is in het ziekenhuis aangekomen",
        "Sinds gisteren is er geen verbinding",
        "Een drone is neergehaald, niemand raakte gewond",
        "Niemand weet waar onze jongens zijn",
        "Het weer voor morgen: regen en wind",
        "Hoe kom je bij het inzamelpunt",
        "Dank aan iedereen die heeft geholpen",
        "Er is weer water, maar geen stroom",
        "Het gevaar is geweken",
        "Vijf dorpen worden ontruimd",
        "De baas van Wagner wil praten",
        "Later meer nieuws",
    ),
    "de": (
        "Die Bewohner des Dorfes wurden in die Stadt gebracht",
        "Der Austausch der Gefangenen fand am Morgen statt",
        "Alarm! Alle in den Schutzraum",
        "Busse für die Bewohner stehen an der Schule",
        "Der Gouverneur ist im Krankenhaus eingetroffen",
        "Seit gestern gibt es keine Verbindung",
        "Eine Drohne wurde abgeschossen, niemand ist verletzt",
        "Niemand weiß, wo unsere Soldaten sind",
        "Das Wetter für morgen: Regen und Wind",
        "So kommt man zur Sammelstelle",
        "Danke an alle, die geholfen haben",
        "Wasser ist da, Strom nicht",
        "Entwarnung",
        "Fünf Dörfer werden geräumt",
        "Der Chef von Wagner will reden",
        "Weitere Nachrichten folgen",
    ),
    "fr": (
        "Les habitants du village ont été conduits en ville",
        "L'échange de prisonniers a eu lieu ce matin",
        "Alerte ! Tout le monde à l'abri",
        "Des bus attendent les habitants devant l'école",
        "Le gouverneur est arrivé à l'hôpital",
        "Il n'y a plus de réseau depuis hier",
        "Un drone a été abattu, personne n'est blessé",
        "Personne ne sait où sont nos soldats",
        "Le temps pour demain : pluie et vent",
        "Comment rejoindre le point de collecte",
        "Merci à tous ceux qui ont aidé",
        "L'eau est revenue, le courant non",
        "Fin de l'alerte",
        "Cinq villages sont évacués",
        "Le chef de Wagner veut parler",
        "Plus de nouvelles bientôt",
    ),
    "pl": (
        "Mieszkańców wsi wywieziono do miasta",
        "Wymiana jeńców odbyła się rano",
        "Alarm! Wszyscy do schronu",
        "Autobusy dla mieszkańców stoją przy szkole",
        "Gubernator przyjechał do szpitala",
        "Od wczoraj nie ma zasięgu",
        "Zestrzelono drona, nikt nie jest ranny",
        "Nikt nie wie, gdzie są nasi żołnierze",
        "Pogoda na jutro: deszcz i wiatr",
        "Jak dojechać do punktu zbiórki",
        "Dziękujemy wszystkim, którzy pomogli",
        "Woda jest, nie ma prądu",
        "Koniec alarmu",
        "Ogłoszono ewakuację pięciu wsi",
        "Szef Wagnera chce rozmawiać",
        "Wkrótce kolejne informacje",
    ),
}

# Sentences with words of another language in them; the usual language of their channel is not known.
MIXED = {
    "ru": (
        "Агентство Reuters: переговоров сегодня не будет",
        "Посмотрите новый ролик на YouTube, ссылка ниже",
        "Украинское слово «полонений» значит «пленный»",
        "Наш канал теперь и в WhatsApp, подписывайтесь",
    ),
    "uk": (
        "Агентство Reuters: перемовин сьогодні не буде",
        "Російське слово «эвакуация» тут не потрібне, є наше",
        "Дивіться наше відео на YouTube",
        "Шебекiно без свiтла, але всi живi",
    ),
    "en": ("The channel Пепел reports fighting at the border", "In Ukrainian the town is called Шебекіно"),
    "nl": ("Het kanaal Пепел meldt gevechten aan de grens", "In het Russisch heet het dorp Новая Таволжанка"),
    "de": ("Der Kanal Пепел meldet Kämpfe an der Grenze", "Auf Russisch heißt das Dorf Новая Таволжанка"),
}


def test_accuracy_over_all_sentences() -> None:
    cases = [(text, language) for table in (SENTENCES, MIXED) for language, texts in table.items() for text in texts]
    wrong = [(text, language, detect(text)) for text, language in cases if detect(text) != language]
    assert len(cases) >= 140
    assert len(wrong) <= len(cases) * 0.05, wrong


def test_accuracy_where_the_channel_has_that_language() -> None:
    cases = [(text, language) for language, texts in SENTENCES.items() for text in texts]
    assert [(text, language) for text, language in cases if detect(text, usual=language) != language] == []


def test_a_usual_language_does_not_outvote_a_sentence() -> None:
    """A Russian channel that quotes a Ukrainian post, and the other way round."""
    pairs = [("uk", "ru"), ("ru", "uk"), ("pl", "de"), ("de", "en"), ("en", "ru")]
    found = {
        (language, usual): sum(detect(text, usual=usual) == language for text in SENTENCES[language])
        for language, usual in pairs
    }
    assert {pair: right >= 13 for pair, right in found.items()} == dict.fromkeys(pairs, True), found


@pytest.mark.parametrize(
    ("text", "usual", "language"),
    [
        ("", None, None),
        ("123 — 45 😀 №", "ru", None),
        ("https://t.me/evacuation", "ru", None),
        ("@vvgladkov", "nl", None),
        ("Київ", "ru", "uk"),
        ("Объявлено", "uk", "ru"),
        ("Эвакуацыя", None, "be"),
        ("Аўтобус", "ru", "be"),
        ("Смерть", "uk", "uk"),
        ("Смерть", "ru", "ru"),
        ("Пригожин", "uk", "uk"),
        ("Пригожин", "ru", "ru"),
        ("п'ять", None, "uk"),
        ("ЖИТЕЛИ ПОКИДАЮТ ГОРОД", None, "ru"),
        ("«Київ» — так пишут название города на украинском, а в России пишут иначе", None, "ru"),
        ("Ўладзімір сказал, что эвакуация из города завершена и люди в безопасности", None, "ru"),
        ("https://www.example.com/the-evacuation-of-the-town Жители уехали", None, "ru"),
        ("Wagner", "nl", "nl"),
        ("Evacuatie", "nl", "nl"),
        ("Ewakuacja", None, "pl"),
        ("Évacuation", None, "fr"),
        ("Evakuierung", None, "de"),
        ("أعلن الحاكم", "ru", "ar"),
        ("روسیه می\u200cگوید", None, "fa"),
        ("Η εκκένωση", None, "el"),
        ("대피", None, "ko"),
        ("ひなん", None, "ja"),
        ("撤离", None, "zh"),
    ],
)
def test_single_cases(text: str, usual: str | None, language: str | None) -> None:
    assert detect(text, usual) == language


def test_odd_characters_are_no_letters() -> None:
    assert detect("\ud800\x00\U0010ffff") is None


def test_only_the_beginning_counts() -> None:
    assert detect("Объявлена эвакуация. " * 80 + "Оголошено евакуацію. " * 5000) == "ru"


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(max_size=200), st.sampled_from([None, "ru", "uk", "xx"]))
def test_any_text_has_an_answer_and_always_the_same(text: str, usual: str | None) -> None:
    assert detect(text, usual) == detect(text, usual)
    if not any(character.isalpha() for character in text):
        assert detect(text, usual) is None


def test_the_profiles_are_read_only_when_a_text_is() -> None:
    script = (
        "import sys, monitor.language.detect as d; print('langdetect' in sys.modules, d._table.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "0"]
