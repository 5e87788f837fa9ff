"""Text that tries to hide: what is found, with its span in the published text, and what is not, with the reason."""

from __future__ import annotations

import pytest

from monitor.rules.matcher import Matcher
from tests.matching import matcher_of

RULES = """
entities:
  yevgeny-prigozhin:
    kind: person
    gender: m
    name: Yevgeny Prigozhin
    forms: {ru: Евгений Викторович Пригожин, uk: Євген Пригожин}
    surname: alone
  shebekino:
    kind: place
    name: Shebekino
    forms: {ru: Шебекино, uk: Шебекіно}
  hur:
    kind: organisation
    name: HUR
    forms: {uk: ГУР, nl: HUR}
rules:
  prisoners:
    title: Prisoners
    level: high
    terms:
      captive: {ru: [пленный], nl: [krijgsgevangene]}
      captivity: {ru: [плен]}
      raid: {ru: [эвакуация]}
    when: captive or captivity or raid
    tests: {hit: [пленный], miss: [купленный]}
"""


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), RULES)


# The published text, and each mention as (start, end, entity or term).
FOUND = {
    "zero-width space": ("Жив При\u200bго\u200bжин", [(4, 14, "yevgeny-prigozhin")]),
    "zero-width joiner at the edges": ("\u200dПленные\u200d", [(1, 8, "captive")]),
    "word joiner": ("Взяли пле\u2060нных", [(6, 14, "captive")]),
    "soft hyphen": ("О при\u00adго\u00adжине", [(2, 13, "yevgeny-prigozhin")]),
    "stress mark": ("В Шебе\u0301кине", [(2, 11, "shebekino")]),
    "stress mark on the last letter": ("В плену\u0301.", [(2, 8, "captivity")]),
    "й in two characters": ("пленныи\u0306", [(0, 8, "captive")]),
    "Latin letters in a Cyrillic word": ("плeнныe в Шeбeкинe", [(0, 7, "captive"), (10, 18, "shebekino")]),
    "Cyrillic letters in a Latin word": ("Prigоzhin", [(0, 9, "yevgeny-prigozhin")]),
    "mathematical letters": ("𝐏𝐫𝐢𝐠𝐨𝐳𝐡𝐢𝐧", [(0, 9, "yevgeny-prigozhin")]),
    "full-width letters": ("Ｐｒｉｇｏｚｈｉｎ", [(0, 9, "yevgeny-prigozhin")]),
    "HTML entities": ("Пригожин&shy;у, &#1087;лен", [(0, 14, "yevgeny-prigozhin"), (16, 26, "captivity")]),
    "capitals": ("ПЛЕННЫЕ В ШЕБЕКИНЕ", [(0, 7, "captive"), (10, 18, "shebekino")]),
    "capitals by turns": ("пЛеННыЕ", [(0, 7, "captive")]),
    "spaces": ("п л е н н ы е", [(0, 13, "captive")]),
    "spaces, small words around": ("о п л е н н ы х в Шебекине", [(2, 15, "captive"), (18, 26, "shebekino")]),
    "spaces, the preposition apart": ("в п л е н у", [(2, 11, "captivity")]),
    "spaces, two words": ("э в а к у а ц и я и п л е н", [(0, 17, "raid"), (20, 27, "captivity")]),
    "spaces, two words apart": ("Ш е б е к и н о  э в а к у а ц и я", [(0, 15, "shebekino"), (17, 34, "raid")]),
    "spaces, an ordinary word before": ("э т о п л е н", [(6, 13, "captivity")]),
    "spaces, ordinary words around": ("н а ш и п л е н н ы е в г о р о д е", [(8, 21, "captive")]),
    "hyphens": ("п-л-е-н-н-ы-х", [(0, 13, "captive")]),
    "full stops": ("П.р.и.г.о.ж.и.н.", [(0, 15, "yevgeny-prigozhin")]),
    "no-break spaces": ("п\u00a0л\u00a0е\u00a0н", [(0, 7, "captivity")]),
    "spaces and Latin letters": ("п л e н", [(0, 7, "captivity")]),
    "emoji between all letters": ("п💔л💔е💔н💔н💔ы💔й", [(0, 13, "captive")]),
    "emoji with a selector": ("п❤\ufe0fл❤\ufe0fе❤\ufe0fн", [(0, 10, "captivity")]),
    "emoji of the basic plane": ("п⚡л⚡е⚡н", [(0, 7, "captivity")]),
    "emoji inside a word": ("При💥гожин жив", [(0, 9, "yevgeny-prigozhin")]),
    "two emoji inside a word": ("Ше💥бе🔥кино", [(0, 10, "shebekino")]),
    "emoji between words": ("Пригожин💥пленные", [(0, 8, "yevgeny-prigozhin"), (9, 16, "captive")]),
    "emphasis inside a word": ("**Ш**ебекино", [(2, 12, "shebekino")]),
    "spoiler inside a word": ("пле||нные", [(0, 9, "captive")]),
    "hashtag": ("#Шебекино", [(1, 9, "shebekino")]),
    "hashtag in small letters": ("#шебекино", [(1, 9, "shebekino")]),
    "hashtag of words by capitals": ("#ПригожинЖив", [(1, 9, "yevgeny-prigozhin")]),
    "hashtag, the second word": ("#ЖивПригожин", [(4, 12, "yevgeny-prigozhin")]),
    "hashtag of words by _": ("#шебекино_эвакуация", [(1, 9, "shebekino"), (10, 19, "raid")]),
    "hashtag after an abbreviation": ("#ГУРШебекино", [(1, 4, "hur"), (4, 12, "shebekino")]),
    "hashtag with a number": ("#Шебекино2023", [(1, 9, "shebekino")]),
    "Cyrillic after @ is no user name": ("@Пригожин", [(1, 9, "yevgeny-prigozhin")]),
    "quotation marks": ("«Пригожин»", [(1, 9, "yevgeny-prigozhin")]),
    "full name over a line break": ("Евгений\nПригожин", [(0, 16, "yevgeny-prigozhin")]),
    "the link's text": ("[Пригожин](https://t.me/prigozhin)", [(1, 9, "yevgeny-prigozhin")]),
}


