import ChatProtocol
import ChatRecords

/// The arguments of the function that stores a group of messages: everything is sent before a lock is taken, and one
/// call stores the group.
///
/// The function locks the log's row, assigns ids and sequences, and announces the last id. The caller counts the
/// messages of each conversation, because joins in the function would take longer than all the rest.
struct PostgresSubmission {
  /// Stores a group in one transaction with the call. Fails with a unique violation of `messages_key` if a member has
  /// used a key before, and with `PostgresError.State.outdated` if a conversation was deleted.
  ///
  /// - `conversations`, `counts`, `lasts`, `first_names`, `second_names`: for each conversation its row, the number of
  ///   its messages, the place of its last message in the group, and the new names of a pair.
  /// - `begun`: the conversations in which this epoch may have no message yet.
  /// - `topics`: the places of the messages that set the topics.
  /// - `hub`: the node that stores the group; NULL without one. A dead node stores nothing.
  /// - `places`, `offsets` and the others: for each message the index of its conversation in `conversations`, its place
  ///   in that conversation's part of the group, and its columns. All places are from 1.
  /// - Result: the id before the first message, the time of the messages, and for each conversation the head before.
  static let function = """
    CREATE FUNCTION submit_1(
      epoch_now bigint, given_time bigint, conversations bigint[], counts bigint[], lasts bigint[],
      first_names text[], second_names text[], begun bigint[], topics bigint[],
      places integer[], offsets integer[], members bigint[], kinds integer[], authors text[], readers text[],
      texts bytea[], cids bytea[], hub bigint,
      OUT base bigint, OUT stored_time bigint, OUT heads bigint[]
    ) LANGUAGE plpgsql AS $$
    #variable_conflict use_variable
    BEGIN
      UPDATE log l SET last_id = l.last_id + cardinality(members),
        last_time = CASE WHEN given_time IS NULL
          THEN greatest(l.last_time, (extract(epoch FROM clock_timestamp()) * 1000)::bigint) ELSE l.last_time END
        RETURNING l.last_id - cardinality(members), coalesce(given_time, l.last_time) INTO base, stored_time;
      IF hub IS NOT NULL AND NOT EXISTS (SELECT FROM nodes WHERE id = hub) THEN
        RAISE EXCEPTION 'the other servers have declared this one dead' USING ERRCODE = '\(PostgresError.State.nodeEnded)';
      END IF;
      IF cardinality(begun) > 0 THEN
        INSERT INTO epoch_heads (conversation, epoch, head)
          SELECT c.id, epoch_now, c.head FROM conversations c WHERE c.id = ANY (begun) AND c.epoch <> epoch_now
          ON CONFLICT DO NOTHING;
        DELETE FROM epoch_heads e WHERE e.conversation = ANY (begun) AND e.epoch <=
          (SELECT o.epoch FROM epoch_heads o WHERE o.conversation = e.conversation
            ORDER BY o.epoch DESC LIMIT 1 OFFSET \(EpochHeads.capacity));
      END IF;
      WITH changed AS (
        UPDATE conversations c SET head = c.head + u.count, last_id = base + u.last, epoch = epoch_now,
          first_name = coalesce(u.first_name, c.first_name), second_name = coalesce(u.second_name, c.second_name)
          FROM unnest(conversations, counts, lasts, first_names, second_names)
            WITH ORDINALITY u (id, count, last, first_name, second_name, place)
          WHERE c.id = u.id AND NOT c.deleted RETURNING u.place, c.head - u.count AS head
      ) SELECT array_agg(changed.head ORDER BY changed.place) FROM changed INTO heads;
      IF cardinality(heads) IS DISTINCT FROM cardinality(conversations) THEN
        RAISE EXCEPTION 'a conversation was deleted' USING ERRCODE = '\(PostgresError.State.outdated)';
      END IF;
      INSERT INTO messages (id, conversation, sequence, member, time, kind, author, reader, text, cid, node)
        SELECT base + u.n, conversations[u.place], heads[u.place] + u.o, u.member, stored_time, u.kind, u.author,
          u.reader, u.text, u.cid, coalesce(hub, 0)
        FROM unnest(places, offsets, members, kinds, authors, readers, texts, cids)
          WITH ORDINALITY u (place, o, member, kind, author, reader, text, cid, n);
      IF cardinality(topics) > 0 THEN
        UPDATE conversations c SET topic_id = m.id, topic_sequence = m.sequence, topic_author = m.author,
          topic_member = m.member, topic_text = m.text, topic_time = m.time
          FROM messages m WHERE m.id IN (SELECT base + t FROM unnest(topics) t) AND c.id = m.conversation;
      END IF;
      PERFORM pg_notify('\(PostgresSchema.channel)', (base + cardinality(members))::text);
    END $$;
    """

