import ChatProtocol

/// A parsed line: what is to be done, and the tags.
struct Request: Sendable {
  /// The handling, or the reason why the line is invalid.
  let content: Result<RequestHandling, RequestError>
  /// Nil if the verb could not be read.
  let verb: Verb?
  private(set) var tags: RequestTags
  /// Bytes of the line without its tags.
  private let bytes: Int

  /// - Returns: nil for a blank line, which is ignored.
  init?(_ result: Result<Line, LineFault>, in dialect: Capabilities) {
    switch result {
    case .success(let line):
      tags = RequestTags(line.tags)
      bytes = line.text.utf8.count
      do {
        guard let message = try ClientMessage(reading: line, in: dialect) else { return nil }
        content = .success(message.handling)
        verb = message.verb
      } catch {
        content = .failure(error)
        verb = error.verb
      }
    case .failure(let fault):
      tags = RequestTags()
      bytes = 0
      content = .failure(RequestError(fault))
      verb = nil
    }
  }

  /// The approximate number of bytes that the request keeps in memory.
  var memory: Int { Self.overhead + bytes + tags.bytes }

  private static let overhead = 128

  /// Whether the request changes nothing, and only asks for an answer.
  var isQuestion: Bool {
    guard case .success(let handling) = content else { return true }
    return handling.isQuestion
  }

  func address(of id: SessionID) -> ReplyAddress { ReplyAddress(session: id, verb: verb, label: tags.label) }

  /// Removes tags that the hub does not use.
  mutating func trim() { tags.trim() }
}
