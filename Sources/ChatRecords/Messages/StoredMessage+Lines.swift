import ChatProtocol

extension StoredMessage {
  /// The size of the message in an answer, for limits: the bytes of its text, and the tags and names that are repeated
  /// for each further line of it.
  public var answerBytes: Int {
    let bytes = text.utf8.count
    guard MessageLines.areSeveral(in: text) else { return bytes }
    return bytes + (MessageLines.spokenCount(of: text) - 1) * Self.bytesPerLine
  }

  private static let bytesPerLine = 128
}