  private let messages: [NewMessage]
  private var places: [Conversation: Int] = [:]
  private var parts: [Part] = []
  private var ordered: [(place: Int, offset: Int)] = []

  /// The messages of one conversation.
  private struct Part {
    let row: PostgresConversations.Row
    var count = 0
    var last = 0
    var lastTopic: Int?
    /// Tracks the names of a pair.
    var names: ConversationRow
  }

  private let keys: [[UInt8]]

  /// - Parameters:
  ///   - keys: for each message the value of `cid`.
  ///   - rows: contains the conversation of each message.
  init?(_ messages: [NewMessage], keys: [[UInt8]], rows: PostgresConversations) {
    self.messages = messages
    self.keys = keys
    for (index, message) in messages.enumerated() {
      guard let row = rows[message.conversation] else { return nil }
      let place = places[message.conversation] ?? parts.count
      if place == parts.count {
        places[message.conversation] = place
        parts.append(Part(row: row, names: ConversationRow(id: row.id, conversation: message.conversation)))
      }
      parts[place].count += 1
      parts[place].last = index + 1
      if message.kind == .topic { parts[place].lastTopic = index + 1 }
      parts[place].names.take(names: message)
      ordered.append((place, parts[place].count))
    }
  }

  /// - Parameter time: nil for the database's clock.
  func run(
    on connection: PostgresConnection, epoch: Int, time: Timestamp?, hub: HubID?
  ) throws(PostgresError) -> [StoredMessage] {
    let rows = try connection.execute(Self.call, parameters(epoch: epoch, time: time, hub: hub))
    guard let row = rows.first else { throw PostgresError(message: "the database has not answered what it stored") }
    let (base, stored, heads) = (row.int(0), Timestamp(milliseconds: row.int64(1)), row.ints(2))
    guard heads.count == parts.count else {
      throw PostgresError(message: "the database has answered with \(heads.count) conversations, not \(parts.count)")
    }
    return zip(messages, ordered).enumerated().map { index, entry in
      StoredMessage(
        entry.0, id: base + index + 1, sequence: heads[entry.1.place] + entry.1.offset, time: stored)
    }
  }

  private static let call = """
    SELECT base, stored_time, heads FROM submit_1(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
    """

  private func parameters(epoch: Int, time: Timestamp?, hub: HubID?) -> [PostgresParameter] {
    var (places, offsets) = (PostgresArray(.int4), PostgresArray(.int4))
    for (place, offset) in ordered {
      places.append(int4: Int32(clamping: place + 1))
      offsets.append(int4: Int32(clamping: offset))
    }
    var kinds = PostgresArray(.int4)
    var (authors, readers) = (PostgresArray(.text), PostgresArray(.text))
    var (texts, cids) = (PostgresArray(.bytes), PostgresArray(.bytes))
    for (message, key) in zip(messages, keys) {
      kinds.append(int4: Int32(clamping: message.kind.rawValue))
      authors.append(message.author.text)
      readers.append(message.reader?.text)
      texts.append(message.text)
      cids.append(key)
    }
    return [
      .int(epoch), .int8(time?.milliseconds), .ints(parts.map(\.row.id)), .ints(parts.map(\.count)),
      .ints(parts.map(\.last)), .texts(parts.map(\.names.names.first?.text)),
      .texts(parts.map(\.names.names.second?.text)), .ints(parts.filter { !$0.row.isBegun }.map(\.row.id)),
      .ints(parts.compactMap(\.lastTopic)), places.parameter, offsets.parameter,
      .int8s(messages.map(\.member.number)), kinds.parameter, authors.parameter, readers.parameter, texts.parameter,
      cids.parameter, .int8(hub?.number),
    ]
  }
}
