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
  // A position is an id, and `newest` outlives what is deleted. Events are known by their notifications: per recipient, and a CloudEvent by
  // [LMS, its own source] and its id, where both used to stand in event_id with a space between. What is gone from a file of before was
  // forgotten up to the oldest that is left. A cut that waits is kept as JSON. The index finds an event's notifications too, to withdraw them.
  `
  CREATE TABLE store (name TEXT NOT NULL, newest INTEGER NOT NULL, pruned_to INTEGER NOT NULL, waiting TEXT) STRICT;
  INSERT INTO store SELECT
    lower(hex(randomblob(8))),
    max(ifnull((SELECT max(id) FROM event), 0), ifnull((SELECT max(id) FROM notification), 0)),
    ifnull((SELECT min(id) FROM notification) / 4096 + 1577836800000, 0),
    NULL;
  DROP TABLE event;

  UPDATE notification SET
    source = json_array(source, substr(event_id, 1, instr(event_id, ' ') - 1)),
    event_id = substr(event_id, instr(event_id, ' ') + 1)
  WHERE substr(event_id, 1, instr(event_id, ' ') - 1) GLOB '*[/:]*';
  DELETE FROM notification WHERE id IN (
    SELECT id FROM (
      SELECT id, row_number() OVER (PARTITION BY source, event_id, educator ORDER BY id) AS copy FROM notification
    ) WHERE copy > 1
  );
  CREATE UNIQUE INDEX by_event ON notification (source, event_id, educator);
  `,
  // Why each educator was told; and notices, by event and by whom they name.
  `
  ALTER TABLE notification ADD COLUMN reason TEXT;
  CREATE TABLE notice (
    position INTEGER PRIMARY KEY, kind TEXT NOT NULL, source TEXT NOT NULL, event_id TEXT NOT NULL, educators TEXT NOT NULL
  ) STRICT;
  CREATE INDEX notice_by_event ON notice (source, event_id);
  CREATE TABLE notice_educator (
    educator INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (educator, position)
  ) STRICT, WITHOUT ROWID;
  `,
]
