"""Rule files: YAML, conditions, expressions and words, as they stand in files that somebody is still writing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.language.fold import fold_form
from monitor.rules.compiler import compile_rules
from monitor.rules.condition import And, EntityRef, From, Has, KindRef, Near, Node, Not, Or, Side, TermRef, Without
from monitor.rules.derivation import term_lexemes
from monitor.rules.document import Language
from monitor.rules.grammar import ConditionError, parse
from monitor.rules.linting import lint
from monitor.rules.loader import RuleErrors, load, packs_folder
from monitor.rules.reader import term_kind
from monitor.rules.regexes import RegexError, compile_regex
from monitor.rules.schema import Place, RuleSet, Term
from monitor.rules.yaml_tree import read_tree
from tests.fuzz import mutation
from tests.fuzz.running import Parser, outcome, quick_and_long
from tests.fuzz.scratch import folder
from tests.test_rules_loading import MANY, SOUND

PLACES = """entities:
  shebekino: {kind: place, name: Shebekino, forms: {ru: Шебекино, uk: Шебекіно}, aliases: {nl: [Sjebekino-Oost]}}
  corps:
    kind: organisation
    name: Russian Volunteer Corps
    forms: {ru: Русский добровольческий корпус}
    aliases: {ru: [РДК], en: [RVC]}
    never: {ru: [дворянский корпус]}
    unless: {ru: [шахматы]}
  kuznetsov: {kind: person, gender: m, name: P Kuznetsov, forms: {ru: Пётр Кузнецов}, surname: near(мост or @corps)}
rules:
  evacuation:
    title: Evacuation
    level: high
    raise: {high: [drill]}
    terms:
      act:   {ru: [эвакуация, эвакуировать, =вывоз], en: [evacuat*], nl: ["*ontruiming", geëvacueerd], de: ["*räum*"]}
      drill: {ru: [учения], nl: [oefening], any: ["#drill", '/\\bт-?[0-9]{2}\\b/', "112"]}
    when: act near/12 @shebekino and not (drill or from(news, @other) and has(photo))
    tests:
      hit:  ["В Шебекине началась эвакуация", {text: Evacuatie in Sjebekino, channel: news, media: [photo]}]
      miss: ["Учения по эвакуации в Шебекине"]
  drill: {title: Drill, level: low, terms: {word: {ru: учения}}, when: word, tests: {hit: [учения], miss: [мост]}}
tests:
  shebekino: {hit: [Шебекино], miss: [Белгород]}
"""
_RULE = "rules: {one: {title: One, level: low, terms: {a: {ru: мост}}, when: a, tests: {hit: [мост], miss: [дом]}}}\n"
_YAML = [
    *("&a ", "*a", "*a : ", "!!str ", "!x ", "! ", "---\n", "...\n", "<<: ", "? ", "? a\n: ", "|\n  ", ">-\n  "),
    *("%YAML 1.1\n---\n", "%TAG ! x\n---\n", "- ", "-\n", "'", '"', "[[[[[[[[", "# ", "\t", '"\\x', "~", "{}"),
]  # fmt: skip
_EXPRESSIONS = r"""
\bт-?[0-9]{2}\b
взя(?:т|ли) .{1,20} в плен
[а-яё]+ск(?:ий|ого)\b
\p{Lu}\p{L}+
(?s)a.*?b|c\d{2,3}
[^\w\s]{3,}
(?:а|б)+$
^\W*срочно
\x{0410}[[:^punct:]]
(a(b(c)))\\
(?i:x)y*|\d{1,1000}
""".strip().splitlines()
_TERMS = [
    *("die", "war", "бой", "Ким", "Роза", "Marie Grand", "Анна Иванова", "de", "Jan Kowalski-Nowak", "Ли Ян"),
    *("эвакуация", "=плен", "evacuat*", "*räumung", "*бат*", "#drill", "112", "/т-?90/", "l'otage", "п'ять", "ЗСУ"),
    *("Свобода России", "=в плену", "«взять в плен»", "prisonnier de guerre", "krijgsgevangene"),
]
_CONDITIONS = """
act near/12 @shebekino and not drill
a or b and not (c before/3 @person or from(x, @y))
has(photo) and a
(a or b) near/0 (c or @place)
not (a near/2 b)
a without/4 b without-after/2 (c or @id) and d
(a without-before/0 b) near/3 (c or d without/1 e)
((a))
word-1 or @id_2 and not has(video)
""".strip().splitlines()
_BETWEEN = [" ", "  ", "\n", "\t", "\u00a0"]


@cache
def _rule_files() -> list[str]:
    """Files with faults already, and sound ones."""
    return [MANY, PLACES, PLACES, *_sound_files()]


@cache
def _sound_files() -> list[str]:
    """Sound small files: written ones, and entries of the bundled packs that need no others, each in its own."""
    return [PLACES, f"rules:{SOUND}", *(one for one in _entries() if isinstance(_loaded(one.encode()), RuleSet))]


def _entries() -> Iterator[str]:
    for path in sorted(packs_folder().glob("*.yaml")):
        section = ""
        for part in path.read_text(encoding="utf-8").split("\n\n"):
            lines = part.splitlines()
            headers = [line for line in lines if line in ("rules:", "entities:")]
            section = headers[-1] if headers else section
            entry = "\n".join(line for line in lines if line not in headers)
            yield f"{section}\n{entry}\n" + (_RULE if section == "entities:" else "")


def _file(random: Random) -> bytes:
    written = mutation.text(random, _rule_files(), soup=0.03)
    if random.random() < 0.2:
        written = _with_other_yaml(random, written)
    faulty = written.encode("utf-8", "surrogatepass")
    return mutation.content(random, [faulty]) if random.random() < 0.2 else faulty


def _with_other_yaml(random: Random, written: str) -> str:
    """Put in what YAML has and rule files have not, or seldom: before a value, or at a line's beginning."""
    places = [found.end() for found in re.finditer(r"[:,\[{-] +|\n", written)]
    at = random.choice(places or [0])
    return written[:at] + random.choice(_YAML) + written[at:]


