import ChatHub
import ChatProtocol
import ChatRecords
import NIOCore

/// The server's own dialect: plain without capabilities, tagged with them.
///
/// Plain and tagged are one type, because a client negotiates the capabilities one by one, in the middle of a stream:
/// between plain and fully tagged there are dozens of mixtures, and bytes received before the change are read after it.
public final class SwiftchatDialect: Dialect {
  private var decoder: LineDecoder
  /// No line of the client could be read yet.
  private var mayBeBrowser = true

  public var capabilities: Capabilities {
    didSet { decoder.allowsTags = capabilities.contains(.tags) }
  }

  public init(capabilities: Capabilities = []) {
    self.capabilities = capabilities
    decoder = LineDecoder(allowsTags: capabilities.contains(.tags), allowsTyping: true)
  }

  public var sharedForm: any SharedForm { SwiftchatForm(capabilities) }

  // MARK: Requests

  public func append(_ bytes: ByteBuffer) { decoder.append(bytes) }

  public func next() -> Request? {
    guard let line = decoder.next() else { return skippedLine() }
    return Request(
      reading: line, in: capabilities, received: decoder.takeConsumedBytes(),
      isFromBrowser: mayBeBrowser && isFromBrowser(line))
  }

  /// The rest of a line that is too long, in parts of at least the length of a line: it asks for nothing, and counts for
  /// the rate limit. A smaller part counts with the next line.
  private func skippedLine() -> Request? {
    guard decoder.consumedBytes >= LineLimits().line else { return nil }
    return Request(skipping: decoder.takeConsumedBytes())
  }

  /// Detects a browser directed here by a web page: the lines after the first ones of its HTTP request are controlled
  /// by the page. Only the first readable line is checked, which in a request is never controlled by the page.
  private func isFromBrowser(_ line: Result<Line, LineFault>) -> Bool {
    guard case .success(let line) = line else { return false }
    if line.text.isOfHTTPRequest { return true }
    if line.text.utf8.contains(where: { $0 > 0x20 }) { mayBeBrowser = false }
    return false
  }

  // MARK: Lines for this client alone

  public func knows(_ message: ServerMessage) -> Bool { message.isKnown(in: capabilities) }

  public func write(_ message: ServerMessage, tags: Tags, into buffer: inout ByteBuffer) {
    message.write(into: &buffer, for: capabilities, tags: tags)
  }
}

@available(*, unavailable)
extension SwiftchatDialect: Sendable {}

/// Shared lines in the server's own dialect: determined by the capabilities that make a difference to them.
struct SwiftchatForm: SharedForm, Hashable {
  private let capabilities: Capabilities

  init(_ capabilities: Capabilities) { self.capabilities = capabilities.intersection(SharedLine.allCapabilities) }

  var usesPacketPerLine: Bool { capabilities.isEmpty }

  func knows(_ message: ServerMessage) -> Bool { message.isKnown(in: capabilities) }
  func knows(_ message: StoredMessage) -> Bool { message.isKnown(in: capabilities) }

  /// In the plain dialect the message is the answer to its author.
  func echoes(_ message: StoredMessage) -> Bool { true }

  func write(_ message: ServerMessage, tags: Tags, into buffer: inout ByteBuffer) {
    message.write(into: &buffer, for: capabilities, tags: tags)
  }

  func write(_ message: StoredMessage, into buffer: inout ByteBuffer) {
    message.write(into: &buffer, for: capabilities)
  }
}
