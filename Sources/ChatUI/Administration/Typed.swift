import ChatProtocol

// What people write about others, read and checked, in the chat as on the command line.

extension Subject {
  /// `zoe`, `@zoe`, `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32` or `key:…`.
  public init(typed word: String) throws(Misuse) {
    guard let subject = Subject(word), !subject.isFailedAddress(word) else {
      throw Misuse(
        "\(word.sanitizedWord) is no name, address (192.0.2.7), network (192.0.2.0/24) or key (key:…)")
    }
    self = subject
  }

  /// Whether somebody meant an address and wrote none: nobody is called `192.0.2.0/99`.
  private func isFailedAddress(_ word: String) -> Bool {
    guard case .name = self, word.first != "@" else { return false }
    let isNumeric = word.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2e || $0 == 0x2f || $0 == 0x3a }
    return isNumeric && word.utf8.contains { $0 < 0x30 || $0 > 0x39 }
      || IPAddress(word.prefix { $0 != "/" }) != nil || word.hasPrefix("key:")
  }
}

extension AdminRequest.Span {
  /// `30m`, `12h`, `7d`, `2w`.
  public init(typed word: String) throws(Misuse) {
    guard let duration = Duration(span: word.lowercased()) else {
      throw Misuse("\(word.sanitizedWord) is no span of time: write 30m, 12h, 7d or 2w")
    }
    self = .seconds(Int(clamping: duration.components.seconds))
  }
}

extension String {
  /// Of what is said about an act of an operator, and of what a key is called.
  static let maximumReasonBytes = 256

  /// The text as a reason: on one line, and not too long for one.
  public func asReason() throws(Misuse) -> String {
    let text = String(map { $0.isNewline || $0 == "\t" ? " " : $0 }).trimmingSpaces
    guard text.utf8.count <= Self.maximumReasonBytes else {
      throw Misuse("a reason or label has at most \(Self.maximumReasonBytes) bytes, and this one \(text.utf8.count)")
    }
    return text
  }
}
