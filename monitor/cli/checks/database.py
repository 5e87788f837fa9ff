"""The database: whether it can be written, is of this version, and sound."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from monitor.cli.checks.findings import Findings
from monitor.config import Settings
from monitor.store import migrations
from monitor.store.database import connect_reader, quick_check, told
from monitor.store.records import StoreError


def database(settings: Settings, found: Findings) -> None:
    """Say what is wrong with the database, and what the next start does with one of an earlier version."""
    path = settings.database
    if not path.exists():
        _not_there(path, found)
        return
    before = len(found.faults)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        found.faults.append(f"DATABASE: other users may read {path} (mode {mode:04o}); run: chmod 600 {path}")
    if not os.access(path, os.W_OK) or not os.access(path.absolute().parent, os.W_OK | os.X_OK):
        found.faults.append(f"DATABASE: {path} or its folder may not be written to; change the owner")
    try:
        behind = migrations.steps_behind(path)
        damage, posts = _looked_through(path)
    except StoreError as error:
        found.faults.append(f"DATABASE: {error}")
        return
    if damage:
        found.faults.append(f"DATABASE: {path} is damaged ({damage}); put a backup back with `monitor restore`")
        return
    if behind:
        found.advice.append(
            f"database: it is of an earlier version; `monitor run` makes a backup of it when it starts, and then brings"
            f" it to this version ({behind} step{'s' if behind > 1 else ''})"
        )
    if len(found.faults) == before:
        found.good.append(f"database: {posts:,} posts, sound" if posts is not None else "database: empty")


def _not_there(path: Path, found: Findings) -> None:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        found.faults.append(f"DATABASE: {folder} may not be written to; change its owner or name another folder")
    else:
        found.advice.append(f"DATABASE: {path} is not there yet; `monitor run` makes it")


def _looked_through(path: Path) -> tuple[str | None, int | None]:
    """Return what is damaged, and the number of posts; None: nothing is, there is no table of posts yet."""
    with told(path):
        db = connect_reader(path)
        try:
            damage = quick_check(db)
            filled = damage is None and "posts" in db.table_names()
            return damage, db.execute("SELECT count(*) FROM posts").fetchone()[0] if filled else None
        finally:
            db.close()
