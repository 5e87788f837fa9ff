"""The numbers in a text, in figures and in words, so that "двое" and "2", "1 200" and "1200" are the same."""

from __future__ import annotations

import re

from monitor.language.fold import fold_form
from monitor.language.words import opaque, outside, words
from monitor.models import Span

# By value; "one" only where it is no article. Cases and collective numerals of the Slavic languages are all here.
_WORDS = {
    "0": "ноль нуля нулю нуль нуля zero nul null",
    "1": "один одна одно одного одной одну одному одним одном одне однієї адзін адна "
    "аднаго адной аднаму адну адным jeden jedna jedno jednego jednej jednym",
    "2": "два две двух двум двумя двое двоих двоим двоими дві двох двом двома двоє двоїх дзве дзвюх дзвюм дзвюма двума "
    "дваіх two twee zwei deux dwa dwie dwóch dwoma dwom dwoje dwojga",
    "3": "три трех трем тремя трое троих троим троими трьох трьом трьома троє трох трыма тры three drie drei trois "
    "trzy trzech trzem trzema troje trojga",
    "4": "четыре четырех четырем четырьмя четверо четверых чотири чотирьох чотирьом чотирма четверо чатыры чатырох "
    "чатыром four vier quatre cztery czterech czterem czterema czworo",
    "5": "пять пяти пятью пятеро пятерых п'ять п'яти п'ятьох п'ятеро пяць пяці пяццю five vijf fünf cinq pięć pięciu",
    "6": "шесть шести шестью шестеро шестерых шість шести шістьох шэсць шасці шасцю six zes sechs sześć sześciu",
    "7": "семь семи семью семеро семерых сім семи сімох семеро сем сямі сямю seven zeven sieben sept siedem siedmiu",
    "8": "восемь восьми восемью восьмеро вісім восьми вісьмох восем васьмі васьмю eight acht huit osiem ośmiu",
    "9": "девять девяти девятью дев'ять дев'яти дев'ятьох дзевяць дзевяці дзевяццю nine negen neun neuf dziewięć "
    "dziewięciu",
    "10": "десять десяти десятью десятеро десяток десятка десятки десятков десять десяти десятьох дзесяць дзесяці "
    "ten tien zehn dix dziesięć dziesięciu dozens tientallen dutzende dizaines dziesiątki",
    "11": "одиннадцать одиннадцати одинадцять одинадцяти адзінаццаць eleven elf onze jedenaście jedenastu",
    "12": "двенадцать двенадцати дванадцять дванадцяти дванаццаць twelve twaalf zwölf douze dwanaście dwunastu",
    "13": "тринадцать тринадцати тринадцять тринадцяти трынаццаць thirteen dertien dreizehn treize trzynaście",
    "14": "четырнадцать четырнадцати чотирнадцять чотирнадцяти чатырнаццаць fourteen veertien vierzehn quatorze "
    "czternaście",
    "15": "пятнадцать пятнадцати п'ятнадцять п'ятнадцяти пятнаццаць fifteen vijftien fünfzehn quinze piętnaście",
    "16": "шестнадцать шестнадцати шістнадцять шістнадцяти шаснаццаць sixteen zestien sechzehn seize szesnaście",
    "17": "семнадцать семнадцати сімнадцять сімнадцяти сямнаццаць seventeen zeventien siebzehn siedemnaście",
    "18": "восемнадцать восемнадцати вісімнадцять вісімнадцяти васямнаццаць eighteen achttien achtzehn osiemnaście",
    "19": "девятнадцать девятнадцати дев'ятнадцять дев'ятнадцяти дзевятнаццаць nineteen negentien neunzehn "
    "dziewiętnaście",
    "20": "двадцать двадцати двадцатью двадцять двадцяти дваццаць дваццаці twenty twintig zwanzig vingt dwadzieścia "
    "dwudziestu",
    "30": "тридцать тридцати тридцять тридцяти трыццаць thirty dertig dreißig trente trzydzieści trzydziestu",
    "40": "сорок сорока сорак forty veertig vierzig quarante czterdzieści czterdziestu",
    "50": "пятьдесят пятидесяти п'ятдесят п'ятдесяти пяцьдзясят fifty vijftig fünfzig cinquante pięćdziesiąt",
    "60": "шестьдесят шестидесяти шістдесят шістдесяти шэсцьдзесят sixty zestig sechzig soixante sześćdziesiąt",
    "70": "семьдесят семидесяти сімдесят сімдесяти семдзесят seventy zeventig siebzig siedemdziesiąt",
    "80": "восемьдесят восьмидесяти вісімдесят вісімдесяти восемдзесят eighty tachtig achtzig osiemdziesiąt",
    "90": "девяносто девяноста дев'яносто дев'яноста дзевяноста ninety negentig neunzig dziewięćdziesiąt",
    "100": "сто ста сотня сотни сотен сотню сотні сотень hundred hundreds honderd honderden hundert hunderte cent "
    "centaines sto setki",
    "200": "двести двухсот двісті двохсот дзвесце tweehonderd zweihundert dwieście",
    "300": "триста трехсот трьохсот трыста driehonderd dreihundert trzysta",
    "500": "пятьсот пятисот п'ятсот п'ятисот пяцьсот vijfhonderd fünfhundert pięćset",
    "1000": "тысяча тысячи тысяч тысячу тысяча тисяча тисячі тисяч тисячу тысяча тысячы тыс тис thousand thousands "
    "duizend duizenden tausend tausende mille milliers tysiąc tysiące tysięcy",
    "1000000": "миллион миллиона миллионов мільйон мільйона мільйонів мільён млн million millions miljoen millionen "
    "milion miliony milionów",
}
_VALUE = {fold_form(word): value for value, listed in _WORDS.items() for word in listed.split()}
_FIGURES = re.compile(r"\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)|\d+(?:[.,:]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")


def numbers(folded: str) -> list[tuple[str, Span]]:
    """Return the numbers of a folded text as (value, span), in order; those in links and user names do not count.

    A value is written in figures, without separators of thousands, with a decimal point: "1200", "2.5", "17:00".
    """
    found = [(_value(match[0]), match.span()) for match in _FIGURES.finditer(folded)]
    found += [
        (value, (start, end)) for start, end in words(folded) if (value := _VALUE.get(folded[start:end])) is not None
    ]
    found.sort(key=lambda one: one[1])
    shown = set(outside((span for _, span in found), opaque(folded)))
    return [one for one in found if one[1] in shown]


def _value(figures: str) -> str:
    plain = re.sub(r"[ \u00a0]", "", figures)
    if ":" not in plain and _THOUSANDS.fullmatch(plain):
        return re.sub("[.,]", "", plain)
    return plain.replace(",", ".")
