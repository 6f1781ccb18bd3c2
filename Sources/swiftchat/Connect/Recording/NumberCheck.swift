/// Checks the numbers of a recording before they are decoded. The interface computes with the numbers of its own screens
/// and of the client session, which have at most 18 digits; a file can have any.
enum NumberCheck {
  /// A sum or difference of a few such numbers cannot overflow. Equal to the limit of numbers in the protocol.
  private static let maximumDigits = 18
  /// A duration is an array of two numbers. With 17 digits in the first, it has fewer than 2^63 seconds.
  private static let maximumDurationDigits = 17
  /// Keys of numbers of 64 bits that are only compared.
  private static let identifiers = ["rawValue", "id", "firstSend"].map { Array($0.utf8)[...] }

  /// - Parameter json: a line of JSON. Anything else gives any result.
  /// - Returns: whether each number is a whole one within the limit, as `RecordingFile.line` writes them.
  static func isPassed(by json: ArraySlice<UInt8>) -> Bool {
    var rest = json
    /// The last text: the key of a number in an object.
    var text: ArraySlice<UInt8> = []
    /// The last byte outside texts, except white space.
    var mark: UInt8?
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): text = takeText(&rest)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digits = (byte == UInt8(ascii: "-") ? 0 : 1) + takeDigits(&rest)
        // A fraction or an exponent.
        if let next = rest.first, ".eE".utf8.contains(next) { return false }
        guard digits <= limit(after: mark, key: text) else { return false }
        mark = byte
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default: mark = byte
      }
    }
    return true
  }

  /// The maximum number of digits.
  private static func limit(after mark: UInt8?, key: ArraySlice<UInt8>) -> Int {
    switch mark {
    case UInt8(ascii: "["): maximumDurationDigits
    // The second number of a duration has 64 bits.
    case UInt8(ascii: ","): .max
    default: identifiers.contains(key) ? .max : maximumDigits
    }
  }

  /// Removes the text and its closing quote.
  private static func takeText(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let whole = rest
    while let byte = rest.first, byte != UInt8(ascii: "\"") {
      rest = rest.dropFirst(byte == UInt8(ascii: "\\") ? 2 : 1)
    }
    defer { rest = rest.dropFirst() }
    return whole[..<rest.startIndex]
  }

  /// - Returns: the number of removed digits.
  private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
    let whole = rest
    rest = rest.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return whole.count - rest.count
  }
}
