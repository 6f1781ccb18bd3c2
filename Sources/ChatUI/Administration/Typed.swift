import ChatProtocol

// What people write about others, read and checked, in the chat as on the command line.

extension Subject {
  /// `zoe`, `@zoe`, `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32` or `key:…`.
  public init(typed word: String) throws(UsageError) {
    guard let subject = Subject(word) else {
      let advice = Self.resemblesMask(word) ? "; masks and host names are not understood" : ""
      throw UsageError("\(word.sanitizedWord) is not \(Self.forms)\(advice)")
    }
    self = subject
  }

  private static func resemblesMask(_ word: String) -> Bool { word.contains { "*?!".contains($0) || $0.isLetter } }
}

extension AdminRequest.Span {
  /// `30m`, `12h`, `7d`, `2w`.
  public init(typed word: String) throws(UsageError) {
    guard let duration = Duration(span: word.lowercased()) else {
      throw UsageError("\(word.sanitizedWord) is no span of time: write 30m, 12h, 7d or 2w")
    }
    self = .seconds(Int(clamping: duration.components.seconds))
  }
}

extension String {
  /// Of what is said about an act of an operator, and of what a key is called.
  static let maximumReasonBytes = 256

  /// The text as a reason: on one line, and not too long for one.
  public func asReason() throws(UsageError) -> String {
    let text = String(map { $0.isNewline || $0 == "\t" ? " " : $0 }).trimmingSpaces
    guard text.utf8.count <= Self.maximumReasonBytes else {
      throw UsageError(
        "a reason or label has at most \(Self.maximumReasonBytes) bytes, and this one \(text.utf8.count)")
    }
    return text
  }
}
