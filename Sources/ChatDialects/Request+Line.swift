import ChatHub
import ChatProtocol

extension Request {
  /// Reads a line of the server's own dialect, or the reason why there is none.
  /// - Parameter received: bytes of the line as it was received, and of what was skipped before it; 0 if unknown.
  public init(
    reading line: Result<Line, LineFault>, in capabilities: Capabilities, received: Int = 0,
    isFromBrowser: Bool = false
  ) {
    switch line {
    case .success(let line):
      let message = Result { () throws(RequestError) in try ClientMessage(reading: line, in: capabilities) }
      // Tags that were read are counted apart.
      let bytes = max(line.text.utf8.count, received - line.tags.byteCount)
      self.init(message, tags: line.tags, bytes: bytes, isFromBrowser: isFromBrowser)
    case .failure(let fault):
      // A line is reported as too long once it has at least this many bytes.
      let bytes = max(received, fault == .tooLong ? LineLimits().line : 0)
      self.init(.failure(RequestError(fault)), bytes: bytes, isFromBrowser: isFromBrowser)
    }
  }
}
