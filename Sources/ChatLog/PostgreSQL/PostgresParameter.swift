/// The types of parameters, by the numbers that they have in every database.
enum PostgresType: UInt32 {
  case boolean = 16
  case bytes = 17
  case int8 = 20
  case int4 = 23
  case text = 25
  case booleans = 1000
  case byteArrays = 1001
  case int4s = 1007
  case texts = 1009
  case int8s = 1016
}

/// A parameter of a statement in PostgreSQL's binary format.
struct PostgresParameter {
  let type: PostgresType
  /// Nil for NULL.
  let bytes: [UInt8]?

  static func int8(_ number: Int64?) -> PostgresParameter {
    PostgresParameter(type: .int8, bytes: number.map { bigEndian($0) })
  }

  static func int(_ number: Int?) -> PostgresParameter { .int8(number.map(Int64.init)) }

  static func boolean(_ value: Bool) -> PostgresParameter { PostgresParameter(type: .boolean, bytes: [value ? 1 : 0]) }

  /// The text must not contain U+0000.
  static func text(_ text: String?) -> PostgresParameter {
    PostgresParameter(type: .text, bytes: text.map { Array($0.utf8) })
  }

  static func bytes(_ bytes: [UInt8]?) -> PostgresParameter { PostgresParameter(type: .bytes, bytes: bytes) }

  /// A text of a column of type `bytea`, which may contain any character.
  static func utf8(_ text: String?) -> PostgresParameter { .bytes(text.map { Array($0.utf8) }) }

  static func ints(_ numbers: some Sequence<Int>) -> PostgresParameter {
    var array = PostgresArray(.int8)
    for number in numbers { array.append(Int64(number)) }
    return array.parameter
  }

  static func int8s(_ numbers: some Sequence<Int64>) -> PostgresParameter {
    var array = PostgresArray(.int8)
    for number in numbers { array.append(number) }
    return array.parameter
  }

  static func texts(_ texts: some Sequence<String?>) -> PostgresParameter {
    var array = PostgresArray(.text)
    for text in texts { array.append(text) }
    return array.parameter
  }
}

/// An array of one dimension, built element by element.
struct PostgresArray {
  private let element: PostgresType
  private var count: Int32 = 0
  private var hasNull = false
  /// The header, which is completed at the end, and the elements.
  private var bytes = [UInt8](repeating: 0, count: Self.headerBytes)

  private static let headerBytes = 20

  /// - Parameter element: the type of the elements.
  init(_ element: PostgresType) { self.element = element }

  mutating func append(_ number: Int64) {
    count += 1
    bytes.append(bigEndian: Int32(8))
    bytes.append(bigEndian: number)
  }

  mutating func append(int4 number: Int32) {
    count += 1
    bytes.append(bigEndian: Int32(4))
    bytes.append(bigEndian: number)
  }

  /// Appends a text, or bytes given as a text.
  mutating func append(_ text: String?) {
    guard var text else { return appendNull() }
    count += 1
    text.withUTF8 { utf8 in
      bytes.append(bigEndian: Int32(clamping: utf8.count))
      bytes.append(contentsOf: utf8)
    }
  }

  mutating func append(_ value: [UInt8]?) {
    guard let value else { return appendNull() }
    count += 1
    bytes.append(bigEndian: Int32(clamping: value.count))
    bytes.append(contentsOf: value)
  }

  mutating func append(_ value: Bool) {
    count += 1
    bytes.append(bigEndian: Int32(1))
    bytes.append(value ? 1 : 0)
  }

  private mutating func appendNull() {
    count += 1
    hasNull = true
    bytes.append(bigEndian: Int32(-1))
  }

  var parameter: PostgresParameter {
    let type: PostgresType =
      switch element {
      case .boolean, .booleans: .booleans
      case .bytes, .byteArrays: .byteArrays
      case .int8, .int8s: .int8s
      case .int4, .int4s: .int4s
      case .text, .texts: .texts
      }
    guard count > 0 else {
      // Number of dimensions, flags, element type.
      return PostgresParameter(
        type: type, bytes: bigEndian(Int32(0)) + bigEndian(Int32(0)) + bigEndian(element.rawValue))
    }
    var bytes = bytes
    // The dimension's length and its lower bound follow.
    let header =
      bigEndian(Int32(1)) + bigEndian(Int32(hasNull ? 1 : 0)) + bigEndian(element.rawValue) + bigEndian(count)
      + bigEndian(Int32(1))
    bytes.replaceSubrange(0..<Self.headerBytes, with: header)
    return PostgresParameter(type: type, bytes: bytes)
  }
}

private func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian, Array.init)
}

extension [UInt8] {
  fileprivate mutating func append(bigEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }
}
