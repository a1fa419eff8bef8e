/**
 * Each step brings the file one version further; one that was released is never changed. The triggers keep `unread`, `fresh` and what
 * `entry` says of reading exact, whatever statement changes `notification`.
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
  // What was told stands once an event, however many were told; of an event that was sent twice, the first is kept. Rows are appended, and
  // beside them only `fresh` and `unread` are written, both small: what finds an educator's rows by a field's value, `entry`, takes over all up
  // to `merged` in portions, see sqlite-index.ts, and `fresh` has those above. A field is known by its definition, an expression over a
  // notification n and its event e; the first two are always there. The cursor says how far a newer one has entries of what is older than it.
  `
  CREATE TABLE event (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, event_id TEXT NOT NULL, type TEXT NOT NULL, occurred_at TEXT NOT NULL,
    student INTEGER NOT NULL, data TEXT NOT NULL, UNIQUE (source, event_id)
  ) STRICT;
  INSERT INTO event
    SELECT min(id), source, event_id, type, occurred_at, student, data FROM notification GROUP BY source, event_id;
  CREATE TABLE told (
    id INTEGER PRIMARY KEY, educator INTEGER NOT NULL, event INTEGER NOT NULL, reason TEXT, read_at TEXT,
    UNIQUE (event, educator)
  ) STRICT;
  INSERT INTO told SELECT n.id, n.educator, e.id, n.reason, n.read_at
    FROM notification AS n JOIN event AS e USING (source, event_id) ORDER BY n.id;
  DROP TABLE notification;
  ALTER TABLE told RENAME TO notification;

  CREATE TABLE field (id INTEGER PRIMARY KEY, definition TEXT UNIQUE, cursor TEXT) STRICT;
  CREATE TABLE entry (
    field INTEGER NOT NULL, educator INTEGER NOT NULL, value ANY NOT NULL, id INTEGER NOT NULL,
    PRIMARY KEY (field, educator, value, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE fresh (educator INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (educator, id)) STRICT, WITHOUT ROWID;
  ALTER TABLE store ADD COLUMN merged INTEGER NOT NULL DEFAULT 0;
  UPDATE store SET merged = newest;
  INSERT INTO field VALUES (1, 'n.read_at IS NULL', NULL), (2, 'e.student', NULL);
  INSERT INTO entry SELECT 1, educator, read_at IS NULL, id FROM notification ORDER BY 2, 3, 4;
  INSERT INTO entry SELECT 2, n.educator, e.student, n.id
    FROM notification AS n JOIN event AS e ON e.id = n.event ORDER BY 2, 3, 4;

  CREATE TRIGGER notification_recorded AFTER INSERT ON notification BEGIN
    INSERT INTO fresh VALUES (NEW.educator, NEW.id);
    INSERT INTO unread SELECT NEW.educator, 1 WHERE NEW.read_at IS NULL
      ON CONFLICT (educator) DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER notification_read AFTER UPDATE OF read_at ON notification
  WHEN (OLD.read_at IS NULL) <> (NEW.read_at IS NULL) BEGIN
    UPDATE unread SET count = count + (NEW.read_at IS NULL) - (OLD.read_at IS NULL) WHERE educator = NEW.educator;
    UPDATE entry SET value = (NEW.read_at IS NULL)
      WHERE field = 1 AND educator = NEW.educator AND value = (OLD.read_at IS NULL) AND id = NEW.id;
  END;
  CREATE TRIGGER notification_forgotten AFTER DELETE ON notification BEGIN
    UPDATE unread SET count = count - 1 WHERE educator = OLD.educator AND OLD.read_at IS NULL;
    DELETE FROM fresh WHERE educator = OLD.educator AND id = OLD.id;
    DELETE FROM entry WHERE field = 1 AND educator = OLD.educator AND value = (OLD.read_at IS NULL) AND id = OLD.id;
  END;
  `,
]
