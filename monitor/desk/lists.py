"""The commands that only tell: each returns a listing, which is cut into pages."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.alerts.message import Lines, clip, one_line
from monitor.alerts.passage import harmless
from monitor.alerts.phrases import channel_name
from monitor.desk import wording
from monitor.desk.arguments import WrongForm, last_wish, number
from monitor.desk.pages import Listing
from monitor.desk.ports import Ports
from monitor.language.fold import fold_form
from monitor.models import Alert, AnyAlert, Bundle, FollowUp
from monitor.store import audit, outbox
from monitor.store.reader import Reader
from monitor.store.records import StoreError
from monitor.store.silences import silences

_LOOKED_THROUGH = 2000  # alerts that are looked through for those of a rule, entity or channel
_FOUND = 200
_TEST_LINES = 60
_WORDS = 100  # characters of what was asked for


async def status(ports: Ports, rest: str) -> Listing:
    """How the reading goes."""
    now = ports.now()
    report = await ports.store.look(ports.report)
    held = await ports.store.look(lambda store: store.read(outbox.outboxes, now))
    waiting = sum(one.waiting for one in held)
    items = wording.status_lines(report, waiting, now, ports.zone)
    return Listing("Status", items)


async def last(ports: Ports, rest: str) -> Listing:
    """The newest alerts, of one rule, entity or channel if asked."""
    count, of = last_wish(rest)
    alerts = await ports.store.look(lambda store: store.alerts(limit=_LOOKED_THROUGH if of else count))
    chosen = [one for one in alerts if of is None or is_of(one, of)][:count]
    verdicts = await ports.store.look(lambda store: store.read(audit.verdicts, [one.id or 0 for one in chosen]))
    items = [wording.alert_item(one, verdicts[one.id or 0], ports.zone) for one in chosen]
    return Listing(f"Alerts{f' of {one_line(of)}' if of else ''}, newest first", items, "No such alert.")


async def search(ports: Ports, rest: str) -> Listing:
    """Posts that hold all the words, in any form."""
    try:
        found = await ports.store.look(lambda store: store.search(fold_form(rest), limit=_FOUND, forms=ports.forms))
    except StoreError as error:
        raise WrongForm("/search WORDS — all of them in any form; “…” is a phrase, …* a beginning") from error
    items = [wording.found_item(one, ports.zone) for one in found]
    more = " or more" if len(found) == _FOUND else ""
    return Listing(f"{len(found)}{more} posts with: {one_line(rest, _WORDS)}", items, "No post has all of these words.")


async def why(ports: Ports, rest: str) -> Listing:
    """Why an alert rang: what the rules of today say of its text."""
    asked = number(rest, "/why NUMBER — the number of an alert, as /last shows it")
    alert = await ports.store.look(lambda store: store.alert(asked))
    if alert is None:
        raise WrongForm(f"There is no alert {asked}; /last shows the newest.")
    if isinstance(alert, Bundle):
        named = ", ".join(str(one.id) for one in alert.members[:20])
        raise WrongForm(f"Alert {asked} stands for several; ask for one of them: {named}")
    return Listing("Why", [wording.why_lines(alert, explained(ports, alert))])


def explained(ports: Ports, alert: Alert | FollowUp) -> str:
    """Say why a post matches, by the rules of today."""
    post = alert.after if isinstance(alert, FollowUp) else alert.post
    return ports.explain(post.text, post.channel.name)


async def channels(ports: Ports, rest: str) -> Listing:
    """How far each channel is read."""
    report = await ports.store.look(ports.report)
    return Listing(
        f"{len(report.coverage)} channels",
        [wording.coverage_item(one, ports.zone) for one in report.coverage],
        "None yet: /add @channel",
    )


async def rules(ports: Ports, rest: str) -> Listing:
    """The rules in force."""
    found = ports.rules().rules
    return Listing(f"{len(found)} rules", [wording.rule_item(rule) for rule in found])


async def silent(ports: Ports, rest: str) -> Listing:
    """The silences that are not over."""
    now = ports.now()

    def read(store: Reader) -> list[Lines]:
        by_key = {one.key: channel_name(one.channel) for one in store.channels()}
        return [
            wording.silence_item(one, by_key.get(one.channel) if one.channel is not None else None, ports.zone)
            for one in store.read(silences, now)
        ]

    return Listing("Silences (end one with /unmute NUMBER)", await ports.store.look(read), "None.")


async def test(ports: Ports, rest: str) -> Listing:
    """What the rules say of a text."""
    if not rest:
        raise WrongForm("/test TEXT — what the rules would find in it")
    return Listing("Test", _lines(ports.explain(rest, None).split("\n")))


def _lines(lines: Sequence[str]) -> list[Lines]:
    found = []
    for line in lines[:_TEST_LINES]:
        one = Lines()
        one.line(clip(harmless(line), 500) or " ")
        found.append(one)
    return found


def is_of(alert: AnyAlert, of: str) -> bool:
    """Tell whether an alert is of a rule (its id), an @entity (its id or name) or a channel (its user name)."""
    if isinstance(alert, Bundle):
        return any(is_of(member, of) for member in alert.members)
    wanted = of.removeprefix("@").lower()
    post = alert.after if isinstance(alert, FollowUp) else alert.post
    return (
        any(match.rule == wanted for match in alert.findings.matches)
        or any(wanted in (one.id, one.name.lower()) for one in alert.findings.entities)
        or (post.channel.name or "").lower() == wanted
    )
