import ChatModel
import ChatProtocol

extension Nickname {
  /// The name with 2 appended, or with its number incremented: neha, neha2, neha3. Shortened if it would be too long.
  var next: Nickname? {
    let digits = text.utf8.reversed().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }.count
    // A longer number is not a counter.
    let counted = digits <= 6 ? digits : 0
    var base = text.unicodeScalars.dropLast(counted)
    let number = String((Int(String(text.unicodeScalars.suffix(counted))) ?? 1) + 1)
    while String(base).utf8.count + number.utf8.count > Self.maximumBytes { base = base.dropLast() }
    return Nickname(String(base) + number)
  }

  /// The name reduced to letters, digits, dashes and underscores, which every server allows.
  var simplified: Nickname? {
    let kept = text.unicodeScalars.filter {
      $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-" || $0 == "_")
    }
    guard kept.count < text.unicodeScalars.count else { return nil }
    return Nickname(String(String.UnicodeScalarView(kept)))
  }
}

extension NameRefusal {
  func suggestion(insteadOf name: Nickname) -> Nickname? {
    switch self {
    case .taken, .reserved, .kept: name.next
    case .invalid, .shapeless: name.simplified
    case .confusable: name.simplified ?? name.next
    }
  }

  /// Interprets an error that answered `LOGIN`.
  /// - Returns: nil if the error does not concern the name.
  init?(_ error: ErrorReply, isPlain: Bool) {
    switch error.knownCode {
    case .usernameTaken: self = .taken
    case .invalidUsername: self = error.text == ErrorCode.shapelessName ? .shapeless : .invalid
    case .usernameReserved: self = error.text == ErrorCode.keptName ? .kept : .reserved
    case .usernameConfusable: self = .confusable
    case nil where isPlain:
      // Other servers use their own words: "name already in use", "user exists".
      let words = "\(error.code) \(error.text)".lowercased().split { !$0.isLetter }
      let isTaken = words.contains { $0 == "use" || $0 == "used" || $0.contains("taken") || $0.contains("exist") }
      self = isTaken ? .taken : .invalid
    default: return nil
    }
  }
}
