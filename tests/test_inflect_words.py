"""Common words and phrases in all their forms, and forms that must not be made."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.language.fold import fold_form
from monitor.language.inflect import LANGUAGES, Form, name_forms, person_forms, phrase_forms, plural_forms, word_forms

MUST = {
    "ru": {
        "пленный": "пленный пленного пленному пленным пленном пленные пленных пленными пленная пленной пленную",
        "военнопленный": "военнопленного военнопленные военнопленных военнопленными",
        "плен": "плен плена плену пленом плене",
        "эвакуация": "эвакуации эвакуацию эвакуацией эвакуаций эвакуациями",
        "эвакуировать": "эвакуируют эвакуировал эвакуировали эвакуируйте эвакуируя эвакуировав эвакуированных "
        "эвакуирован эвакуирована эвакуировано эвакуированы эвакуирующий эвакуируемых эвакуируем",
        "эвакуированный": "эвакуированный эвакуированных эвакуированы эвакуированными",
        "сдаться": "сдался сдалась сдались сдастся сдайся сдадутся сдавшийся сдавшихся",
        "учения": "учения учений учениям учениями учениях",
        "обмен": "обмена обмену обменом обмене обмены обменов",
        "люди": "люди людей людям людьми людях",
        "МИД": "МИД МИДа МИДу МИДом МИДе",
    },
    "uk": {
        "полонений": "полоненого полоненому полонені полонених полоненим полоненими полонена полоненої полонену",
        "військовополонений": "військовополонені військовополонених військовополоненого",
        "полон": "полону полоні полоном",
        "пункти": "пункти пунктів пунктам пунктами пунктах",
        "родичі": "родичі родичів родичам родичами родичах",
        "рідні": "рідні рідних рідним рідними",
        "військові": "військові військових військовим військовими",
        "росіяни": "росіяни росіян росіянам росіянами росіянах",
        "жителі": "жителі жителів жителям жителями жителях",
        "студенти": "студентів студентам студентами студентах",
        "мати": "матері матір матір'ю матерів",
        "область": "області областю областей областям областями областях",
        "біженець": "біженця біженцю біженцеві біженцем біженці біженців біженцям біженцями біженцях",
        "евакуація": "евакуації евакуацію евакуацією евакуацій евакуаціями",
        "евакуювати": "евакуюють евакуює евакуював евакуювали евакуюйте евакуюючи евакуювавши евакуйованих "
        "евакуйовано евакуюватимуть",
        "звільнити": "звільнив звільнили звільнять звільнено звільнений звільнених звільніть",
        "звільнення": "звільнення звільненню звільненням звільненні звільнень",
        "захопити": "захопив захоплю захопить захоплять захоплено захоплений захоплених",
        "взяти": "взяв взяли візьмуть візьме взято взятий взятих візьміть",
        "рятувати": "рятують рятує рятував рятований рятуйте",
        "обміняти": "обміняв обміняли обміняють обміняно обміняний обміняних",
        "здатися": "здався здалася здалися здасться здадуться здавшись",
        "евакуюватися": "евакуюється евакуюються евакуювався евакуювалися евакуюйтеся евакуюватись",
        "вивезти": "вивіз вивезла вивезли вивезуть вивезено вивезений вивезених",
        "обстріл": "обстрілу обстрілом обстрілі обстріли обстрілів",
        "мешканець": "мешканця мешканці мешканців мешканцям",
        "житель": "жителя жителі жителів жителям жителями",
        "полонити": "полонив полонили полонено",
        "заручник": "заручника заручники заручників заручникам",
        "місто": "міста місту містом місті міст містах",
        "село": "села селу селом селі сіл селах",
        "загроза": "загрози загрозі загрозу загрозою загроз",
        "допомога": "допомоги допомозі допомогу допомогою",
        "укриття": "укриття укриттю укриттям укритті укриттів",
        "потік": "потоку потоком потоці потоки потоків",
        "день": "дня дню днем дні днів дням днями днях",
        "боєць": "бійця бійцю бійцем бійці бійців бійцям бійцями",
        "воїн": "воїна воїни воїнів воїнам",
        "лікар": "лікаря лікарю лікарем лікарі лікарів",
        "люди": "люди людей людям людьми людях",
        "в'язень": "в'язня в'язні в'язнів в'язням в'язнями",
        "притулок": "притулку притулком притулки притулків",
        "громадянин": "громадянина громадяни громадян громадянам громадянами",
        "військо": "війська війську військом військ військами",
        "лікарня": "лікарні лікарню лікарнею лікарень лікарнях",
        "сім'я": "сім'ї сім'ю сім'єю сімей сім'ям",
        "перебувати": "перебуває перебувають перебував перебували",
        "здаватися": "здається здаються здавався здавалися здавайтеся",
        "відчувати": "відчуває відчувають відчували",
        "ночувати": "ночує ночують ночували",
        "скласти": "склав склали складуть складено складений",
        "піти": "пішов пішла пішли підуть піде",
        "виїхати": "виїхав виїхала виїхали виїдуть виїде",
        "вивести": "вивів вивела вивели виведуть виведено виведених",
        "повернутися": "повернувся повернулася повернулися повернеться повернуться",
        "захищати": "захищає захищають захищав захищали",
        "утримувати": "утримує утримують утримували утримувано утримуваних",
    },
    "be": {
        "палонны": "палоннага палоннаму палонныя палонных палоннымі палонная палоннай",
        "эвакуацыя": "эвакуацыі эвакуацыю эвакуацыяй эвакуацый",
        "эвакуіраваць": "эвакуіраваў эвакуіравалі эвакуіраваны эвакуіраваных эвакуіруюць эвакуіравана",
        "палон": "палону палоне палонам",
        "вобласць": "вобласці вобласцю вобласцей",
        "жыхар": "жыхара жыхары жыхароў жыхарам жыхарамі",
        "бежанец": "бежанца бежанцы бежанцаў бежанцам",
        "вызваліць": "вызваліў вызвалілі вызваляць вызвалены вызваленых",
    },
    "en": {
        "prisoner": "prisoner prisoners prisoner's prisoners'",
        "evacuate": "evacuates evacuated evacuating",
        "flee": "flees fled fleeing",
        "evacuation": "evacuations",
        "serviceman": "servicemen",
        "take": "took taken taking takes",
        "swap": "swaps swapped swapping",
        "refugee": "refugees",
        "POW": "POW POWs POW's",
    },
    "nl": {
        "evacueren": "evacueert evacueerde evacueerden geëvacueerd geëvacueerde geëvacueerden evacuerend",
        "gevangene": "gevangenen",
        "krijgsgevangene": "krijgsgevangenen",
        "evacuatie": "evacuaties",
        "ontruimen": "ontruimt ontruimd ontruimde ontruimden",
        "vrijlaten": "vrijgelaten vrijlaat vrijgelatenen",
        "soldaat": "soldaten",
        "uitwisselen": "uitgewisseld uitwisselt",
        "uitwisseling": "uitwisselingen",
        "ruil": "ruilen",
        "bus": "bussen",
        "gijzelaar": "gijzelaars",
        "gevangen": "gevangen gevangene gevangenen",
        "vluchten": "vlucht vluchtte vluchtten gevlucht",
        "redden": "redt redde redden gered geredde",
        "inwoner": "inwoners",
    },
    "de": {
        "Gefangener": "Gefangener Gefangene Gefangenen Gefangenem",
        "Kriegsgefangener": "Kriegsgefangene Kriegsgefangenen",
        "evakuieren": "evakuiert evakuierte evakuierten evakuierter evakuiertes evakuierend",
        "Evakuierung": "Evakuierungen",
        "austauschen": "ausgetauscht ausgetauschte auszutauschen austauschte",
        "freilassen": "freigelassen freigelassene freilässt freizulassen",
        "Soldat": "Soldaten",
        "Bewohner": "Bewohner Bewohners Bewohnern",
        "retten": "rettet rettete gerettet geretteten",
        "Austausch": "Austauschs Austausches",
    },
    "fr": {
        "évacuer": "évacue évacuent évacué évacuée évacués évacuées évacuait évacuaient évacuera évacueront évacuant",
        "évacuation": "évacuations",
        "prisonnier": "prisonniers prisonnière prisonnières",
        "libérer": "libère libèrent libéré libérés libérait",
        "captif": "captifs captive captives",
        "échanger": "échangé échangés échangeait échangeant échangent",
        "rendre": "rend rendent rendu rendus rendait",
        "saisir": "saisit saisissent saisi saisie",
    },
    "pl": {
        "jeniec": "jeńca jeńcowi jeńcem jeńcu jeńcy jeńców jeńcom jeńcami jeńcach",
        "ewakuacja": "ewakuacji ewakuację ewakuacją ewakuacje",
        "ewakuować": "ewakuowano ewakuował ewakuowali ewakuują ewakuuje ewakuowany ewakuowani ewakuowanych ewakuowanie",
        "uwolnić": "uwolnił uwolniono uwolniony uwolnieni uwolnienie uwolnienia",
        "niewola": "niewoli niewolę niewolą",
        "wymiana": "wymiany wymianie wymianę wymianą",
        "zakładnik": "zakładnika zakładnicy zakładników zakładnikom",
        "żołnierz": "żołnierza żołnierze żołnierzy żołnierzom",
        "mieszkaniec": "mieszkańca mieszkańcy mieszkańców mieszkańcom",
        "więzień": "więźnia więźniowi więźniem więźniów",
        "obwód": "obwodu obwodzie obwodem",
        "wziąć": "wziął wzięli wzięto wzięty wzięci wezmą",
        "wojenny": "wojennego wojennych wojennym wojenni wojenne",
    },
}


@pytest.mark.parametrize(
    ("language", "lemma"), [(language, lemma) for language, words in MUST.items() for lemma in words]
)
def test_word_has_its_forms(language, lemma):
    made = {fold_form(form.text) for form in word_forms(lemma, language)}
    assert [form for form in MUST[language][lemma].split() if fold_form(form) not in made] == []


@pytest.mark.parametrize(
    ("language", "lemma", "never"),
    [
        ("ru", "пленный", "плен пленка пленум"),
        ("ru", "БПЛА", "бпли бпло бпл"),
        ("ru", "эвакуировать", "эвакуатор эвакуация"),
        ("ru", "эвакуированный", "эвакуировать эвакуировал"),
        ("uk", "полон", "полонина полонений"),
        ("uk", "евакуація", "евакуатор"),
        ("nl", "gevangene", "gevangenis gevang vangen"),
        ("de", "Gefangener", "Gefängnis fangen"),
        ("pl", "więzień", "więzienie więzienia"),
        ("en", "captive", "captivity"),
        ("fr", "évacuation", "évacuateur"),
    ],
)
def test_word_has_no_such_form(language, lemma, never):
    made = {fold_form(form.text) for form in word_forms(lemma, language)}
    assert [form for form in never.split() if fold_form(form) in made] == []


@pytest.mark.parametrize(
    ("language", "gender", "name", "never"),
    [
        ("ru", "m", "Евгений Пригожин", "пригож пригожа пригожий пригожая пригожины пригожиных"),
        ("ru", "m", "Кирилл Буданов", "будан буданы буданова̀я"),
        ("uk", "m", "Кирило Буданов", "будан буданова́я будан'"),
        ("ru", "m", "Вячеслав Гладков", "гладко гладкий гладок гладка"),
        ("ru", "m", "Владимир Путин", "путина́я пути путь путины путиной"),
        ("ru", "m", "Владимир Зеленский", "зеленая зелен зеленская зеленской"),
        ("ru", "m", "Христо Грозев", "грозный гроза грозы"),
        ("ru", "m", "Рихард Вагнер", "вагнеровцы вагнеры"),
        ("uk", "m", "Сергій Шойгу", "шойга шойги"),
        ("ru", "m", "Пётр Порошенко", "порошенка порошенком"),
        ("uk", "f", "Юлія Тимошенко", "тимошенка тимошенку"),
        ("ru", "f", "Елена Зеленская", "зеленский зеленского зеленским"),
        ("ru", "f", "Анна Маляр", "маляра маляром"),
        ("ru", "f", "Любовь Пригожина", "пригожин пригожины"),
        ("uk", "m", "Денис Капустін", "капуста капусти"),
        ("ru", "m", "Виктор Черных", "черный черного черныха"),
    ],
)
def test_person_has_no_such_form(language, gender, name, never):
    made = {fold_form(form.text) for form in person_forms(name, language, gender).surname}
    assert [form for form in never.split() if form in made] == []


@pytest.mark.parametrize(
    ("language", "kind", "name", "never"),
    [
        ("ru", "place", "Белгород", "белгородский белгородец"),
        ("ru", "place", "Валуйки", "валуй валуйков валуйка"),
        ("ru", "place", "Курск", "курский курса"),
        ("ru", "place", "Сочи", "сочей сочам"),
        ("ru", "organisation", "РДК", "рдка рдке"),
        ("uk", "organisation", "ЗСУ", "зсуа зсуу"),
        ("ru", "organisation", "Министерство обороны", "министерство обороне министерства обороной"),
        ("ru", "place", "Ростов-на-Дону", "ростов-на-дона ростов-на-доном"),
    ],
)
def test_name_has_no_such_form(language, kind, name, never):
    made = {fold_form(form.text) for form in name_forms(name, language, kind)}
    assert [form for form in [never, *never.split()] if form in made] == []


@pytest.mark.parametrize(
    ("language", "phrase", "forms"),
    [
        ("ru", "сдаться в плен", ["сдался в плен", "сдались в плен", "сдавшиеся в плен", "сдаться в плен"]),
        ("ru", "обмен пленными", ["обмена пленными", "обмену пленными", "обменом пленными"]),
        ("ru", "пункт временного размещения", ["пункты временного размещения", "пунктах временного размещения"]),
        ("ru", "взятый в плен", ["взятых в плен", "взятого в плен", "взятыми в плен"]),
        ("ru", "мирный житель", ["мирных жителей", "мирные жители", "мирным жителям", "мирному жителю"]),
        ("ru", "в плену", ["в плену"]),
        ("uk", "обмін полоненими", ["обміну полоненими", "обміном полоненими", "обміні полоненими"]),
        ("uk", "взяти в полон", ["взяли в полон", "взято в полон", "взятих в полон"]),
        ("uk", "захоплений боєць", ["захопленого бійця", "захоплених бійців", "захопленим бійцем"]),
        ("uk", "мирний житель", ["мирних жителів", "мирні жителі", "мирним жителям"]),
        ("uk", "гаряча точка", ["гарячої точки", "гарячу точку", "гарячі точки", "гарячих точок", "гарячими точками"]),
        ("uk", "бойові дії", ["бойових дій", "бойовим діям", "бойовими діями", "бойових діях"]),
        ("uk", "пункти тимчасового розміщення", ["пунктів тимчасового розміщення", "пунктах тимчасового розміщення"]),
        ("uk", "примусова евакуація", ["примусової евакуації", "примусову евакуацію", "примусовою евакуацією"]),
        ("en", "prisoner of war", ["prisoners of war"]),
        ("en", "take prisoner", ["took prisoner", "taken prisoner", "taking prisoners"]),
        ("fr", "prisonnier de guerre", ["prisonniers de guerre", "prisonnière de guerre"]),
        ("pl", "jeniec wojenny", ["jeńca wojennego", "jeńcy wojenni", "jeńców wojennych", "jeńcom wojennym"]),
        ("pl", "wymiana jeńców", ["wymiany jeńców", "wymianie jeńców", "wymianą jeńców"]),
        ("pl", "wziąć do niewoli", ["wzięto do niewoli", "wzięci do niewoli", "wziętych do niewoli"]),
        ("nl", "gevangen soldaat", ["gevangen soldaten", "gevangene soldaten"]),
        ("de", "in Gefangenschaft", ["in Gefangenschaft"]),
    ],
)
def test_phrase(language, phrase, forms):
    made = {fold_form(form.text) for form in phrase_forms(phrase, language)}
    assert [form for form in forms if fold_form(form) not in made] == []


def covers(form: Form, word: str) -> bool:
    """Whether a form is found in a word, as whoever matches must read its open edges."""
    text = fold_form(form.text)
    start = word.find(text)
    return start >= 0 and (start == 0 or form.left) and (start + len(text) == len(word) or form.right)


@pytest.mark.parametrize(
    ("language", "lemma", "found", "lost"),
    [
        (
            "nl",
            "gevangene",
            "krijgsgevangenen gevangenenruil oorlogsgevangene",
            "gevangenis gevangenissen gevangenschap",
        ),
        ("nl", "evacuatie", "evacuatiebus evacuatieplan massaevacuaties", "evacueren"),
        ("nl", "gijzelaar", "gijzelaars", "gijzeling"),
        ("nl", "ruil", "ruil", "gevangenenruil verruilen"),
        ("de", "Gefangener", "kriegsgefangene gefangenenaustausch kriegsgefangenen", "gefangnis gefangenschaft"),
        ("de", "Evakuierung", "evakuierungsbus zwangsevakuierung", "evakuieren"),
        ("de", "Austausch", "gefangenenaustausch austauschs", "tausch"),
        ("en", "prisoner", "prisoners", "imprisoners"),
        ("pl", "jeniec", "jencow", "jencowski"),
    ],
)
def test_compounds(language, lemma, found, lost):
    forms = word_forms(lemma, language)
    assert [word for word in found.split() if not any(covers(form, word) for form in forms)] == []
    assert [word for word in lost.split() if any(covers(form, word) for form in forms)] == []


def test_ways_are_for_people():
    assert {(f.text, f.via) for f in person_forms("Евгений Пригожин", "ru", "m").surname} == {
        ("Пригожин", "nominative; surname in -ин"),
        ("Пригожина", "genitive or accusative; surname in -ин"),
        ("Пригожину", "dative; surname in -ин"),
        ("Пригожиным", "instrumental; surname in -ин"),
        ("Пригожином", "instrumental; surname in -ин"),
        ("Пригожине", "prepositional; surname in -ин"),
    }


@pytest.mark.parametrize(
    ("surname", "language", "gender", "forms"),
    [
        ("Пригожин", "ru", "m", "Пригожины Пригожиных Пригожиным Пригожиными"),
        ("Зеленский", "ru", "m", "Зеленские Зеленских Зеленским Зеленскими"),
        ("Зеленська", "uk", "f", "Зеленські Зеленських Зеленським Зеленськими"),
        ("Кадиров", "uk", "m", "Кадирови Кадирових Кадировим Кадировими"),
        ("Вагнер", "ru", "m", "Вагнеры Вагнеров Вагнерам Вагнерами Вагнерах"),
        ("Шойгу", "ru", "m", "Шойгу"),
        ("Пуцін", "be", "m", "Пуціны Пуціных Пуціным Пуцінымі"),
    ],
)
def test_the_family(surname, language, gender, forms):
    assert [form.text for form in plural_forms(surname, language, gender)] == forms.split()


@pytest.mark.parametrize(("name", "language"), [("", "ru"), ("Пригожин", "en"), ("", "uk")])
def test_bad_names_are_refused(name, language):
    with pytest.raises(ValueError, match=r"empty|ru, uk and be"):
        person_forms(name, language, "m")


def test_an_unknown_language_changes_nothing():
    assert word_forms("ostaggio", "it") == (Form("ostaggio", "as written"),)


CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяєіїґўАБОИЮЯЬ'"
LATIN = "abcdefghijklmnopqrstuvwxyząéßżłöABZ'"


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(CYRILLIC + " -", min_size=1, max_size=14), st.sampled_from(["ru", "uk", "be"]), st.sampled_from("mf"))
def test_any_name_gives_itself_and_never_an_empty_form(name, language, gender):
    assume(any(letter.isalpha() for letter in name))
    last = person_forms(name, language, gender).surname
    made = [*last, *plural_forms(name.split()[-1], language, gender), *name_forms(name, language, "place")]
    words = [word.strip("-'") for word in name.split() if word.strip("-'")]
    assert words[-1] in {word for form in last for word in form.text.split()}
    assert all(form.text.strip() and form.via for form in made)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(CYRILLIC + LATIN + "- 1", min_size=1, max_size=12), st.sampled_from(LANGUAGES))
def test_any_word_gives_itself_and_never_an_empty_form(lemma, language):
    words = lemma.split()
    if not words:
        return
    forms = phrase_forms(lemma, language)
    assert " ".join(words) in {form.text for form in forms}
    assert all(form.text.strip() and form.via for form in [*forms, *word_forms(words[0], language)])
