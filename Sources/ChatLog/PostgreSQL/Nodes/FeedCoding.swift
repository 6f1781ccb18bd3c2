#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The form in which the database keeps changes and logins: JSON, so that an operator can read it.
enum FeedCoding {
  static func encode(_ value: some Encodable) throws(PostgresError) -> [UInt8] {
    do {
      return Array(try JSONEncoder().encode(value))
    } catch {
      throw PostgresError(message: "a change cannot be written: \(error)")
    }
  }

  /// The form of an array whose elements are encoded already.
  static func array(of elements: [[UInt8]]) -> [UInt8] {
    var bytes = [UInt8(ascii: "[")]
    bytes.append(contentsOf: elements.joined(separator: [UInt8(ascii: ",")]))
    bytes.append(UInt8(ascii: "]"))
    return bytes
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(PostgresError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw PostgresError(state: "XX001", message: "the log holds a change that cannot be read: \(error)")
    }
  }
}
