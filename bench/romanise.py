"""How many attested romanisations are generated: python bench/romanise.py TABLE.tsv

The table has the columns cyrillic, source_language, language, spelling. Languages other than the five that are
generated count as reached when any of these has the spelling.
"""

from __future__ import annotations

import csv
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

from monitor.language.fold import fold_form
from monitor.language.romanise import LANGUAGES, spellings


def main() -> None:
    """Print reached of total by language, the misses, the number of spellings a word has, and words a second."""
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    reached: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in rows:
        found = spellings(row["cyrillic"], row["source_language"])
        language = row["language"]
        texts = {fold_form(one.text) for one in found if one.language == language or language not in LANGUAGES}
        total[language] += 1
        if fold_form(row["spelling"]) in texts:
            reached[language] += 1
        else:
            anywhere = (
                " (in another language)" if fold_form(row["spelling"]) in {fold_form(one.text) for one in found} else ""
            )
            print(f"missed: {row['cyrillic']} → {language} {row['spelling']}{anywhere}")
    for language, number in sorted(total.items()):
        print(f"{language}: {reached[language]}/{number}")
    print(f"all: {reached.total()}/{total.total()} = {reached.total() / total.total():.3f}")
    words = sorted({(row["cyrillic"], row["source_language"]) for row in rows})
    spellings.cache_clear()
    began = time.perf_counter()
    counts = [len({fold_form(one.text) for one in spellings(*word)}) for word in words]
    seconds = time.perf_counter() - began
    print(f"spellings of a word: median {statistics.median(counts)}, most {max(counts)}")
    print(f"{len(words) / seconds:,.0f} words/s")


if __name__ == "__main__":
    main()
