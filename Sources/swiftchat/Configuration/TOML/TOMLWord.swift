/// An unquoted value: a boolean or a number.
enum TOMLWord {
  struct Problem: Error {
    let reason: String
  }

  /// No number needs more, and reading takes more than linear time.
  private static let maximumLength = 64

  /// Whether a byte may be part of an unquoted value.
  static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"): true
    default: false
    }
  }

  static func read(_ bytes: some Collection<UInt8>) -> Result<ConfigurationValue, Problem> {
    let word = String(decoding: bytes, as: UTF8.self)
    guard word.utf8.count <= maximumLength else { return .failure(notNumber(.text(word))) }
    switch word {
    case "true": return .success(.boolean(true))
    case "false": return .success(.boolean(false))
    case "inf", "+inf": return .success(.real(.infinity))
    case "-inf": return .success(.real(-.infinity))
    case "nan", "+nan", "-nan": return .success(.real(.nan))
    default: break
    }
    let shown = ConfigurationValue.text(word)
    let unsigned = word.first == "+" || word.first == "-" ? word.dropFirst() : word[...]
    guard let first = unsigned.utf8.first, isDigit(first) else {
      return .failure(Problem(reason: "\(shown) is no value; text stands in quotes"))
    }
    if let radix = radix(of: word) {
      guard let digits = plain(word.dropFirst(2), { Character(Unicode.Scalar($0)).isHexDigit }) else {
        return .failure(notNumber(shown))
      }
      return integer(digits, radix: radix, shown)
    }
    if isDate(unsigned) { return .failure(Problem(reason: "a date or time is not supported")) }
    if let digits = plain(unsigned, isDigit) {
      guard digits.utf8.count == 1 || digits.utf8.first != UInt8(ascii: "0") else {
        return .failure(Problem(reason: "\(shown) begins with a zero, which a number does not"))
      }
      return integer((word.first == "-" ? "-" : "") + digits, radix: 10, shown)
    }
    return real(word, unsigned, shown)
  }

  private static func radix(of word: String) -> Int? {
    switch word.prefix(2) {
    case "0x": 16
    case "0o": 8
    case "0b": 2
    default: nil
    }
  }

  private static func integer(
    _ digits: String, radix: Int, _ shown: ConfigurationValue
  ) -> Result<ConfigurationValue, Problem> {
    if let value = Int(digits, radix: radix) { return .success(.integer(value)) }
    // Invalid digits for the radix, or too many digits.
    let isTooLarge = digits.utf8.count > 15
    return .failure(isTooLarge ? Problem(reason: "\(shown) is out of range") : notNumber(shown))
  }

  private static func real(
    _ word: String, _ unsigned: Substring, _ shown: ConfigurationValue
  ) -> Result<ConfigurationValue, Problem> {
    let parts = unsigned.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    let decimals = (parts.first ?? "").split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard decimals.allSatisfy({ plain($0, isDigit) != nil }), let whole = decimals.first,
      whole.utf8.count == 1 || whole.utf8.first != UInt8(ascii: "0")
    else { return .failure(notNumber(shown)) }
    if parts.count > 1 {
      let exponent = parts[1].first == "+" || parts[1].first == "-" ? parts[1].dropFirst() : parts[1]
      guard plain(exponent, isDigit) != nil else { return .failure(notNumber(shown)) }
    }
    guard let value = Double(word.filter { $0 != "_" }) else { return .failure(notNumber(shown)) }
    return .success(.real(value))
  }

  /// - Returns: the digits without underscores; nil if there is any other character.
  private static func plain(_ text: Substring, _ isDigit: (UInt8) -> Bool) -> String? {
    var digits = ""
    var isDigitBefore = false
    for byte in text.utf8 {
      if isDigit(byte) {
        digits.unicodeScalars.append(Unicode.Scalar(byte))
        isDigitBefore = true
      } else {
        guard byte == UInt8(ascii: "_"), isDigitBefore else { return nil }
        isDigitBefore = false
      }
    }
    return isDigitBefore ? digits : nil
  }

  /// `2026-11-22`, `10:00:00`.
  private static func isDate(_ word: Substring) -> Bool {
    let digits = word.utf8.prefix(while: isDigit).count
    let next = word.utf8.dropFirst(digits).first
    return digits == 4 && next == UInt8(ascii: "-") || digits == 2 && next == UInt8(ascii: ":")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func notNumber(_ shown: ConfigurationValue) -> Problem { Problem(reason: "\(shown) is no number") }
}
