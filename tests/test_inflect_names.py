"""Names in all their cases, against the tables written by hand in tests/inflection/."""

from itertools import product
from pathlib import Path

import pytest

from monitor.language.fold import fold_form
from monitor.language.inflect import name_forms, person_forms

FOLDER = Path(__file__).parent / "inflection"
TABLES = {
    "ru": ("persons_ru.tsv", "names_ru.tsv", "packs_ru.tsv"),
    "uk": ("persons_uk.tsv", "names_uk.tsv", "packs_uk.tsv"),
    "be": ("names_be.tsv",),
}


def cells(name: str, cell: str) -> list[list[str]]:
    """The words of one cell, each with its variants."""
    found = []
    for lemma, word in zip(name.split(), cell.split(), strict=True):
        stem = lemma.partition("|")[0]
        found.append([stem + variant[1:] if variant.startswith("-") else variant for variant in word.split(",")])
    return found


def folded(forms):
    return {fold_form(form.text) for form in forms}


def rows():
    for language, files in TABLES.items():
        for file in files:
            head, *lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
            cases = head.split("\t")[2:]
            for line in lines:
                kind, name, *columns = line.split("\t")
                yield pytest.param(
                    language, kind, name, dict(zip(cases, columns, strict=True)), id=f"{language}-{name}"
                )


@pytest.mark.parametrize(("language", "kind", "name", "columns"), list(rows()))
def test_every_form_of_the_table_is_generated(language, kind, name, columns):
    plain = name.replace("|", "")
    missing = person_missing if kind.startswith("person") else name_missing
    assert missing(language, kind, name, plain, columns) == []


def person_missing(language, kind, name, plain, columns):
    forms = person_forms(plain, language, kind[-1])
    words = plain.split()
    parts = [forms.given, *([forms.patronymic] if forms.patronymic else [])]
    lost = [] if words[-1] in {form.text.split()[-1] for form in forms.surname} else [words[-1]]
    for case, cell in columns.items():
        found = cells(name, cell)
        for variants, part in zip(found, parts, strict=False):
            lost += [(case, v) for v in variants if fold_form(v) not in folded(part)]
        for row in product(*found[len(parts) :]):
            surname = " ".join(row)
            if fold_form(surname) not in folded(forms.surname):
                lost.append((case, surname))
    return lost


def name_missing(language, kind, name, plain, columns):
    forms = folded(name_forms(plain, language, kind))
    lost = []
    for case, cell in columns.items():
        for row in product(*cells(name, cell)):
            text = " ".join(row).translate({ord("«"): None, ord("»"): None})
            if fold_form(text) not in forms:
                lost.append((case, text))
    return lost
