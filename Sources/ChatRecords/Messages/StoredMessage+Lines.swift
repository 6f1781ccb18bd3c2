import ChatProtocol

extension StoredMessage {
  /// The size of the message in an answer, for limits: the bytes of its text, and the tags and names that are repeated
  /// for each further line of it.
  public var answerBytes: Int {
    text.utf8.count + (MessageLines.spokenCount(of: text) - 1) * Self.bytesPerFurtherLine
  }

  /// Tags with a time, a sequence, an id, a room, a batch and a reader, and two names of the maximum length.
  private static let bytesPerFurtherLine = 256
}