def _nearly_sound(random: Random) -> bytes:
    """A sound file of a few words, or of many with few faults in it."""
    if random.random() < 0.5:
        return _small_file(random)
    return mutation.text(random, _sound_files(), soup=0.0).encode("utf-8", "surrogatepass")


def _small_file(random: Random) -> bytes:
    """A file that is likely to be sound, with odd words in it."""
    word = _word(random).replace("'", "''").replace("\0", "")
    kind = random.choice(("place", "organisation", "person, gender: m", "person, gender: f"))
    language = random.choice(get_args(Language))
    where = random.choice(("forms", "aliases"))
    other = random.choice((language, "any"))
    text = f"""entities:
  one: {{kind: {kind}, name: One, {where}: {{{language}: '{word}'}}}}
rules:
  two:
    title: Two
    level: low
    terms: {{word: {{{other}: '{word}'}}}}
    when: word or @one
    tests: {{hit: ['{word}'], miss: [Погода]}}
"""
    return text.encode("utf-8", "surrogatepass")


def tree(content: bytes) -> None:
    """Read a file as YAML: each fault has a place in it."""
    path = folder("rules") / "rules.yaml"
    path.write_bytes(content)
    lines = _lines(content)
    for fault in read_tree(path).faults:
        assert fault.message
        assert 1 <= fault.line <= len(lines) + 1
        assert fault.column >= 1


def loaded(content: bytes) -> RuleSet | None:
    """Load a file and look for advice; what is wrong with it is said with a place in this file."""
    found = _loaded(content)
    if isinstance(found, RuleSet):
        lint(found)
        return found
    assert found.errors
    lines = _lines(content)
    for error in found.errors:
        assert error.message
        assert error.place.file.endswith("/rules/rules.yaml")
        assert 1 <= error.place.line <= len(lines) + 1
        assert error.place.column >= 1
    return None


def _loaded(content: bytes) -> RuleSet | RuleErrors:
    path = folder("rules") / "rules.yaml"
    path.write_bytes(content)
    return outcome(lambda: load([path], packs=False), RuleErrors)


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").replace("\r\n", "\n").splitlines()


def compiled(content: bytes) -> None:
    """Compile what could be loaded, and try it on its own words."""
    rules = loaded(content)
    if rules is None:
        return
    matcher = compile_rules(rules)
    for rule in rules.rules:
        for text in [one.text for one in rule.tests.hit]:
            found = matcher.find(text)
            assert all(0 <= start < end <= len(text) for start, end in found.spans)
            matcher.explain(text)


def _condition(random: Random) -> str:
    return mutation.text(random, _CONDITIONS, soup=0.3)


def read_or_refused(text: str) -> None:
    """Read a condition: a fault has its column; what was read reads the same once it is printed."""
    found = outcome(lambda: parse(text), ConditionError)
    if isinstance(found, ConditionError):
        assert 1 <= found.column <= len(text) + 1
        assert str(found)
    else:
        assert parse(str(found)) == found


def _any_condition(random: Random) -> tuple[Node, str]:
    """A condition, and a text of it with other blanks."""
    node = _either(random, 3)
    written = str(node)
    return node, "".join(random.choice(_BETWEEN) if sign == " " else sign for sign in written)


def _either(random: Random, depth: int) -> Node:
    parts = tuple(_both(random, depth) for _ in range(random.choice((1, 1, 2, 3))))
    return parts[0] if len(parts) == 1 else Or(parts)


