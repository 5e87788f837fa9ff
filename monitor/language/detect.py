"""Language detection: the alphabet first, then langdetect's letter statistics, the channel's usual language as prior.

langdetect's own detector is random, slow, and knows no Belarusian. Here its profiles (how often each run of one to
three letters stands in a language) are read once and summed in one pass (naive Bayes, as langdetect does it), for the
languages of the text's script alone. The language is a hint for the reader, never a gate.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from monitor.language.words import opaque

LONGEST = 300  # characters that are looked at: more do not change the answer, but take longer
_READ = 1500  # of which so many are read, for links and user names are no language

# Letters that speak against a language: it has no word with them.
_NOT_IN = {"ru": "іїєґў", "uk": "ёъыэў", "be": "ищъїєґ"}
# The letters beyond a to z that a language has.
_BEYOND = {"en": "", "nl": "éëïèóöü", "de": "äöüß", "fr": "àâçéèêëîïôûùüœæÿ", "pl": "ąćęłńóśźż"}
# Scripts of one language (of those that one meets); Persian is told from Arabic by its own letters.
_SCRIPTS = (
    ("el", re.compile("[\u0370-\u03ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("fa", re.compile("[پچژگکی]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("ka", re.compile("[\u10a0-\u10ff\u1c90-\u1cbf]")),
    ("ko", re.compile("[\u1100-\u11ff\uac00-\ud7a3]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_LATIN_I = re.compile("i(?=[\u0430-\u045f'])|(?<=[\u0430-\u045f'])i")
# What Belarusian words look like and Russian or Ukrainian ones hardly do: langdetect has no profile of it.
_BELARUSIAN = re.compile(r"цы[яюі]|цца\b|[аяеоэіуыю]ў|\bў|дз[яеёі]|гэт|\bшто\b|ць\b|нн[еяі]\b|зьн|\bня\b|\bпра\b")
_APOSTROPHE = re.compile("(?<=[\u0430-\u045f])['\u2019\u02bc](?=[\u0430-\u045f])")
_NOT_CYRILLIC = re.compile("[^\u0430-\u045f\u0491]+")
_NOT_LATIN = re.compile("[^a-z\u00df-\u00f6\u00f8-\u024f]+")

# In natural logarithms: what one letter that a language does not have counts against it, what the usual language
# counts, what a Belarusian-looking word counts, and what Belarusian loses for being measured by others' profiles.
_FOREIGN_LETTER = 6.0
_USUAL = 6.0
_BELARUSIAN_WORD = 6.0
_NO_PROFILE = 5.0
_DECISIVE = 4  # so many letters more against the other languages, and the profiles need not be asked
# langdetect's smoothing: ALPHA_DEFAULT / BASE_FREQ.
_SMOOTHING = 0.5 / 10000


def detect(text: str, usual: str | None = None) -> str | None:
    """Return the ISO 639-1 code of the text's language; None where there are no letters of a script that is known here.

    `usual` is the language that the channel usually has: it decides where the text does not.
    """
    return _detect(_sample(text), usual)


def _sample(text: str) -> str:
    """Return the beginning of the text without links and names of users, in small letters."""
    text = text[:_READ]
    for start, end in reversed(opaque(text)):
        text = f"{text[:start]} {text[end:]}"
    return text[:LONGEST].lower()


@lru_cache(maxsize=4096)
def _detect(text: str, usual: str | None) -> str | None:
    cyrillic = len(_CYRILLIC_LETTER.findall(text))
    latin = len(_LATIN_LETTER.findall(text))
    if 2 * max(cyrillic, latin) < sum(map(str.isalpha, text)):
        return _by_script(text, more_than=max(cyrillic, latin))
    if cyrillic == latin == 0:
        return None
    scores = _cyrillic_scores(text) if cyrillic >= latin else _latin_scores(text)
    if usual in scores:
        scores[usual] += _USUAL
    return max(scores, key=scores.__getitem__)


def _by_script(text: str, more_than: int) -> str | None:
    """Return the language of the script that has most letters in the text and more than so many; None if none has."""
    letters = {language: len(script.findall(text)) for language, script in _SCRIPTS}
    most = max(letters, key=letters.__getitem__)
    if letters[most] <= more_than:
        return None
    return "fa" if most == "ar" and letters["fa"] * 20 > letters["ar"] else most


def _cyrillic_scores(text: str) -> dict[str, float]:
    text = _LATIN_I.sub("і", text)
    against = {language: sum(map(text.count, letters)) for language, letters in _NOT_IN.items()}
    if sorted(against.values())[1] - min(against.values()) >= _DECISIVE:
        return {language: -_FOREIGN_LETTER * letters for language, letters in against.items()}
    scores = _profile_scores(_NOT_CYRILLIC.sub(" ", text), ("ru", "uk"))
    belarusian = _BELARUSIAN_WORD * len(_BELARUSIAN.findall(text)) - _NO_PROFILE
    scores["be"] = max(scores.values()) + belarusian
    scores["ru"] -= _FOREIGN_LETTER * len(_APOSTROPHE.findall(text))
    return {language: score - _FOREIGN_LETTER * against[language] for language, score in scores.items()}


def _latin_scores(text: str) -> dict[str, float]:
    scores = _profile_scores(_NOT_LATIN.sub(" ", text), tuple(_BEYOND))
    beyond = [letter for letter in text if letter > "\x7f" and letter.isalpha()]
    for language, letters in _BEYOND.items():
        scores[language] -= _FOREIGN_LETTER * sum(letter not in letters for letter in beyond)
    return scores


def _profile_scores(text: str, languages: tuple[str, ...]) -> dict[str, float]:
    """Return the log-likelihood of the text (letters and single spaces) in each language."""
    table = _table(languages)
    text = f" {text.strip()} "
    grams = [
        *text,
        *map("".join, pairwise(text)),
        *map("".join, zip(text, text[1:], text[2:], strict=False)),
    ]
    rows = [row for row in map(table.get, grams) if row is not None]
    return (
        dict(zip(languages, map(math.fsum, zip(*rows, strict=True)), strict=True))
        if rows
        else dict.fromkeys(languages, 0.0)
    )


@cache
def _table(languages: tuple[str, ...]) -> Mapping[str, tuple[float, ...]]:
    """Return for each run of letters in langdetect's profiles its log-probability in each of the languages."""
    profiles = [_profile(language) for language in languages]
    runs = sorted(set().union(*profiles))
    return {run: tuple(math.log(profile.get(run, 0.0) + _SMOOTHING) for profile in profiles) for run in runs}


def _profile(language: str) -> dict[str, float]:
    """Return the share of each run of letters among the runs of its length, small and capital letters together."""
    spec = find_spec("langdetect")
    if spec is None or spec.origin is None:
        raise ImportError("langdetect is not installed")
    profile = json.loads((Path(spec.origin).parent / "profiles" / language).read_text(encoding="utf-8"))
    shares: dict[str, float] = {}
    for run, times in profile["freq"].items():
        shares[run.lower()] = shares.get(run.lower(), 0.0) + times / profile["n_words"][len(run) - 1]
    return shares
