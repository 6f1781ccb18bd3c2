import Foundation
import GRDB
import TestSupport

/// The schema of the first version, as it was released.
enum FirstVersion {
  static let schema = """
    CREATE TABLE log (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      epoch TEXT NOT NULL,
      secret BLOB NOT NULL,
      indexed_through INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE conversations (
      id INTEGER PRIMARY KEY,
      room TEXT,
      room_key TEXT,
      first_member INTEGER,
      second_member INTEGER,
      first_name TEXT,
      second_name TEXT,
      head INTEGER NOT NULL DEFAULT 0,
      last_id INTEGER NOT NULL DEFAULT 0,
      topic_id INTEGER,
      topic_sequence INTEGER,
      topic_author TEXT,
      topic_member INTEGER,
      topic_text TEXT,
      topic_time INTEGER,
      CHECK ((room_key IS NULL) <> (first_member IS NULL)),
      CHECK ((first_member IS NULL) = (second_member IS NULL)),
      CHECK ((room_key IS NULL) = (room IS NULL))
    );
    CREATE UNIQUE INDEX conversations_room ON conversations (room_key) WHERE room_key IS NOT NULL;
    CREATE UNIQUE INDEX conversations_pair ON conversations (first_member, second_member)
      WHERE first_member IS NOT NULL;
    CREATE INDEX conversations_first ON conversations (first_member, last_id) WHERE first_member IS NOT NULL;
    CREATE INDEX conversations_second ON conversations (second_member, last_id) WHERE second_member IS NOT NULL;
    CREATE TABLE messages (
      id INTEGER PRIMARY KEY,
      conversation INTEGER NOT NULL REFERENCES conversations (id),
      sequence INTEGER NOT NULL,
      author TEXT NOT NULL,
      member INTEGER NOT NULL,
      reader TEXT,
      kind INTEGER NOT NULL,
      text TEXT NOT NULL,
      time INTEGER NOT NULL,
      cid TEXT
    );
    CREATE UNIQUE INDEX messages_place ON messages (conversation, sequence);
    CREATE UNIQUE INDEX messages_key ON messages (member, cid) WHERE cid IS NOT NULL;
    CREATE VIRTUAL TABLE search USING fts5 (
      words, content = '', columnsize = 0, tokenize = "ascii tokenchars '_'"
    );
    CREATE TABLE days (day INTEGER PRIMARY KEY, first_id INTEGER NOT NULL, last_id INTEGER NOT NULL);
    CREATE TABLE marks (
      member INTEGER NOT NULL,
      conversation INTEGER NOT NULL REFERENCES conversations (id),
      sequence INTEGER NOT NULL,
      updated INTEGER NOT NULL,
      PRIMARY KEY (member, conversation)
    ) WITHOUT ROWID;
    CREATE INDEX marks_updated ON marks (updated);
    PRAGMA application_id = 1400324968;
    PRAGMA user_version = 1;
    INSERT INTO log (only, epoch, secret) VALUES (1, 'epoch1', zeroblob(32));
    INSERT INTO conversations (id, room, room_key, head, last_id) VALUES (1, '#lobby', '#lobby', 2, 2);
    INSERT INTO messages (id, conversation, sequence, author, member, kind, text, time, cid)
      VALUES (1, 1, 1, 'neha', 7, 0, 'hello', 1795348800000, 'k'), (2, 1, 2, 'neha', 7, 0, 'world', 1795348800000, NULL);
    """

  /// Creates a log with two messages.
  static func make(in folder: TemporaryFolder) throws {
    let database = try DatabaseQueue(path: folder.file("log.sqlite"))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.file("log.sqlite"))
    try database.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: schema)
    }
  }
}