def _both(random: Random, depth: int) -> Node:
    parts = tuple(_distance(random, depth) for _ in range(random.choice((1, 1, 2, 3))))
    return parts[0] if len(parts) == 1 else And(parts)


def _distance(random: Random, depth: int) -> Node:
    if random.random() < 0.3:
        return Near(_operand(random), _operand(random), random.choice((0, 1, 12, 1000)), random.random() < 0.5)
    if random.random() < 0.2:
        return _without(random)
    atom = _atom(random, depth)
    return Not(atom) if random.random() < 0.3 else atom


def _atom(random: Random, depth: int) -> Node:
    kind = random.random()
    if kind < 0.3 and depth:
        return _either(random, depth - 1)
    if kind < 0.4:
        return From(tuple(_name(random) for _ in range(random.choice((1, 2, 5)))))
    if kind < 0.5:
        return Has(random.choice(("photo", "voice", "nothing")))
    return _operand(random, plain=True)


def _operand(random: Random, *, plain: bool = False) -> Node:
    one = random.choice((TermRef(_name(random)), EntityRef(_name(random)), KindRef(random.choice(("person", "place")))))
    if plain or random.random() < 0.7:
        return one
    return _without(random) if random.random() < 0.4 else Or((one, TermRef(_name(random))))


def _without(random: Random) -> Node:
    side: Side = random.choice(get_args(Side))
    return Without(_operand(random), _operand(random), random.choice((0, 4, 1000)), side)


def _name(random: Random) -> str:
    return random.choice(("act", "word-1", "слово", "_x", "near", "from1", "Überfall", "not-so", "and_", "п1"))


def read_again(made: tuple[Node, str]) -> None:
    """Print a condition and read it: it is the same."""
    node, text = made
    assert parse(text) == node


def _expression(random: Random) -> tuple[str, str]:
    return mutation.text(random, _EXPRESSIONS), mutation.text(
        random, ["взяли троих в плен у Т-90, срочно", "ab abc c12"]
    )


def matched(made: tuple[str, str]) -> None:
    """Compile an expression and look for it: matches lie in the text, and hold something."""
    source, text = made
    folded = fold_form(text).encode("utf-8", "replace").decode()
    regex = outcome(lambda: compile_regex(source), RegexError)
    if isinstance(regex, RegexError):
        assert str(regex)
    else:
        assert all(0 <= start < end <= len(folded) for start, end in regex.spans(folded))


def _word(random: Random) -> str:
    return mutation.text(random, _TERMS, soup=0.2)[:60]


def _term(random: Random) -> tuple[str, str]:
    # Half a character is refused before it comes here.
    return _word(random).encode("utf-8", "replace").decode(), random.choice((*get_args(Language), "any"))


def derived(made: tuple[str, str]) -> None:
    """Work out the forms of a term of any kind but expressions."""
    text, language = made
    kind = term_kind(text)
    if kind != "regex":
        term_lexemes(Term("word", language, text, kind, Place("rules.yaml", 1, 1)))


PARSERS = [
    Parser("YAML", _file, tree, 20_000, _rule_files),
    Parser("rule files", _file, loaded, 20_000, _rule_files),
    Parser("rules, compiled", _nearly_sound, compiled, 6_000, _sound_files),
    Parser("conditions", _condition, read_or_refused, 112_000),
    Parser("sound conditions", _any_condition, read_again, 90_000),
    Parser("expressions", _expression, matched, 20_000),
    Parser("terms", _term, derived, 10_000),
]
test_quick, test_long = quick_and_long(PARSERS)


def test_inputs_are_made_of_sound_files() -> None:
    """Of files that are refused before a fault is put into them nothing would be learnt but the refusal."""
    assert isinstance(_loaded(PLACES.encode()), RuleSet)
    assert len(_sound_files()) > 50
    assert sum(isinstance(_loaded(_nearly_sound(Random(number))), RuleSet) for number in range(60)) > 20


_NAMES = st.from_regex(r"[^\W\d_](?:[\w-]{0,8}\w)?", fullmatch=True).filter(
    lambda name: name not in {"and", "or", "not"}
)
_OPERANDS = (
    st.builds(TermRef, _NAMES) | st.builds(EntityRef, _NAMES) | st.sampled_from([KindRef("person"), KindRef("place")])
)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(_OPERANDS, _OPERANDS, st.integers(0, 1000), st.booleans())
def test_names_of_all_alphabets_are_read_as_they_are_written(
    left: Node, right: Node, words: int, ordered: bool
) -> None:
    node = And((Near(left, right, words, ordered), Not(left), Without(left, right, words, "before")))
    assert parse(str(node)) == node
