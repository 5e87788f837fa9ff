"""A person who is purged is nowhere left: not in posts, not in what the desk and the program wrote beside them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlite_utils import Database

from monitor.cli.main import monitor
from monitor.cli.purging import Wanted, person_of
from monitor.models import Channel, EntityMention, Findings, Forward, Level, Match, Media, Mention, Post, Silence
from monitor.store import audit, backup, counts, gaps, notices, personal, purging, silences
from monitor.store.audit import Entry
from monitor.store.notices import Notice
from monitor.store.personal import Person
from monitor.store.purging import Request
from monitor.store.reader import Reader
from monitor.store.store import Store
from tests.store_example import CORPS, NOTHING, NOW, keep, post, tell

NAME = "Сергей Иваненко"
# How the name is written in one place or another, and what must stand in no byte afterwards.
WRITTEN = ("Сергея Иваненко", "Сергею Иваненко", "Serhij Iwanenko", "sergey-ivanenko", "сергей иваненко")
TRACES = ("Иваненко", "иваненко", "Iwanenko", "iwanenko", "ivanenko", "Ivanenko")

# Columns that posts fill: emptied with them.
OF_POSTS = {
    *("media.mime", "media.reason"),
    *("alerts.news", "entities.entity", "entities.name", "mentions.entity", "mentions.form", "mentions.via"),
    *("pictures.png", "posts.url", "questions.text", "revisions.attached", "revisions.body", "revisions.folded"),
    *("revisions.forward", "revisions.media", "revisions.raw", "stories.key", "story_texts.key", "story_texts.sketch"),
    *("unparsed.raw", "unparsed.reason", "media.mime", "media.reason"),
}
# Names of channels, of files and of whoever acts: they stay, and the command names those that hold the person's name.
NAMES = {
    *("accounts.name", "addresses.account", "audit.name", "channel_names.name", "channel_names.name_key"),
    *("channels.name", "floods.account", "found_channels.name_key", "purges.by", "requests.account"),
    *("revisions.source", "silence_ends.by", "silences.made_by", "states.told_name", "wishes.given"),
    *("wishes.made_by", "wishes.name_key"),
}
# Constants, times, hashes, numbers: nobody's words.
CONSTANTS = {
    *("accounts.blind_spots", "accounts.seen_at", "accounts.source", "addresses.resolved_at", "alerts.decided_at"),
    *("alerts.due_at", "alerts.edit_due", "alerts.kind", "alerts.level", "alerts.open_until", "alerts.origin"),
    *("alerts.state", "audit.action", "audit.at", "backfills.since", "backfills.source", "channel_languages.language"),
    *("channel_names.first_seen", "channel_names.last_seen", "channels.last_seen", "cursors.at", "cursors.source"),
    *("deletions.noticed_at", "deliveries.at", "deliveries.message", "deliveries.notifier", "deliveries.outcome"),
    *("digests.at", "digests.day", "entities.kind", "floods.action", "floods.began", "floods.until"),
    *("found_channels.at", "found_channels.source", "gaps.closed_at", "gaps.seen_at", "gaps.source", "matches.level"),
    *("media.kind", "media.next_at", "media.sha256", "media.state", "media_records.fetched_at", "media_records.sha256"),
    *("media_records.previous_hash", "media_records.record_hash", "media_removals.sha256"),
    *("notices.at", "notices.kind", "notices.level", "notices.told_at", "outboxes.notifier", "outboxes.origin"),
    *("outboxes.retry_at", "posts.date", "purges.at", "purges.kind", "purges.subject", "questions.at"),
    *("random_id_salt.salt", "rechecks.checked_at", "refusals.kind", "refusals.notifier", "refusals.retry_at"),
    *("requests.action", "requests.at", "revisions.content_sha256", "revisions.edited", "revisions.first_seen"),
    *("revisions.language", "revisions.previous_hash", "revisions.raw_sha256", "revisions.record_hash", "sent.at"),
    *("sent.message", "sent.notifier", "sent_notices.at", "sent_notices.message", "sent_notices.notifier"),
    *(
        "silence_ends.at",
        "silences.ends_at",
        "silences.made_at",
        "states.looked_at",
        "states.next_at",
        "states.read_at",
    ),
    *("states.retry_at", "states.since", "states.source", "states.standing", "stories.date", "story_texts.date"),
    *("media.kind", "media.next_at", "media.sha256", "media.state", "media_records.fetched_at", "media_records.sha256"),
    *("media_records.previous_hash", "media_records.record_hash", "media_removals.sha256"),
    *("unparsed.first_seen", "unparsed.source", "wishes.done_at", "wishes.made_at"),
}
WORDS = {f"{table}.{column}" for table, column in personal.WORDS}


def _columns(db: Database) -> Iterator[tuple[str, str]]:
    """Give every column that can hold text, but those of the index, which is made of revisions.folded."""
    for table in db.table_names():
        if table != "words" and not table.startswith(("words_", "_sqlite", "sqlite_")):
            yield from ((table, row[1]) for row in db.execute(f"PRAGMA table_info({table})") if row[2] != "INTEGER")


def test_every_column_of_text_is_put_into_a_class() -> None:
    with Store.open(None) as store:
        columns = {f"{table}.{column}" for table, column in store.read(lambda db: list(_columns(db)))}
        reals = {"states.posts", "states.seconds", "states.burst"}
    classes = (WORDS, OF_POSTS, NAMES, CONSTANTS)
    assert columns - reals == set().union(*classes), "say where the new column belongs, and purge it if need be"
    assert sum(map(len, classes)) == len(set().union(*classes))


def _naming(path: Path, person: Person) -> set[str]:
    """Return the columns in which anything at all names the person."""
    with Reader.open(path) as reader:
        return reader.read(
            lambda db: {f"{table}.{column}" for table, column in _columns(db) if _holds(db, table, column, person)}
        )


def _holds(db: Database, table: str, column: str, person: Person) -> bool:
    for (value,) in db.execute(f"SELECT DISTINCT {column} FROM {table}"):
        text = personal.raw_words(value) if isinstance(value, bytes) else value
        if text and person.is_in(text):
            return True
    return False


def _traces(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*.db*") if path.is_file()]
    assert files
    return [f"{file.name}: {trace}" for file in files for trace in TRACES if trace.encode() in file.read_bytes()]


@pytest.fixture
def person() -> Person:
    return person_of(Wanted(NAME, None, None, False, False, "m", None))


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in which each column names the person that can, and its backup."""
    path = tmp_path / "monitor.db"
    monkeypatch.setenv("DATABASE", str(path))
    with Store.open(path) as store:
        keep(store, *(post(number, f"Обычный пост {number}") for number in range(1, 30)))
        _posts(store)
        _words(store)
    backup.back_up(path, tmp_path / "backups", NOW)
    return path


