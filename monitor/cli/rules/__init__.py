"""`monitor rules …`: check, test, explain and measure rules, and compare two sets of them."""

from __future__ import annotations

import click

from monitor.cli.options import database_option, rule_options

_FORM = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="To read, or one JSON document for other programs.",
)


@click.group()
def rules() -> None:
    """Check, test, explain and measure rules.

    Without --rules the folders of the setting RULES are taken; the bundled packs lie under them in any case, unless
    --no-packs is given.
    """


@rules.command()
@rule_options
@click.option("--strict", is_flag=True, help="Exit 1 where there is any advice, too.")
def check(rules: tuple[str, ...], no_packs: bool, strict: bool) -> None:
    """Name every fault of the rules at once.

    A fault (exit 2) keeps the rules from being used. Advice (exit 0, or 1 with --strict) is about rules that can be
    used and probably do not do what was meant: a form that is an ordinary word of another language, a form under four
    letters, a rule that can never fire or adds nothing to another one, a common surname that counts alone.
    """
    from monitor.cli.rules.checking import run

    raise SystemExit(run(rules, no_packs, strict))


@rules.command()
@rule_options
@click.option("--only", "only", multiple=True, metavar="ID", help="Of this rule or entity alone. May be repeated.")
def test(rules: tuple[str, ...], no_packs: bool, only: tuple[str, ...]) -> None:
    """Run the tests that stand in the rules.

    Exits with 1 where one fails. Of a failed one is shown which part of the condition decided, which words were
    expected, and what was found instead.
    """
    from monitor.cli.rules.testing import run

    raise SystemExit(run(rules, no_packs, only))


@rules.command()
@rule_options
@_FORM
@click.argument("text")
@click.option("--channel", metavar="NAME", help="User name of the channel that the text is taken to stand in.")
@click.option("--media", metavar="KIND", multiple=True, help="Media that the post is taken to have. May be repeated.")
@click.option(
    "--all", "everything", is_flag=True, help="Show also rules and alternatives that the text has nothing of."
)
def explain(
    rules: tuple[str, ...],
    no_packs: bool,
    form: str,
    text: str,
    channel: str | None,
    media: tuple[str, ...],
    everything: bool,
) -> None:
    """Say why TEXT (- : standard input) matches or not.

    Shown are each mention with its dictionary form and the rule of inflection or romanisation that led to it; what
    looked like a mention and was dropped, with the reason; and each rule's condition, part by part, with its value.
    """
    from monitor.cli.rules.explaining import run

    raise SystemExit(run(rules, no_packs, text, channel, media, everything, form))


@rules.command()
@rule_options
@_FORM
@click.argument("file", type=click.Path(), required=False)
@click.option("--from-desk", is_flag=True, help="Take the analysts' verdicts in the chat instead of a file.")
@database_option
@click.option(
    "--where",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Only the posts whose record has this value in this field, as in part=b. May be repeated: all must hold.",
)
@click.option("--no-mistakes", is_flag=True, help="Leave out the misses and false alarms themselves.")
@click.option("--min-precision", type=click.FloatRange(0, 1), help="Exit 1 where a rule or the entities are below it.")
@click.option("--min-recall", type=click.FloatRange(0, 1), help="Exit 1 where a rule or the entities are below it.")
def score(
    rules: tuple[str, ...],
    no_packs: bool,
    form: str,
    file: str | None,
    from_desk: bool,
    db: str | None,
    where: tuple[str, ...],
    no_mistakes: bool,
    min_precision: float | None,
    min_recall: float | None,
) -> None:
    """Measure precision and recall of the rules.

    FILE is JSONL with labelled posts.

    A record is a post with "labels": {"prisoners": true, …, "entities": ["Vladimir Putin", …]} and, where a label is
    doubtful, "unsure": ["prisoners", "entities"]: what is named there is left out. A key that is true or false is the
    id of a rule. Entities count where the record lists them, and only those that some record of the file names.
    Intervals are Wilson's, at 95 %.

    With --from-desk precision is what analysts said of the alerts in the chat: acknowledged is right, a false alarm
    wrong, the last word of each analyst counts, and for every rule that fired on the alert. Alerts on which they
    disagree are shown and not counted.
    """
    if from_desk:
        if file or where or rules or no_packs or min_recall is not None:
            raise click.UsageError("--from-desk takes --db, --format, --no-mistakes and --min-precision alone.")
        from monitor.cli.rules import judging

        raise SystemExit(judging.run(judging.Order(form, db, not no_mistakes, min_precision)))
    if file is None or db is not None:
        raise click.UsageError("Give a FILE of labelled posts, or --from-desk (with --db).")
    from monitor.cli.rules.measuring import Order, run

    raise SystemExit(run(Order(rules, no_packs, form, file, where, not no_mistakes, min_precision, min_recall)))


@rules.command()
@rule_options
@_FORM
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False), metavar="PATH…")
@click.option("--channel", metavar="NAME", help="User name of the channel, for exports and pages that do not tell it.")
def diff(
    rules: tuple[str, ...],
    no_packs: bool,
    form: str,
    old: str,
    new: str,
    paths: tuple[str, ...],
    channel: str | None,
) -> None:
    """Show which alerts a change of rules adds and removes.

    The posts of PATH (saved posts as for `monitor replay`, or a database, *.db) go twice through the whole path: once
    under the rules of OLD, once under those of NEW, two folders that are laid over the bundled packs and the folders of
    --rules. A dash (-) for OLD or NEW stands for no further folder.
    """
    from monitor.cli.rules.comparing import run

    raise SystemExit(run(rules, no_packs, old, new, paths, channel, form))


@rules.command()
def schema() -> None:
    """Print the JSON Schema of rule files.

    Editors complete and check rule files by it.
    """
    import orjson

    from monitor.rules.document import json_schema

    click.echo(orjson.dumps(json_schema(), option=orjson.OPT_INDENT_2).decode())
