"""The engine on whole posts: terms of every kind, places, overlaps, hidden text, conditions and levels."""

from __future__ import annotations

import pytest

from monitor.models import Findings, Level
from monitor.rules.matcher import Matcher
from tests.matching import entities_in, matcher_of, matches_in, reasons_in

TERMS = r"""
rules:
  bare:
    title: Bare words
    level: low
    terms:
      act: {ru: [эвакуация, пленный], uk: [евакуація], en: [prisoner], nl: [krijgsgevangene], fr: [évacuation]}
    when: act
    tests: {hit: [эвакуация], miss: [эвакуатор]}
  marked:
    title: Marked words
    level: low
    terms:
      exact: {ru: ["=плену"]}
      prefix: {ru: ["обмен*"], nl: ["evacu*"]}
      suffix: {nl: ["*gevangenen"]}
      infix: {nl: ["*ruil*"]}
      tag: {any: ["#drill"]}
      phrase: {ru: [взятый в плен, Свобода России], en: [prisoner of war]}
      frozen: {ru: ["=в тылу врага"]}
      regex: {ru: ['/\bр\w+т[аы]\b|\d{3} мм/']}
    when: exact or prefix or suffix or infix or tag or phrase or frozen or regex
    tests: {hit: [плену], miss: [плен]}
"""

PLACES = """
entities:
  belgorod:
    kind: place
    name: Belgorod
    forms: {ru: Белгород, uk: Бєлгород}
    never: [Белгород-Днестровский, подводная лодка Белгород]
  belgorod-oblast:
    kind: place
    name: Belgorod Oblast
    forms: {ru: Белгородская область, uk: Бєлгородська область}
    aliases:
      ru: [Белгородчина, регион Белгород]
      en: [Белгород region]
      nl: [regio Белгород]
      pl: [obwód biełgorodzki]
  kursk-oblast:
    kind: place
    name: Kursk Oblast
    forms: {ru: Курская область, uk: Курська область}
    aliases: {en: [Курск region], nl: [regio Курск], pl: [obwód kurski]}
  bryansk-oblast:
    kind: place
    name: Bryansk Oblast
    forms: {ru: Брянская область, uk: Брянська область}
    aliases: {en: [Брянск region], nl: [regio Брянск]}
  shebekino:
    kind: place
    name: Shebekino
    forms: {ru: Шебекино, uk: Шебекіно}
    aliases: {ru: [Шебекинский округ]}
  tavolzhanka:
    kind: place
    name: Novaya Tavolzhanka
    forms: {ru: Новая Таволжанка}
  rostov:
    kind: place
    name: Rostov-on-Don
    forms: {ru: Ростов-на-Дону}
  legion:
    kind: organisation
    name: Freedom of Russia Legion
    forms: {ru: Легион Свобода России}
    aliases: {ru: ["«Свобода России»"], en: [FRL]}
rules:
  anywhere:
    title: Anywhere
    level: low
    when: "@place or @organisation"
    tests: {hit: [Белгород], miss: [город]}
"""

CONDITIONS = """
entities:
  shebekino: {kind: place, name: Shebekino, forms: {ru: Шебекино}}
  prigozhin: {kind: person, gender: m, name: Yevgeny Prigozhin, forms: {ru: Евгений Пригожин}, surname: alone}
rules:
  near:
    title: Near
    level: medium
    raise: {high: [somebody]}
    terms: {act: {ru: [эвакуация]}, drill: {ru: [учения]}}
    when: act near/3 @shebekino and not drill
    tests: {hit: [эвакуация в Шебекине], miss: [эвакуация]}
  ordered:
    title: Ordered
    level: low
    terms: {one: {ru: [пленный]}, two: {ru: [обмен]}}
    when: one before/1 two
    tests: {hit: [пленный и обмен], miss: [обмен пленными]}
  somebody:
    title: Somebody
    level: low
    when: "@person"
    tests: {hit: [Пригожин], miss: [никто]}
  voice:
    title: A voice message of his channel
    level: high
    when: from(concord) and has(voice)
    tests: {hit: [{text: "…", channel: concord, media: [voice]}], miss: ["…"]}
"""


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), TERMS)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), PLACES)


@pytest.fixture(scope="module")
def conditions(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), CONDITIONS)


