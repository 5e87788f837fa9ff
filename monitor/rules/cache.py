"""Compiled lexicons on disk: one file a rule set and code version; one of another version is passed over."""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import xxhash

from monitor.rules import kept
from monitor.rules.lexicon import Given, Lexicon, Paradigm, Person, Phrase, Role, Subject
from monitor.rules.schema import RuleSet

_LIBRARIES = ("ahocorasick_rs", "pymorphy3", "pymorphy3-dicts-ru")
_KEPT = 4  # files of other versions that stay in the folder


def key(rules: RuleSet) -> str:
    """Return the digest of everything that the lexicon depends on: terms, entities, our code, the dictionaries."""
    digest = xxhash.xxh3_128()
    digest.update(_code())
    for rule in rules.rules:
        terms = [(name, [(one.language, one.kind, one.text) for one in found]) for name, found in rule.terms.items()]
        digest.update(repr(terms).encode())
    for entity in rules.entities:
        shown = (entity.id, entity.kind, entity.gender, entity.forms, entity.aliases, entity.never, entity.unless)
        digest.update(repr((*shown, entity.surname.policy, entity.surname.condition)).encode())
    return digest.hexdigest()


@cache
def _code() -> bytes:
    """Return the digest of the source files that make lexicons, and the versions of the libraries."""
    digest = xxhash.xxh3_128(" ".join(version(library) for library in _LIBRARIES).encode())
    here = Path(__file__).parent
    for folder in (here, here.parent / "language"):
        for file in sorted(folder.glob("*.py")):
            digest.update(file.read_bytes())
    return digest.digest()


def load(folder: Path, name: str) -> Lexicon | None:
    """Return the lexicon kept under that name; None where there is none that can be used."""
    body = kept.read(_file(folder, name))
    if body is None:
        return None
    try:
        return _lexicon(orjson.loads(body))
    except (ValueError, KeyError, TypeError):
        return None


def save(folder: Path, name: str, lexicon: Lexicon) -> None:
    """Keep a lexicon under a name, readable by its owner alone; a folder that cannot be written is let be."""
    kept.write(_file(folder, name), orjson.dumps(_plain(lexicon)), "lexicon-*.json", _KEPT)


def _file(folder: Path, name: str) -> Path:
    return folder / f"lexicon-{name}.json"


def _plain(lexicon: Lexicon) -> dict[str, Any]:
    return {
        "stems": "\n".join(lexicon.stems),
        "first": _packed(lexicon.first),
        "paradigm_of": _packed(lexicon.paradigm_of),
        "shape_of": _packed(lexicon.shape_of),
        "reference_of": _packed(lexicon.reference_of),
        "paradigms": [[dict(one.endings), one.left, one.right] for one in lexicon.paradigms],
        "vias": list(lexicon.vias),
        "subjects": [[int(one.role), one.owner, one.lemma, one.capitals] for one in lexicon.subjects],
        "phrases": [[one.subject, dict(one.variants)] for one in lexicon.phrases],
        "persons": [
            [one.subject, sorted(one.given), sorted(one.patronymic), one.feminine, one.alias] for one in lexicon.persons
        ],
        "names": dict(lexicon.names),
        "given": [[one.feminine, sorted(one.initials)] for one in lexicon.given],
    }


def _lexicon(plain: dict[str, Any]) -> Lexicon:
    sets: dict[tuple[int, ...], frozenset[int]] = {}  # thousands of persons share their given names

    def shared(numbers: list[int]) -> frozenset[int]:
        return sets.setdefault(tuple(numbers), frozenset(numbers))

    return Lexicon(
        stems=plain["stems"].split("\n") if plain["stems"] else [],
        first=_unpacked("I", plain["first"]),
        paradigm_of=_unpacked("I", plain["paradigm_of"]),
        shape_of=_unpacked("B", plain["shape_of"]),
        reference_of=_unpacked("I", plain["reference_of"]),
        paradigms=[Paradigm(endings, left, right) for endings, left, right in plain["paradigms"]],
        vias=plain["vias"],
        subjects=[Subject(Role(role), *rest) for role, *rest in plain["subjects"]],
        phrases=[
            Phrase(
                subject,
                {
                    anchor: tuple((tuple(before), tuple(after), via) for before, after, via in found)
                    for anchor, found in variants.items()
                },
            )
            for subject, variants in plain["phrases"]
        ],
        persons=[
            Person(subject, shared(given), shared(patronymic), feminine, alias)
            for subject, given, patronymic, feminine, alias in plain["persons"]
        ],
        names={word: tuple(numbers) for word, numbers in plain["names"].items()},
        given=[Given(feminine, frozenset(initials)) for feminine, initials in plain["given"]],
    )


def _packed(numbers: array[int]) -> str:
    return b64encode(numbers.tobytes()).decode("ascii")


def _unpacked(code: str, text: str) -> array[int]:
    numbers = array(code)
    numbers.frombytes(b64decode(text, validate=True))
    return numbers
