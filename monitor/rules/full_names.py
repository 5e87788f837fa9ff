"""The parts of a person's full name, and what a patronymic looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.language.fold import fold_form


@dataclass(frozen=True, slots=True)
class FullName:
    """A person's name in dictionary form, part by part."""

    given: str
    patronymic: str
    surname: str

    @classmethod
    def of(cls, name: str) -> FullName:
        """Split "given surname" or "given patronymic surname"; one word is a surname, and of more words all but the
        last are given names."""
        parts = name.split()
        if len(parts) == 3 and looks_like_patronymic(fold_form(parts[1])):
            return cls(*parts)
        return cls(" ".join(parts[:-1]), "", parts[-1])


_PATRONYMIC = re.compile(
    r".{2,}(?:[оеєаі]в|ўл)[иі]ч(?:а|у|ем|ам|ом|е|і|ові|еві|ы)?"
    r"|(?:иль|ілл|лук|кузьм|фом|хом|никит|микит|савв?|яків)[иі]ч(?:а|у|ем|ом|е|і|ові|еві)?"
    r"|.{2,}(?:[оеє]вн|івн|ївн|[аеоё]ўн|[иі]нічн|иничн|ілічн)(?:а|ы|и|е|і|у|ой|ою|ай|аю)"
    r"|.{2,}[oeia](?:v|w|ff)(?:ich|itch|ych|ytch|itsj|ytsj|itsch|ytsch|icz|ycz|yc|ic)(?:a|em|owi|s)?"
    r"|.{2,}(?:[oe][vw]|i[vw]|yi[vw])n(?:a|y|ie|e|ej|s)"
)


def looks_like_patronymic(folded: str) -> bool:
    """Whether a folded word has the shape of an East Slavic patronymic in any case, or romanised."""
    return _PATRONYMIC.fullmatch(folded) is not None