BARE = [
    ("Началась эвакуация.", ["эвакуация"]),
    ("ЭВАКУАЦИЕЙ занялись; об эвакуации", ["ЭВАКУАЦИЕЙ", "эвакуации"]),
    ("Эвакуатор увёз, купленные, предэвакуация", None),
    ("троих пленных", ["пленных"]),
    ("l’évacuation de la ville, d'évacuation", ["évacuation", "évacuation"]),
    ("jusqu'évacuation, puisqu’évacuation; mal'évacuation", ["évacuation", "évacuation"]),
    ("The prisoner’s story, two prisoners", ["prisoner’s", "prisoners"]),
    ("de krijgsgevangenen en een krijgsgevangenenkamp", ["krijgsgevangenen", "krijgsgevangenenkamp"]),
    # text that hides
    ("э\u200bвакуа\u00adция", ["э\u200bвакуа\u00adция"]),
    ("эвaкуaция", ["эвaкуaция"]),
    ("плéнный, пле\u0301нный", ["плéнный", "пле\u0301нный"]),
    ("п л е н н ы е", ["п л е н н ы е"]),
    ("п.л.е.н.н.ы.е", ["п.л.е.н.н.ы.е"]),
    ("э🔥в🔥а🔥к🔥у🔥а🔥ц🔥и🔥я", ["э🔥в🔥а🔥к🔥у🔥а🔥ц🔥и🔥я"]),
    ("#эвакуация", ["эвакуация"]),
    ("#ЭвакуацияШебекино #эвакуация_сегодня", ["Эвакуация", "эвакуация"]),
    ("эвакуа&#1094;ия", ["эвакуа&#1094;ия"]),
    # where nothing is to be found
    ("https://example.org/эвакуация и @evacuation", None),
    ("[тут](https://example.org/эвакуация)", None),
    ("[эвакуация](https://example.org/x)", ["эвакуация"]),
    ("", None),
]

MARKED = [
    ("в плену, из плена", ["плену"]),
    ("обменный фонд, обмен, подобмен", ["обменный", "обмен"]),
    ("geëvacueerd, evacuatiebus", ["evacuatiebus"]),
    ("een krijgsgevangenen lijst", ["krijgsgevangenen"]),
    ("gevangenenruiling", ["gevangenenruiling"]),
    ("Учения #drill завтра, drill", ["#drill"]),
    ("взятых в «плен», взятым в\nплен, взят. В плен", ["взятых в «плен", "взятым в\nплен"]),
    ("взятым в\n\nплен", None),
    ("«Свобода» России и «Свободой России»", ["Свобода» России", "Свободой России"]),
    ("prisoners of war", ["prisoners of war"]),
    ("в тылу врага, в тылах врага", ["в тылу врага"]),
    ("ракета, ракеты, ракетами, 155 мм, пират", ["ракета", "ракеты", "155 мм"]),
]

WHERE = [
    ("В Белгороде и Белгородской области", [("belgorod", "Белгороде"), ("belgorod-oblast", "Белгородской области")]),
    (
        "регионом Белгород, в регионе Белгород",
        [("belgorod-oblast", "регионом Белгород"), ("belgorod-oblast", "регионе Белгород")],
    ),
    ("Белгородчину обстреляли", [("belgorod-oblast", "Белгородчину")]),
    ("Белгородской обл.", [("belgorod-oblast", "Белгородской обл")]),
    ("Белгород-Днестровский, в Белгороде-Днестровском", []),
    ("подводной лодкой Белгород", []),
    ("Москва–Белгород, Белгород-Курск", [("belgorod", "Белгород"), ("belgorod", "Белгород")]),
    ("#Белгород #БелгородСегодня", [("belgorod", "Белгород"), ("belgorod", "Белгород")]),
    (
        "в Шебекино и в Шебекине, Шебекинского округа",
        [("shebekino", "Шебекино"), ("shebekino", "Шебекине"), ("shebekino", "Шебекинского округа")],
    ),
    ("В Новой Таволжанке", [("tavolzhanka", "Новой Таволжанке")]),
    ("в Ростове-на-Дону", [("rostov", "Ростове-на-Дону")]),
    # one noun for several names
    (
        "Над Курской, Брянской и Белгородской областями",
        [("kursk-oblast", "Курской"), ("bryansk-oblast", "Брянской"), ("belgorod-oblast", "Белгородской областями")],
    ),
    (
        "в Курской и Белгородской области",
        [("kursk-oblast", "Курской"), ("belgorod-oblast", "Белгородской области")],
    ),
    (
        "Брянську, Курську та Бєлгородську області",
        [("bryansk-oblast", "Брянську"), ("kursk-oblast", "Курську"), ("belgorod-oblast", "Бєлгородську області")],
    ),
    (
        "Над Курской областью три, над Брянской – пять",
        [("kursk-oblast", "Курской областью"), ("bryansk-oblast", "Брянской")],
    ),
    ("в Курском и Белгородском районах, Курское направление", []),
    ("Белгородской администрации области", []),
    # quoted names and short abbreviations need capitals
    ("Легиона «Свобода России»", [("legion", "Легиона «Свобода России")]),
    ("бойцы «Свободы России»", [("legion", "Свободы России")]),
    ("свобода России важна", []),
    ("Свобода России важна. Свобода России – наша цель", []),
    (
        "«Свобода России» в бою, вместе со Свободой России",
        [("legion", "Свобода России"), ("legion", "Свободой России")],
    ),
    ("FRL and frl", [("legion", "FRL")]),
]

