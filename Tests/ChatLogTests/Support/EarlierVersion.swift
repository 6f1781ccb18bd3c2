import Foundation
import GRDB
import TestSupport

/// The released schemas from the second to the fourth version.
enum EarlierVersion {
  /// The changes of each version to the previous one, from the second on.
  private static let steps = [
    """
    CREATE TABLE accounts (
      member INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      name_key TEXT NOT NULL,
      operator INTEGER NOT NULL,
      created INTEGER NOT NULL
    );
    CREATE UNIQUE INDEX accounts_name ON accounts (name_key);
    CREATE TABLE account_keys (
      key BLOB PRIMARY KEY,
      member INTEGER NOT NULL REFERENCES accounts (member),
      place INTEGER NOT NULL,
      added INTEGER NOT NULL,
      label TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX account_keys_place ON account_keys (member, place);
    CREATE TABLE sanctions (
      kind TEXT NOT NULL,
      subject_key TEXT NOT NULL,
      subject TEXT NOT NULL,
      until INTEGER,
      author TEXT NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (kind, subject_key)
    ) WITHOUT ROWID;
    CREATE TABLE invitations (
      digest BLOB PRIMARY KEY,
      uses INTEGER NOT NULL,
      expires INTEGER,
      author TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE room_rules (
      room_key TEXT PRIMARY KEY,
      room TEXT NOT NULL,
      owner INTEGER,
      slowness INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE room_guests (
      room_key TEXT NOT NULL REFERENCES room_rules (room_key),
      member INTEGER NOT NULL,
      PRIMARY KEY (room_key, member)
    ) WITHOUT ROWID;
    CREATE TABLE acts (
      id INTEGER PRIMARY KEY,
      time INTEGER NOT NULL,
      author TEXT NOT NULL,
      verb TEXT NOT NULL,
      subject TEXT NOT NULL,
      text TEXT NOT NULL
    );
    CREATE INDEX acts_time ON acts (time);
    ALTER TABLE log ADD COLUMN scrubbing INTEGER NOT NULL DEFAULT 0;
    """,
    """
    CREATE TABLE epochs (number INTEGER PRIMARY KEY, epoch TEXT NOT NULL);
    INSERT INTO epochs (number, epoch) SELECT 1, epoch FROM log;
    CREATE TABLE epoch_heads (
      conversation INTEGER NOT NULL REFERENCES conversations (id),
      epoch INTEGER NOT NULL,
      head INTEGER NOT NULL,
      PRIMARY KEY (conversation, epoch)
    ) WITHOUT ROWID;
    ALTER TABLE conversations ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE log ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
    """,
    """
    ALTER TABLE log ADD COLUMN text_rule INTEGER NOT NULL DEFAULT 1;
    """,
  ]

  /// A registry in the schema that all these versions share: an account with its key, a permanent ban, a temporary
  /// mute, an invitation, and a private room with a guest.
  private static let registry = """
    INSERT INTO accounts (member, name, name_key, operator, created) VALUES (7, 'neha', 'neha', 0, 1795348800000);
    INSERT INTO account_keys (key, member, place, added, label)
      VALUES (x'\(String(repeating: "01", count: 32))', 7, 0, 1795348800001, 'key 1');
    INSERT INTO sanctions (kind, subject_key, subject, until, author, reason) VALUES
      ('ban', '192.0.2.0/24', '192.0.2.0/24', NULL, 'root', 'enough'),
      ('mute', '@mallory', '@Mallory', 1795435200000, 'root', '');
    INSERT INTO invitations (digest, uses, expires, author)
      VALUES (x'\(String(repeating: "02", count: 32))', 3, NULL, 'root');
    INSERT INTO room_rules (room_key, room, owner, slowness) VALUES ('#plans', '#Plans', 7, 30);
    INSERT INTO room_guests (room_key, member) VALUES ('#plans', 9);
    INSERT INTO acts (time, author, verb, subject, text) VALUES (1795348800000, 'root', 'BAN', '192.0.2.0/24', 'enough');
    """

  static let numbers = 2...steps.count + 1

  /// Creates a log with two messages.
  /// - Parameter more: SQL for further contents.
  static func make(_ version: Int, in folder: TemporaryFolder, _ more: String = "") throws {
    try FirstVersion.make(in: folder)
    try DatabaseQueue(path: folder.file("log.sqlite")).writeWithoutTransaction { database in
      for step in steps.prefix(version - 1) { try database.execute(sql: step) }
      try database.execute(sql: registry + more)
      try database.execute(sql: "PRAGMA user_version = \(version)")
    }
  }
}
