"""Removing posts for good: no byte of them is left, the rest is proved all the same, and they do not come back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.models import Channel, EntityMention, Findings, Forward, Media, Mention, Post
from monitor.store import counts, everywhere, purging
from monitor.store.backup import back_up, backups_in, prove
from monitor.store.chain import examine
from monitor.store.purging import Request
from monitor.store.reader import Reader
from monitor.store.store import Store
from tests.store_example import CORPS, NOW, keep, places, post, tell

LEGION = Channel(1700000002, "legionoffreedom", "Легион Секретный")
_MENTION = Mention(0, 7, "нашлиформу", "словарнаяформа", "genitive", entity="somebody")
FOUND = Findings((), (EntityMention("somebody", "person", "Кто-то Известный", (_MENTION,)),))
# Each stands in one column or another of the posts that are removed.
SECRETS = (
    *("Сергеенко", "секретныйфорвард", "тайнаяподпись", "сырыебайты", "закрытоеимя"),
    *("нашлиформу", "словарнаяформа", "Кто-то Известный"),
)


def _secret(number: int, text: str = "Пленный Сергеенко жив.", channel: Channel = CORPS) -> Post:
    return post(
        number,
        f"{text} {number}",
        channel,
        raw=f"сырыебайты {number}".encode(),
        attached=("тайнаяподпись",),
        forward=Forward("секретныйфорвард"),
        media=(Media("photo", file_name="закрытоеимя.jpg"),),
    )


def _filled(path: Path) -> Path:
    with Store.open(path) as store:
        keep(store, *(post(number, f"Обычный пост {number}") for number in range(1, 30)))
        tell(store, _secret(30))
        keep(store, _secret(31), _secret(32, channel=LEGION), findings=FOUND)
        for number in range(33, 60):
            # One by one, so that the index is merged and leaves free pages behind.
            keep(store, post(number, f"Ещё пост {number} " + "слово " * 200))
        # Pages that were given up earlier, before anybody asked for a removal.
        store.read(lambda db: db.execute("PRAGMA secure_delete = OFF"))
        store.read(lambda db: db.execute("CREATE TABLE former (text TEXT)"))
        store.read(lambda db: db.execute("INSERT INTO former VALUES (?)", ["Сергеенко " * 2000]))
        store.read(lambda db: db.execute("DROP TABLE former"))
    return path


def _traces(*paths: Path) -> list[str]:
    files = [file for path in paths for file in path.parent.glob(f"{path.name}*")]
    spellings = {word.encode(): word for secret in SECRETS for word in (secret, secret.lower())}
    return sorted(
        {f"{file.name}: {word}" for file in files for raw, word in spellings.items() if raw in file.read_bytes()}
    )


def test_no_byte_is_left_in_the_database_or_its_backups(tmp_path: Path) -> None:
    database = _filled(tmp_path / "monitor.db")
    back_up(database, tmp_path / "backups", NOW)
    [copy] = [backup.path for backup in backups_in(tmp_path / "backups")]
    assert {trace.split()[1] for trace in _traces(database, copy)} >= {secret.split()[0] for secret in SECRETS}

    with Reader.open(database) as reader:
        head = reader.read(examine).head
    done = everywhere.purge_all(
        database,
        [copy],
        [(CORPS.id or 0, 30), (CORPS.id or 0, 31), (LEGION.id or 0, 32)],
        Request("person", reference="2024/17"),
        NOW,
    )

    assert [(path.name, purge.posts, purge.revisions) for path, purge in done] == [
        ("monitor.db", 3, 3),
        (copy.name, 3, 3),
    ]
    assert _traces(database, copy) == []
    for path in (database, copy):
        prove(path)
        with Reader.open(path) as reader:
            chain = reader.read(examine, head)
            assert (chain.records, chain.purged, chain.head, chain.broken, chain.head_found) == (
                59,
                3,
                head,
                None,
                True,
            )
            audit = reader.read(lambda db: db.execute("SELECT kind, subject, reference, posts FROM purges").fetchall())
            assert audit == [("person", None, "2024/17", 3)]


def test_a_purged_post_is_not_stored_again_even_edited(tmp_path: Path) -> None:
    database = _filled(tmp_path / "monitor.db")
    purging.purge(database, [(CORPS.id or 0, 30)], Request("person"), NOW)
    with Store.open(database) as store:
        again = [_secret(30), _secret(30, "Правка: Сергеенко."), post(90, "Новый пост")]
        assert places(store.fresh(again, NOW)) == [(90, 1, "Новый пост")]


def test_what_is_due_about_it_is_not_told_any_more(tmp_path: Path) -> None:
    database = _filled(tmp_path / "monitor.db")
    with Store.open(database) as store:
        assert store.read(lambda db: db.execute("SELECT state FROM alerts").fetchall()) == [("due",)]
    purging.purge(database, [(CORPS.id or 0, 30)], Request("person"), NOW)
    with Store.open(database) as store:
        assert store.read(lambda db: db.execute("SELECT state FROM alerts").fetchall()) == [("silenced",)]


def test_the_digests_of_its_days_are_forgotten_and_no_others(tmp_path: Path) -> None:
    database = _filled(tmp_path / "monitor.db")
    with Store.open(database) as store:
        for days in (0, 1, 40):
            at = NOW + timedelta(days=days)
            store.write(counts.note_digest, f"{at:%Y-%m-%d}", at, f"Сергеенко, {days}", b"\x89PNG")
    purging.purge(database, [(CORPS.id or 0, 30)], Request("person"), NOW)
    with Store.open(database) as store:
        assert store.read(lambda db: db.execute("SELECT text FROM notices ORDER BY id").fetchall()) == [
            ("(purged)",),
            ("(purged)",),
            ("Сергеенко, 40",),
        ]
        assert store.read(lambda db: db.execute("SELECT notice FROM pictures").fetchall()) == [(3,)]


@pytest.mark.parametrize(
    ("with_matches", "left"),
    [pytest.param(False, [30], id="matches stay"), pytest.param(True, [], id="everything")],
)
def test_retention_spares_what_rules_spoke_of(with_matches: bool, left: list[int], tmp_path: Path) -> None:
    database = _filled(tmp_path / "monitor.db")
    with Reader.open(database) as reader:
        old = reader.read(purging.posts_before, NOW, with_matches=with_matches)
    purging.purge(database, old, Request("retention"), NOW, thorough=False)
    with Reader.open(database) as reader:
        full = reader.read(
            lambda db: db.execute(
                "SELECT p.post_id FROM posts p JOIN revisions r ON r.post = p.id WHERE r.body <> ''"
            ).fetchall()
        )
        assert [row[0] for row in full] == left
        assert reader.read(examine).broken is None
        assert reader.read(purging.posts_before, NOW, with_matches=with_matches) == []


def test_a_channel_is_forgotten_with_its_names(tmp_path: Path) -> None:
    database = _filled(tmp_path / "monitor.db")
    with Reader.open(database) as reader:
        its = reader.read(purging.posts_of_channel, LEGION.id or 0)
    purging.purge(database, its, Request("channel", str(LEGION.id)), NOW)
    raw = database.read_bytes()
    assert ["Легион Секретный".encode() in raw, b"legionoffreedom" in raw] == [False, False]


def test_blanking_without_an_entry_in_the_audit_breaks_the_chain(tmp_path: Path) -> None:
    database = _filled(tmp_path / "monitor.db")
    with Store.open(database) as store:
        store.read(lambda db: db.execute("UPDATE revisions SET raw = x'', body = '' WHERE id = 3"))
        broken = store.read(examine).broken
        assert broken is not None
        assert (broken.row, broken.reason) == (3, "the original bytes are not those that were stored")