def _mention(**more: str) -> Mention:
    return Mention(0, 4, **{"form": "пост", "lemma": "пост", "via": "genitive", **more})


def _posts(store: Store) -> None:
    """Posts that name the person in their text, or in a single other place."""
    tell(store, post(30, f"Пленный {WRITTEN[0]} жив."))
    told = Mention(0, 4, WRITTEN[1], WRITTEN[1], "genitive", entity="sergey-ivanenko")
    named = Findings((), (EntityMention("sergey-ivanenko", "person", NAME, (told,)),))
    keep(store, post(31, "Он жив.", attached=(WRITTEN[1],), url="https://t.me/x/31"), findings=named)
    keep(store, post(32, "Переслано.", forward=Forward(NAME)))
    keep(store, post(33, "Документ.", media=(Media("document", file_name="Иваненко Сергей.pdf"),)))
    medium = (
        "INSERT INTO media (revision, number, message, file, kind, mime, state, reason, next_at)"
        " SELECT id, 1, 33, 7, 'document', ?, 'left', ?, '' FROM revisions WHERE media IS NOT NULL"
    )
    store.write(lambda db: db.execute(medium, [WRITTEN[0], f"it says {WRITTEN[1]}"]))
    keep(store, post(34, "Подпись.", raw=json.dumps({"post_author": NAME}).encode()))
    keep(store, post(35, "Разметка.", raw=f"<p>Пишет <b>{WRITTEN[0]}</b></p>".encode()))
    about = Match("sergey-ivanenko-watch", f"О судьбе: {NAME}", Level.LOW, (_mention(rule="sergey-ivanenko-watch"),))
    lemma = Match("other", "Other", Level.LOW, (_mention(lemma=WRITTEN[2], term="sergey-ivanenko", rule="other"),))
    keep(store, post(36, "Пост, который его не называет."), findings=Findings((about, lemma), ()))
    store.write(lambda db: db.execute("UPDATE alerts SET news = ?", [json.dumps([WRITTEN[0]], ensure_ascii=False)]))
    raw = [
        gaps.Raw(CORPS.id or 0, 90, "unknown constructor", json.dumps({"message": WRITTEN[0]}).encode()),
        gaps.Raw(CORPS.id or 0, 91, f"half of {WRITTEN[2]}", b"\x01\x02"),
        gaps.Raw(CORPS.id or 0, 92, "unknown constructor", b'{"message": "other"}'),
    ]
    store.write(gaps.keep_raw, "telegram", raw, NOW)


