"""What must hold between rules and entities once all folders are laid over each other."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.rules.condition import EntityRef, Has, TermRef, walk
from monitor.rules.faults import nearest
from monitor.rules.schema import Place, Rule, RuleSet

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
# So frequent in their language that a term of nothing else would ring at every post.
_STOP_WORDS = frozenset(
    word
    for words in (
        "и в во не на я с со что а по он как это к но они мы за из у о же от для так бы",
        "й та не що на з у до як це від за про але",
        "the a an of to in and is it that for on as at by",
        "de het een en van is dat",
        "der die das und zu den mit",
        "le la les et un une des du",
        "i w z na do się nie to",
    )
    for word in words.split()
)


def check(rules: RuleSet, declared: set[str]) -> Iterator[tuple[Place, str, str]]:
    """Give each fault as place, id and sentence: names that lead nowhere, unused terms, rules without tests.

    `declared` are the ids of faulty rules and entities too: what leads to one of them is no fault of its own.
    """
    entities = {entity.id for entity in rules.entities} | declared
    ids = {rule.id for rule in rules.rules} | declared
    for rule in rules.rules:
        for message in _faults(rule, entities, ids):
            yield rule.place, rule.id, message
    for entity in rules.entities:
        if entity.surname.condition is None:
            continue
        for node in walk(entity.surname.condition):
            if isinstance(node, EntityRef) and node.id not in entities:
                yield entity.place, entity.id, f"surname: there is no entity “@{node.id}”{nearest(node.id, entities)}"


def _faults(rule: Rule, entities: set[str], ids: set[str]) -> Iterator[str]:
    used: set[str] = set()
    for node in walk(rule.when):
        match node:
            case TermRef(name):
                used.add(name)
                if name not in rule.terms:
                    yield f"when: there is no term “{name}”{nearest(name, rule.terms)}"
            case EntityRef(id_) if id_ not in entities:
                yield f"when: there is no entity “@{id_}”{nearest(id_, entities)}"
            case Has(media) if media not in MEDIA:
                yield f"when: has({media}): no such kind of media; write one of {', '.join(MEDIA)}"
            case _:
                pass
    for name, terms in rule.terms.items():
        if name not in used:
            yield f"the term “{name}” is not used in when; remove it or use it"
        if terms and all(term.kind in ("bare", "exact") and term.word.lower() in _STOP_WORDS for term in terms):
            yield f"the term “{name}” holds only stop words; it would be found everywhere"
    for level, others in rule.raises.items():
        for other in others:
            if other not in ids:
                yield f"raise: {level.value}: there is no rule “{other}”{nearest(other, ids)}"
    if not rule.tests.hit or not rule.tests.miss:
        yield "needs tests: at least one text under hit and one near-miss under miss"
