import ChatProtocol

extension Nickname {
  /// The name with a 2 behind it, or with its number counted up: neha, neha2, neha3. Shortened where it would be
  /// too long.
  var next: Nickname? {
    let digits = text.utf8.reversed().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }.count
    // A number longer than this is no counter.
    let counted = digits <= 6 ? digits : 0
    var base = text.unicodeScalars.dropLast(counted)
    let number = String((Int(String(text.unicodeScalars.suffix(counted))) ?? 1) + 1)
    while String(base).utf8.count + number.utf8.count > Self.maximumBytes { base = base.dropLast() }
    return Nickname(String(base) + number)
  }

  /// The letters, digits and dashes of the name that every server allows.
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
    case .invalid: name.simplified
    case .confusable: name.simplified ?? name.next
    }
  }

  /// What an error means that answered `LOGIN`.
  /// - Returns: nil where it is not about the name.
  init?(_ error: ErrorReply, isPlain: Bool) {
    switch error.knownCode {
    case .usernameTaken: self = .taken
    case .invalidUsername: self = .invalid
    case .usernameReserved: self = error.text == ErrorCode.keptName ? .kept : .reserved
    case .usernameConfusable: self = .confusable
    case nil where isPlain:
      // Other people's servers have their own words: "name already in use", "user exists".
      let words = "\(error.code) \(error.text)".lowercased().split { !$0.isLetter }
      let isTaken = words.contains { $0 == "use" || $0 == "used" || $0.contains("taken") || $0.contains("exist") }
      self = isTaken ? .taken : .invalid
    default: return nil
    }
  }
}