def _words(store: Store) -> None:
    """What the desk and the program wrote."""
    channel = Channel(1700000009, "rodnye", f"Родные: {WRITTEN[0]}")
    keep(store, post(1, "Пост", channel), findings=NOTHING)
    store.write(audit.note, Entry(NOW, 7, "Analyst", "mute", f"8h text {WRITTEN[4]}"))
    store.write(audit.note, Entry(NOW, 7, "Analyst", "mute", "8h text дождь"))
    store.write(audit.ask, f"/search {WRITTEN[0]}", NOW)
    for condition in ({"text": WRITTEN[4]}, {"entity": "sergey-ivanenko"}, {"rule": "sergey-ivanenko-watch"}):
        store.write(silences.add_silence, Silence(NOW, NOW + timedelta(days=9999), by="Analyst", **condition))
    store.write(silences.add_silence, Silence(NOW, NOW + timedelta(days=9999), by="Analyst", text="дождь"))
    at = NOW + timedelta(days=40)  # of another day than the posts
    store.write(counts.note_digest, f"{at:%Y-%m-%d}", at, f"О судьбе: {NAME} 3", b"\x89PNG")
    store.write(notices.note, Notice("renamed", "Something else", Level.LOW), NOW)
    for statement in (
        "INSERT INTO accounts VALUES ('1', 'telegram', '', '[]', ?)",
        "INSERT INTO found_channels VALUES ('telegram', 'x', NULL, '', ?)",
        "INSERT INTO outboxes (notifier, first_alert, settled_below, first_notice, fault) VALUES ('chat', 1, 1, 1, ?)",
        "INSERT INTO purges (at, kind, by, posts, revisions, reference) VALUES ('', 'person', 'x', 0, 0, ?)",
        "INSERT INTO refusals VALUES ('chat', 'alert', 1, 1, '', ?)",
        "INSERT INTO states VALUES (1700000009, 'telegram', 'open', '', NULL, NULL, NULL, NULL, NULL, 1, ?, 0, 0, 0, 0,"
        " 0, NULL)",
        "INSERT INTO wishes VALUES ('x', 'x', 1, NULL, NULL, ?, '', 'Analyst')",
    ):
        store.write(lambda db, sql=statement: db.execute(sql, [f"it says “{WRITTEN[1]}”"]))


def _purge(*more: str, code: int = 0) -> str:
    result = CliRunner().invoke(monitor, ["purge", "--person", NAME, "--yes", *more])
    assert result.exit_code == code, result.output
    return result.output


def test_no_column_and_no_byte_names_the_person_any_more(filled: Path, person: Person, tmp_path: Path) -> None:
    [copy] = (tmp_path / "backups").iterdir()
    not_words = {
        "media.mime",
        "media.reason",
        "mentions.via",
        "pictures.png",
        "posts.url",
        "stories.key",
        "story_texts.key",
        "story_texts.sketch",
    }
    assert _naming(filled, person) >= WORDS | OF_POSTS - not_words, "the name stands in each place where it can"
    assert {trace.partition(": ")[2] for trace in _traces(tmp_path)} >= {"Иваненко", "Iwanenko", "ivanenko"}

    said = _purge("--reference", "2024/17")

    assert f"{filled}: 6 posts and 21 other texts removed" in said
    assert f"{copy}: 6 posts and 21 other texts removed" in said
    assert (_naming(filled, person), _naming(copy, person), _traces(tmp_path)) == (set(), set(), [])
    assert "No post is concerned" in _purge()
    with Reader.open(filled) as reader:
        assert reader.verify_chain() is None
        assert [(one.name, one.action, one.detail) for one in reader.read(audit.entries, NOW)] == [
            ("Analyst", "mute", "8h text дождь"),
            ("Analyst", "mute", "(purged)"),
        ]
        assert [one.text for one in reader.read(silences.silences, NOW + timedelta(days=5000))] == ["дождь"]
        rows = "SELECT kind, reference, posts, revisions, texts FROM purges ORDER BY id"
        assert reader.read(lambda db: db.execute(rows).fetchall()) == [
            ("person", "(purged)", 0, 0, 0),
            ("person", "2024/17", 6, 6, 21),
        ]
        assert reader.read(lambda db: db.execute("SELECT audit, purge FROM redactions").fetchall()) == [(1, 2)]
        assert reader.read(lambda db: db.execute("SELECT telegram_id FROM unparsed").fetchall()) == [(92,)]


def test_what_only_a_backup_still_holds_goes_from_there(filled: Path, person: Person, tmp_path: Path) -> None:
    """Retention emptied the posts long ago, and its backup of that time lies there still."""
    places = [(CORPS.id or 0, number) for number in range(30, 37)]
    purging.purge(filled, places, Request("retention", "30 days"), NOW, thorough=False)
    _purge()
    [copy] = (tmp_path / "backups").iterdir()
    assert (_naming(copy, person), _traces(tmp_path)) == (set(), [])


