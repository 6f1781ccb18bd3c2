import ChatProtocol
import ChatRecords

/// Keys of messages in the column `cid`, so that every message has one: if the connection is lost while a group is
/// stored, submitting it again under the same keys shows whether it was.
///
/// A client's key is stored as it is. The log makes a key where the client sent none: it begins with a zero byte, which
/// no client's key contains, and is never shown.
struct MessageKeys: Sendable {
  /// Distinguishes the keys of this process from those of others.
  private let life = UInt64.random(in: .min ... .max)
  private var count: UInt64 = 0

  /// The key of a message that was imported without one, or that lost its own.
  static func imported(_ id: Int) -> [UInt8] { [0] + withUnsafeBytes(of: Int64(id).bigEndian, Array.init) }

  /// The same key in SQL, for a row of the table `m`.
  static let importedInSQL = "decode('00', 'hex') || int8send(m.id)"

  mutating func key(of message: NewMessage) -> [UInt8] {
    if let key = message.key { return Array(key.text.utf8) }
    count &+= 1
    var key: [UInt8] = [0]
    withUnsafeBytes(of: life.bigEndian) { key += $0 }
    withUnsafeBytes(of: count.bigEndian) { key += $0 }
    return key
  }
}
