import ChatProtocol
import ChatRecords

/// A record of all stored messages, for checking what is read: a hash of 4 bytes per message.
struct LogContents {
  /// The number of messages of each room.
  private(set) var heads: [Int]
  /// A hash of each message, by room.
  private var digests: [[UInt32]]
  /// The number of messages that a search has to find, by room.
  private var hits: [LogQuery: [Int]]

  init(rooms: Int) {
    heads = Array(repeating: 0, count: rooms)
    digests = Array(repeating: [], count: rooms)
    hits = Dictionary(uniqueKeysWithValues: LogQuery.allCases.map { ($0, Array(repeating: 0, count: rooms)) })
  }

  /// Adds the next message of a room.
  mutating func add(_ words: [String], _ text: String, by author: Nickname, in room: Int) {
    heads[room] += 1
    digests[room].append(Self.digest(of: text, by: author))
    for query in LogQuery.allCases where query.finds(words, by: author) { hits[query]?[room] += 1 }
  }

  /// Whether this message, with its number, author and text, was stored in the room.
  func contains(_ message: StoredMessage, in room: Int) -> Bool {
    let place = message.sequence - 1
    return digests[room].indices.contains(place)
      && digests[room][place] == Self.digest(of: message.text, by: message.author)
  }

  /// The number of messages in these rooms that a search has to find.
  func hits(of query: LogQuery, in rooms: Range<Int>) -> Int { hits[query]?[rooms].reduce(0, +) ?? 0 }

  /// FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/), folded to 32.
  private static func digest(of text: String, by author: Nickname) -> UInt32 {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for byte in author.text.utf8 { add(byte) }
    // Occurs in no text.
    add(0xff)
    for byte in text.utf8 { add(byte) }
    return UInt32(truncatingIfNeeded: digest ^ (digest >> 32))
  }
}