def test_names_that_stay_are_told_and_a_dry_run_changes_nothing(filled: Path, tmp_path: Path) -> None:
    with Store.open(filled) as store:
        keep(
            store,
            Post(Channel(1700000010, "sergey_ivanenko"), 1, NOW, "Пост", b"{}", source="/in/Сергей Иваненко.json:7"),
        )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.db")}
    said = _purge("--dry-run")
    assert "6 posts and 21 other texts would be removed." in said
    assert "@sergey_ivanenko: holds the name and stays" in said
    assert "/in/Сергей Иваненко.json: holds the name and stays" in said
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.db")} == before


def test_a_reference_that_names_the_person_in_any_form_is_refused(filled: Path) -> None:
    before = filled.read_bytes()
    assert "--reference must not hold the name" in _purge("--reference", "Иваненко, запрос от Iwanenko Serhij", code=2)
    assert filled.read_bytes() == before


FORBIDDEN = {
    "the words of a line": "UPDATE audit SET detail = 'other' WHERE id = 1",
    "… also of one that is to be redacted": "UPDATE audit SET detail = 'other' WHERE id = 2",
    "out, without a redaction": "UPDATE audit SET detail = '(purged)' WHERE id = 1",
    "who, beside a redaction": "UPDATE audit SET detail = '(purged)', name = 'Other' WHERE id = 2",
    "whose number": "UPDATE audit SET detail = '(purged)', person = 9 WHERE id = 2",
    "what": "UPDATE audit SET detail = '(purged)', action = 'unmute' WHERE id = 2",
    "when": "UPDATE audit SET detail = '(purged)', at = '2030' WHERE id = 2",
    "of which alert": "UPDATE audit SET detail = '(purged)', alert = 1 WHERE id = 2",
    "the number of a line": "UPDATE audit SET detail = '(purged)', id = 9 WHERE id = 2",
    "a line away": "DELETE FROM audit WHERE id = 2",
    "all lines away": "DELETE FROM audit",
    "a line for another": "INSERT OR REPLACE INTO audit VALUES (1, '', 9, 'Other', 'mute', NULL, '')",
    "a line by its conflict": "INSERT INTO audit VALUES (1, '', 9, 'Other', 'mute', NULL, '')"
    " ON CONFLICT (id) DO UPDATE SET detail = ''",
    "a redaction of no purge": "INSERT INTO redactions VALUES (1, 99)",
    "a redaction of a retention": "INSERT INTO redactions VALUES (1, 2)",
    "a redaction of no line": "INSERT INTO redactions VALUES (99, 1)",
    "a redaction again": "INSERT OR REPLACE INTO redactions VALUES (2, 1)",
    "a redaction to another line": "UPDATE redactions SET audit = 1",
    "a redaction away": "DELETE FROM redactions",
    "how much a purge took": "UPDATE purges SET posts = 0 WHERE id = 1",
    "how much, beside a reference": "UPDATE purges SET reference = '(purged)', texts = 0 WHERE id = 1",
    "a reference to another": "UPDATE purges SET reference = 'other' WHERE id = 1",
    "a purge away": "DELETE FROM purges",
    "a purge for another": "INSERT OR REPLACE INTO purges (id, at, kind, by, posts, revisions)"
    " VALUES (1, '', 'person', 'x', 0, 0)",
}


@pytest.fixture
def audited(tmp_path: Path) -> Path:
    """Two lines of the audit, of which the second is to be redacted by the first of two purges."""
    path = tmp_path / "monitor.db"
    with Store.open(path) as store:
        for words in ("first", "second"):
            store.write(audit.note, Entry(NOW, 7, "Analyst", "mute", words))
        purge = "INSERT INTO purges (at, kind, reference, by, posts, revisions, texts) VALUES ('', ?, ?, 'x', 3, 3, 1)"
        for kind in ("person", "retention"):
            store.write(lambda db, kind=kind: db.execute(purge, [kind, "17"]))
        store.write(lambda db: db.execute("INSERT INTO redactions VALUES (2, 1)"))
    return path


def _audits(path: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        return [db.execute(f"SELECT * FROM {table}").fetchall() for table in ("audit", "redactions", "purges")]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_changes_an_audit(what: str, audited: Path) -> None:
    before = _audits(audited)
    # Nothing of ours stands between: neither foreign keys nor recursive triggers are on.
    with closing(sqlite3.connect(audited, isolation_level=None)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(FORBIDDEN[what])
    assert _audits(audited) == before


def test_a_redaction_takes_the_words_of_its_line_and_nothing_else(audited: Path) -> None:
    before = _audits(audited)
    with closing(sqlite3.connect(audited, isolation_level=None)) as db:
        db.execute("UPDATE audit SET detail = '(purged)' WHERE id = 2")
        db.execute("UPDATE purges SET reference = '(purged)' WHERE id = 1")
    before[0][1] = (*before[0][1][:-1], "(purged)")
    before[2][0] = (*before[2][0][:4], "(purged)", *before[2][0][5:])
    assert _audits(audited) == before
