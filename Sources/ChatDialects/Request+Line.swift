import ChatHub
import ChatProtocol

extension Request {
  /// Reads a line of the server's own dialect, or the reason why there is none.
  public init(reading line: Result<Line, LineFault>, in capabilities: Capabilities, isFromBrowser: Bool = false) {
    switch line {
    case .success(let line):
      let message = Result { () throws(RequestError) in try ClientMessage(reading: line, in: capabilities) }
      self.init(message, tags: line.tags, bytes: line.text.utf8.count, isFromBrowser: isFromBrowser)
    case .failure(let fault):
      // A line is reported as too long once it has at least this many bytes.
      let bytes = fault == .tooLong ? LineLimits().line : 0
      self.init(.failure(RequestError(fault)), bytes: bytes, isFromBrowser: isFromBrowser)
    }
  }
}