LATIN = [
    ("In the Belgorod region, near Belgorod", [("belgorod-oblast", "Belgorod region"), ("belgorod", "Belgorod")]),
    (
        "the Belgorod, Kursk and Bryansk regions",
        [("belgorod-oblast", "Belgorod"), ("kursk-oblast", "Kursk"), ("bryansk-oblast", "Bryansk regions")],
    ),
    (
        "de regio’s Belgorod, Koersk en Brjansk",
        [("belgorod-oblast", "regio’s Belgorod"), ("kursk-oblast", "Koersk"), ("bryansk-oblast", "Brjansk")],
    ),
    ("obwody biełgorodzki i kurski", [("belgorod-oblast", "obwody biełgorodzki"), ("kursk-oblast", "kurski")]),
    ("in Sjebekino en Schebekino", [("shebekino", "Sjebekino"), ("shebekino", "Schebekino")]),
]

FIRED = [
    ("В Шебекине объявлена эвакуация", {"near": ["Шебекине", "эвакуация"]}),
    ("В Шебекине один два три четыре эвакуация", {}),
    ("В Шебекине\n\nэвакуация", {}),
    ("В Шебекине эвакуация на учениях", {}),
    ("пленные и обмен", {"ordered": ["пленные", "обмен"]}),
    ("обмен пленными", {}),
    ("Пригожин", {"somebody": ["Пригожин"]}),
]


@pytest.mark.parametrize(("text", "expected"), BARE)
def test_bare_terms(terms: Matcher, text: str, expected: list[str] | None) -> None:
    assert matches_in(terms, text).get("bare") == expected


@pytest.mark.parametrize(("text", "expected"), MARKED)
def test_marked_terms(terms: Matcher, text: str, expected: list[str] | None) -> None:
    assert matches_in(terms, text).get("marked") == expected


@pytest.mark.parametrize(("text", "expected"), WHERE + LATIN)
def test_places(places: Matcher, text: str, expected: list[tuple[str, str]]) -> None:
    assert entities_in(places, text) == expected


@pytest.mark.parametrize(("text", "expected"), FIRED)
def test_conditions(conditions: Matcher, text: str, expected: dict[str, list[str]]) -> None:
    assert matches_in(conditions, text) == expected


def test_a_rule_is_raised_by_another_on_the_same_post(conditions: Matcher) -> None:
    alone = conditions.find("Эвакуация в Шебекине").matches
    raised = conditions.find("Эвакуация в Шебекине, сказал Пригожин").matches
    assert [(one.rule, one.level) for one in alone] == [("near", Level.MEDIUM)]
    assert [(one.rule, one.level) for one in raised] == [("near", Level.HIGH), ("somebody", Level.LOW)]


def test_a_rule_of_channel_and_media_needs_no_mention(conditions: Matcher) -> None:
    assert matches_in(conditions, "", channel="Concord", media=["voice"]) == {"voice": []}
    assert matches_in(conditions, "", channel="Concord", media=["photo"]) == {}


def test_nothing_found_is_one_shared_value(terms: Matcher) -> None:
    assert terms.find("Погода хорошая") is terms.find("Снег идёт") == Findings((), ())


def test_the_shorter_name_gives_way_with_a_reason(places: Matcher) -> None:
    assert reasons_in(places, "регион Белгород") == [("Белгород", "part of a longer name: Belgorod Oblast")]


def test_explanation_gives_forms_and_values(conditions: Matcher) -> None:
    explained = conditions.explain("Эвакуация в Шебекине")
    assert [(one.form, one.lemma, one.entity or one.term) for one in explained.mentions] == [
        ("эвакуация", "эвакуация", "act"),
        ("шебекине", "Шебекино", "shebekino"),
    ]
    assert [(one.rule.id, one.verdict.value, one.level) for one in explained.rules] == [
        ("near", True, Level.MEDIUM),
        ("ordered", False, None),
        ("somebody", False, None),
        ("voice", False, None),
    ]


MONSTERS = [
    "эвакуация " * 20_000,
    "Шебекино эвакуация учения " * 8_000,
    "e" + "\u0301" * 100_000,
    "а" * 1_000_000,
    "п л " * 100_000,
    "#" * 100_000,
    "Курской, " * 20_000,
    "Е. " * 100_000 + "Пригожин",
    "Пригожин " * 20_000,
]


@pytest.mark.parametrize("text", MONSTERS, ids=range(len(MONSTERS)))
def test_monstrous_posts_end(conditions: Matcher, places: Matcher, text: str) -> None:
    assert conditions.find(text) is not None
    assert places.find(text) is not None


NOT_ALL_OF_IT = ["эвакуация", "Шебекино", "учения", "пленный", "обмен", "пленные, обмен и эвакуация", "Пригожин, обмен"]


@pytest.mark.parametrize("text", [*NOT_ALL_OF_IT, *(text for text, _ in FIRED)])
def test_rules_left_out_early_would_not_have_fired(conditions: Matcher, text: str) -> None:
    explained = conditions.explain(text)
    assert list(matches_in(conditions, text)) == [one.rule.id for one in explained.rules if one.verdict.value]
