"""Names in Latin letters with each language's endings, and the list of first names."""

import pytest

from monitor.language.fold import fold_form
from monitor.language.given_names import genders, given_name_forms
from monitor.language.inflect import latin_name_forms


@pytest.mark.parametrize(
    ("language", "kind", "name", "forms"),
    [
        ("en", "person", "Prigozhin", "Prigozhin|Prigozhin's"),
        ("en", "person", "Gladkovs", "Gladkovs|Gladkovs's|Gladkovs'"),
        ("en", "place", "Belgorod", "Belgorod|Belgorod's"),
        ("nl", "person", "Prigozjin", "Prigozjin|Prigozjins|Prigozjin's"),
        ("nl", "person", "Sjojgoe", "Sjojgoe|Sjojgoes|Sjojgoe's"),
        ("nl", "person", "Zelensky", "Zelensky|Zelensky's|Zelenskys"),
        ("nl", "place", "Sjebekino", "Sjebekino|Sjebekino's|Sjebekinos"),
        ("de", "person", "Prigoschin", "Prigoschin|Prigoschins|Prigoschin's"),
        ("de", "place", "Brjansk", "Brjansk|Brjansks|Brjansk's"),
        ("fr", "person", "Prigojine", "Prigojine"),
        ("en", "organisation", "Russian Volunteer Corps", "Russian Volunteer Corps|Russian Volunteer Corps'"),
        ("it", "person", "Prigozhin", "Prigozhin"),
    ],
)
def test_endings(language, kind, name, forms):
    made = {form.text for form in latin_name_forms(name, language, kind)}
    assert [form for form in forms.split("|") if form not in made] == []
    assert len(made) <= 4


@pytest.mark.parametrize(
    ("kind", "name", "forms"),
    [
        ("person", "Prigożyn", "Prigożyna Prigożynowi Prigożynem Prigożynie"),
        ("person", "Kadyrow", "Kadyrowa Kadyrowowi Kadyrowem Kadyrowie"),
        ("person", "Putin", "Putina Putinowi Putinem Putinie"),
        ("person", "Zełenski", "Zełenskiego Zełenskiemu Zełenskim"),
        ("person", "Gierasimow", "Gierasimowa Gierasimowowi Gierasimowem Gierasimowie"),
        ("person", "Szojgu", "Szojgu"),
        ("person", "Wagner", "Wagnera Wagnerowi Wagnerem Wagnerze"),
        ("person", "Poroszenko", "Poroszenki Poroszence Poroszenkę Poroszenką"),
        ("person-f", "Zełenska", "Zełenskiej Zełenską"),
        ("person-f", "Zacharowa", "Zacharowej Zacharową"),
        ("place", "Biełgorod", "Biełgorodu Biełgorodem Biełgorodzie"),
        ("place", "Szebiekino", "Szebiekino Szebiekina Szebiekinie"),
        ("place", "Briańsk", "Briańska Briańskiem Briańsku"),
        ("place", "Kursk", "Kurska Kurskiem Kursku"),
        ("place", "Wołokonowka", "Wołokonowki Wołokonowce Wołokonowkę Wołokonowką"),
        ("place", "Grajworon", "Grajworonu Grajworonem Grajworonie"),
        ("organisation", "HUR", "HUR"),
    ],
)
def test_polish_cases(kind, name, forms):
    made = {form.text for form in latin_name_forms(name, "pl", kind)}
    assert [form for form in forms.split() if form not in made] == []


def test_polish_phrase_declines_every_word():
    made = {form.text for form in latin_name_forms("Nowaja Tawołżanka", "pl", "place")}
    assert {"Nowej Tawołżance", "Nowej Tawołżanki", "Nową Tawołżankę", "Nową Tawołżanką", "Nowaja Tawołżanka"} <= made


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("Елены", "Елена"), ("Ахмата", "Ахмат"), ("Иосифа", "Иосиф"), ("Ильёй", "Илья"), ("Олени", "Олена"),
        ("Ользі", "Ольга"),
        ("Льва", "Лев"), ("Павла", "Павел"), ("Юрієві", "Юрій"), ("Христо", "Христо"), ("Сяргею", "Сяргей"),
        ("Любови", "Любовь"),
    ],
)  # fmt: skip
def test_first_names_are_known_in_every_case(form, name):
    assert name in given_name_forms()[fold_form(form)]


def test_first_names_have_genders():
    assert (genders("Елена"), genders("Рамзан"), genders("Валуйки")) == ({"f"}, {"m"}, frozenset())
    assert sum(len(genders(name)) for names in given_name_forms().values() for name in names) > 3000
