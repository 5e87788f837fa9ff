"""A purge may take words out of the desk's audit, and write down that it did; nothing else may change in it."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0010 redactions of the audits")
def redactions(db: Database) -> None:
    db.executescript("""
        ALTER TABLE purges ADD COLUMN texts INTEGER NOT NULL DEFAULT 0;   -- beside posts: what we wrote ourselves

        CREATE TABLE redactions (             -- lines of the desk's audit whose words a purge took out
            audit INTEGER PRIMARY KEY REFERENCES audit (id),
            purge INTEGER NOT NULL REFERENCES purges (id)
        ) STRICT;
        CREATE TRIGGER redactions_are_of_purges BEFORE INSERT ON redactions
            WHEN EXISTS (SELECT 1 FROM redactions r WHERE r.audit = new.audit)
                OR NOT EXISTS (SELECT 1 FROM audit a WHERE a.id = new.audit)
                OR NOT EXISTS (SELECT 1 FROM purges p WHERE p.id = new.purge AND p.kind = 'person')
            BEGIN SELECT raise(ABORT, 'a line is redacted once, by the purge of a person'); END;
        CREATE TRIGGER redactions_are_not_changed BEFORE UPDATE ON redactions
            BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;
        CREATE TRIGGER redactions_are_not_shortened BEFORE DELETE ON redactions
            BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;

        -- The words of a line may become '(purged)' when its redaction is written down; all else stays.
        DROP TRIGGER audit_is_not_changed;
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
            WHEN NOT (
                new.detail = '(purged)' AND EXISTS (SELECT 1 FROM redactions r WHERE r.audit = old.id)
                AND new.id IS old.id AND new.at IS old.at AND new.person IS old.person AND new.name IS old.name
                AND new.action IS old.action AND new.alert IS old.alert
            )
            BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;

        -- INSERT OR REPLACE would take a line away without asking the triggers of updates and deletions.
        CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
            WHEN EXISTS (SELECT 1 FROM audit a WHERE a.id = new.id)
            BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;
        CREATE TRIGGER purges_are_not_replaced BEFORE INSERT ON purges
            WHEN EXISTS (SELECT 1 FROM purges p WHERE p.id = new.id)
            BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;

        -- Of the audit of purges, a reference that named somebody may go, and nothing else.
        CREATE TRIGGER purges_are_not_changed BEFORE UPDATE ON purges
            WHEN NOT (
                new.reference = '(purged)' AND new.id IS old.id AND new.at IS old.at AND new.kind IS old.kind
                AND new.subject IS old.subject AND new.by IS old.by AND new.posts IS old.posts
                AND new.revisions IS old.revisions AND new.texts IS old.texts
            )
            BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;
        CREATE TRIGGER purges_are_not_shortened BEFORE DELETE ON purges
            BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;
    """)
