"""`monitor search`: posts that hold words, in any form."""

from __future__ import annotations

import click

from monitor.cli.options import database_option


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "-n", "limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many posts at most."
)
@click.option("--exact", is_flag=True, help="Only the words as they are written, not their other forms.")
@click.option("--best", is_flag=True, help="The best match first, instead of the newest.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@database_option
def search(words: tuple[str, ...], limit: int, exact: bool, best: bool, form: str, db: str | None) -> None:
    """Find stored posts that hold all WORDS, newest first, in every case.

    A name that is given in Cyrillic letters is found in every spelling.

    “…” (in quotes that reach the program) is a phrase, …* a beginning. Earlier revisions are searched, too. Exits with
    1 where nothing is found.
    """
    from monitor.cli import looking

    raise SystemExit(looking.search(" ".join(words), limit, exact=exact, best=best, form=form, db=db))
