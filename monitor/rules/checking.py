"""What must hold between rules and entities once all folders are laid over each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from monitor.language.fold import fold_form
from monitor.rules.condition import EntityRef, Has, TermRef, walk
from monitor.rules.faults import nearest, pointed_at
from monitor.rules.implying import fire_alone
from monitor.rules.regexes import Regex, compile_regex
from monitor.rules.schema import Entity, Place, Rule, RuleSet, Term

MEDIA = (
    "photo",
    "video",
    "round",
    "voice",
    "audio",
    "animation",
    "sticker",
    "document",
    "poll",
    "location",
    "contact",
    "other",
)
# So frequent in their language that a rule of nothing else would ring at every post.
_STOP_WORDS = {
    "ru": "и в во не на я с со что а по он как это к но они мы за из у о же от для так бы то все его ее их при до или",
    "uk": "і й та в у не що на з зі до як це від за про але по він вона вони ми я так же для то все його її їх або чи",
    "be": "і й у ў не што на з са да як гэта ад за пра але па ён яна яны мы я так жа для ці яго яе іх",
    "en": "the a an of to in and is it that for on as at by with this are was be or not but from have he she they we",
    "nl": "de het een en van is dat in op te aan met voor er niet zijn die was ook om als bij maar of hij ze we ik",
    "de": "der die das und zu den mit in von ist ein eine im dem des nicht auf für sich auch es an er sie wir ich oder",
    "fr": "le la les et un une des du de à en est que qui dans pour par sur pas au aux il elle ils nous vous ce se ne",
    "pl": "i w we z ze na do się nie to jest że jak a o po od za przez dla ale czy lub on ona oni jego jej ich",
}


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(fold_form(" ".join(_STOP_WORDS.values())).split())


@cache
def _everyday() -> tuple[str, ...]:
    """Sentences of nothing but stop words, one a language, folded."""
    return tuple(map(fold_form, _STOP_WORDS.values()))


def check(rules: RuleSet, declared: set[str]) -> Iterator[tuple[Place, str, str]]:
    """Give each fault as place, id and sentence: names that lead nowhere, unused terms, rules without tests.

    `declared` are the ids of faulty rules and entities too: what leads to one of them is no fault of its own.
    """
    entities = {entity.id for entity in rules.entities} | declared
    ids = {rule.id for rule in rules.rules} | declared
    for rule in rules.rules:
        for place, message in _faults(rule, entities, ids):
            yield place, rule.id, message
    for entity in rules.entities:
        for name in _names(entity):
            if _are_stop_words(name):
                yield (
                    entity.place,
                    entity.id,
                    f"“{name}” stands in nearly every post; it cannot be the name of anything",
                )
        if entity.surname.condition is None:
            continue
        for node in walk(entity.surname.condition):
            if isinstance(node, EntityRef) and node.id not in entities:
                yield entity.place, entity.id, f"surname: there is no entity “@{node.id}”{nearest(node.id, entities)}"


def _faults(rule: Rule, entities: set[str], ids: set[str]) -> Iterator[tuple[Place, str]]:
    place = rule.when_place or rule.place
    used: set[str] = set()
    for node in walk(rule.when):
        match node:
            case TermRef(name):
                used.add(name)
                if name not in rule.terms:
                    yield place, _pointed(rule, name, f"when: there is no term “{name}”{nearest(name, rule.terms)}")
            case EntityRef(id_) if id_ not in entities:
                said = f"when: there is no entity “@{id_}”{nearest(id_, entities)}"
                yield place, _pointed(rule, f"@{id_}", said)
            case Has(media) if media not in MEDIA:
                said = f"when: has({media}): no such kind of media; write one of {', '.join(MEDIA)}"
                yield place, _pointed(rule, media, said)
            case _:
                pass
    for name, terms in rule.terms.items():
        if name not in used:
            where = terms[0].place if terms else rule.place
            yield where, f"the term “{name}” is not used in when; remove it or use it"
        elif (everywhere := list(filter(_is_everywhere, terms))) and name in fire_alone(rule):
            for term in everywhere:
                yield (
                    term.place,
                    f"{name}: “{term.text}” stands in nearly every post, and the rule fires on it alone",
                )
    for level, others in rule.raises.items():
        for other in others:
            if other not in ids:
                yield rule.place, f"raise: {level.value}: there is no rule “{other}”{nearest(other, ids)}"
    if not rule.tests.hit or not rule.tests.miss:
        yield rule.place, "needs tests: at least one text under hit and one near-miss under miss"


def _pointed(rule: Rule, name: str, said: str) -> str:
    """Add to a sentence where in the condition a name stands."""
    found = re.search(rf"(?<![\w@-]){re.escape(name)}(?![\w-])", rule.when_text)
    return f"{said} (column {found.start() + 1}){pointed_at(rule.when_text, found.start() + 1)}" if found else said


def _is_everywhere(term: Term) -> bool:
    """Whether a term is nothing but stop words, or an expression that takes most of them."""
    if term.kind == "regex":
        return any(_share(compile_regex(term.word), sentence) > _MOST_OF_IT for sentence in _everyday())
    return term.kind in ("bare", "exact", "phrase", "exact-phrase") and _are_stop_words(term.word)


def _are_stop_words(text: str) -> bool:
    return all(word in _stop_words() for word in fold_form(text).split())


def _names(entity: Entity) -> Iterator[str]:
    for names in (*entity.forms.values(), *entity.aliases.values()):
        yield from names


_MOST_OF_IT = 0.5


def _share(regex: Regex, text: str) -> float:
    """How much of a text an expression matches, 0 to 1."""
    return len({at for start, end in regex.spans(text) for at in range(start, end)}) / len(text)
