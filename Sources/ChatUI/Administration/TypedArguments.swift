import ChatProtocol

// Parsing and checking of typed subjects, durations and reasons, for the chat and the command line.

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
  /// The limit for reasons of operator actions and for key labels.
  static let maximumReasonBytes = 256

  /// The text as a reason: on one line, with its length checked.
  public func asReason() throws(UsageError) -> String {
    let text = String(map { $0.isNewline || $0 == "\t" ? " " : $0 }).trimmingSpaces
    guard text.utf8.count <= Self.maximumReasonBytes else {
      throw UsageError(
        "a reason or label has at most \(Self.maximumReasonBytes) bytes, and this one \(text.utf8.count)")
    }
    return text
  }
}