@pytest.mark.parametrize("case", FOUND)
def test_hidden_text_is_found(case: str, matcher: Matcher) -> None:
    text, spans = FOUND[case]
    found = matcher.find(text)
    mentions = {mention for entity in found.entities for mention in entity.mentions}
    mentions |= {mention for match in found.matches for mention in match.mentions}
    assert sorted((one.start, one.end, one.entity or one.term) for one in mentions) == spans


def test_lone_surrogates_are_no_letters(matcher: Matcher) -> None:
    text = "\ud800Пригожин\udfff"
    assert [one.span for entity in matcher.find(text).entities for one in entity.mentions] == [(1, 9)]
    assert [one.span for one in matcher.explain(text).mentions] == [(1, 9)]


# What is left alone on purpose, and what `explain` says: (start, end, reason).
LEFT = {
    "relative": ("Пригожин-младший", [(0, 8, "a relative: младший")]),
    "user name": ("@prigozhin", [(1, 10, "part of an address or user name")]),
    "address": ("https://t.me/prigozhin/1", [(13, 22, "part of an address or user name")]),
    "link's target": ("[тут](t.me/prigozhin)", [(11, 20, "part of an address or user name")]),
    "e-mail": ("prigozhin@example.com", [(0, 9, "part of an address or user name")]),
    "hashtag in small letters": (
        "#пригожинжив",
        [(1, 9, "inside a word of a hashtag; capitals or _ would take it apart")],
    ),
    "hashtag in capitals": (
        "#ШЕБЕКИНОЖИВИ",
        [(1, 9, "inside a word of a hashtag; capitals or _ would take it apart")],
    ),
    "an abbreviation that is a word": ("Het hur", [(4, 7, "written without the capitals of the name")]),
    "letters of a longer word": ("к у п л е н н ы е", []),
    "single letters of a list": ("а, б, в, г, п, л, е, н", []),
    "masked letters": ("пл*нные", []),
    "another given name, spelled out": ("Иосиф Пригожин", [(6, 14, "another given name: иосиф")]),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_is_left_is_explained(case: str, matcher: Matcher) -> None:
    text, reasons = LEFT[case]
    assert not matcher.find(text)
    assert [(*one.mention.span, one.reason) for one in matcher.explain(text).dropped] == reasons
