/**
 * Each step brings the file one version further; one that was released is never changed.
 *
 * SQLite ends every index with the row's id, so each of them gives an educator's notifications in order of id. The triggers keep
 * `unread` exact whatever statement changes `notification`.
 */
export const SCHEMA: readonly string[] = [
  `
  CREATE TABLE event (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, event_id TEXT NOT NULL, recipients INTEGER NOT NULL,
    UNIQUE (source, event_id)
  ) STRICT;

  CREATE TABLE notification (
    id INTEGER PRIMARY KEY, educator INTEGER NOT NULL, student INTEGER NOT NULL, source TEXT NOT NULL, event_id TEXT NOT NULL,
    type TEXT NOT NULL, occurred_at TEXT NOT NULL, read_at TEXT, data TEXT NOT NULL,
    unread INTEGER NOT NULL GENERATED ALWAYS AS (read_at IS NULL) VIRTUAL
  ) STRICT;
  CREATE INDEX by_educator ON notification (educator);
  CREATE INDEX by_student ON notification (educator, student);
  CREATE INDEX by_type ON notification (educator, type);
  CREATE INDEX by_unread ON notification (educator, unread);

  CREATE TABLE unread (educator INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
  CREATE TRIGGER notification_recorded AFTER INSERT ON notification WHEN NEW.unread BEGIN
    INSERT INTO unread VALUES (NEW.educator, 1) ON CONFLICT (educator) DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER notification_read AFTER UPDATE OF read_at ON notification WHEN OLD.unread <> NEW.unread BEGIN
    UPDATE unread SET count = count + NEW.unread - OLD.unread WHERE educator = NEW.educator;
  END;
  CREATE TRIGGER notification_forgotten AFTER DELETE ON notification WHEN OLD.unread BEGIN
    UPDATE unread SET count = count - 1 WHERE educator = OLD.educator;
  END;
  `,
]
