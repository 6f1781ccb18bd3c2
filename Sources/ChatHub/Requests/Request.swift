import ChatProtocol

/// A request, as the client's dialect has read it.
public struct Request: Sendable {
  /// The handling, or the reason why the request is invalid; nil for a line that asks for nothing, such as a blank one,
  /// which only shows that the client is alive.
  let content: Result<RequestHandling, RequestError>?
  /// Nil if the verb could not be read.
  public let verb: Verb?
  private(set) var tags: RequestTags
  /// The request was made by a web page through its visitor's browser.
  let isFromBrowser: Bool
  /// A part of the rest of a line that is too long. It only counts for the rate limit.
  let isSkipped: Bool
  /// Bytes of the request without its tags.
  private let bytes: Int

  /// - Parameters:
  ///   - message: what the client asks for; nil for a line that asks for nothing.
  ///   - tags: as in the tagged dialect. The tag `label` comes back with the answer, in every dialect.
  ///   - bytes: bytes received for the request, without its tags: for the rate limit, and for the limit of what waits.
  ///   - isFromBrowser: the request was made by a web page through its visitor's browser: the session is ended.
  public init(
    _ message: Result<ClientMessage?, RequestError>, tags: Tags = Tags(), bytes: Int, isFromBrowser: Bool = false
  ) {
    switch message {
    case .success(let message):
      content = message.map { .success($0.handling) }
      verb = message?.verb
    case .failure(let error):
      content = .failure(error)
      verb = error.verb
    }
    self.tags = RequestTags(tags)
    self.bytes = bytes
    self.isFromBrowser = isFromBrowser
    isSkipped = false
  }

  /// A part of the rest of a line that was reported as too long.
  public init(skipping bytes: Int) {
    (content, verb, tags) = (nil, nil, RequestTags(Tags()))
    (self.bytes, isFromBrowser, isSkipped) = (bytes, false, true)
  }

  /// The approximate number of bytes received for the request, before `trim`.
  var received: Int { bytes + tags.received }

  /// The approximate number of bytes that the request keeps in memory.
  var memory: Int { Self.overhead + bytes + tags.bytes }

  private static let overhead = 128

  /// Whether the request changes nothing, and only asks for an answer.
  var isQuestion: Bool {
    guard case .success(let handling)? = content else { return true }
    return handling.isQuestion
  }

  /// Whether the answer is a list, which may be long.
  public var asksForList: Bool { verb?.asksForList ?? false }

  func address(of id: SessionID) -> ReplyAddress { ReplyAddress(session: id, verb: verb, label: tags.label) }

  /// Removes tags that the hub does not use.
  mutating func trim() { tags.trim() }
}
