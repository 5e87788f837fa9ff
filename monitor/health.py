"""How the reading goes: coverage of each channel, what holds it, and what a person must see to."""

from __future__ import annotations

from monitor.reading.reader import Reader


def headline(reader: Reader) -> str:
    """Say in one line how a running reader is, for systemd's status."""
    account, desk = reader.account, reader.desk
    if account.fault is not None:
        return f"nothing is read: {account.fault}"
    if account.outage is not None:
        return f"waiting for the network: {account.outage}"
    if not account.is_open:
        return "connecting"
    parts = [f"reading {len(desk.plan)} of {len(desk.targets)} channels"]
    if reader.unresolved:
        parts.append(f"{reader.unresolved} names to look up")
    floods = account.budget.floods(desk.clock.monotonic())
    parts += [f"waiting {round(seconds)} s with {action or 'everything'}" for action, seconds in floods]
    return "; ".join(parts)
