import ChatHub
import ChatProtocol
import ChatRecords
import NIOCore

/// The dialect of one connection: how the client's requests are read, and how lines for this client alone are written.
///
/// Another protocol over the same hub is another conforming type, with a `SharedForm`. It may keep state of its
/// connection, such as a name given before the login, or the request that an answer belongs to (`Tags.label`). Lives on
/// the event loop of its connection.
public protocol Dialect: AnyObject {
  /// The features that the client understands: by these the hub decides what a session is sent. They are reported to
  /// the hub with the connection (without `keys`, which need a challenge), and set after the client has negotiated
  /// others.
  var capabilities: Capabilities { get set }

  /// How lines that many readers share are written. Changes only with `capabilities`.
  var sharedForm: any SharedForm { get }

  // MARK: Requests

  /// Takes bytes from the client. Incomplete requests must be limited in size.
  func append(_ bytes: ByteBuffer)

  /// - Returns: the next request; nil if more bytes must arrive first. The requests must not depend on how the bytes
  ///   were split, except those that ask for nothing.
  func next() -> Request?

  // MARK: Lines for this client alone

  /// Whether the dialect has a form for the message; other messages are not sent.
  func knows(_ message: ServerMessage) -> Bool

  /// Appends the message as one line with its end, or as several. Appends nothing if the dialect has no form for the
  /// message.
  func write(_ message: ServerMessage, tags: Tags, into buffer: inout ByteBuffer)
}

/// How lines that many readers share are written: once for all readers with an equal form, who get the same bytes.
///
/// A small value. The server keeps one for each group of readers for as long as it runs, so a dialect has few forms.
public protocol SharedForm: Sendable {
  /// Whether each line travels in a packet of its own while the load is low, because some clients treat the result of
  /// one read as one line.
  var usesPacketPerLine: Bool { get }

  /// Whether readers with the other form get the same lines with the same bytes.
  func isEqual(to other: any SharedForm) -> Bool

  /// Whether there is a form for the line; other lines are not sent.
  func knows(_ message: ServerMessage) -> Bool
  func knows(_ message: StoredMessage) -> Bool

  /// Whether the session that sent the message gets it back.
  func echoes(_ message: StoredMessage) -> Bool

  /// Appends the message as one line with its end, or as several.
  func write(_ message: ServerMessage, tags: Tags, into buffer: inout ByteBuffer)
  func write(_ message: StoredMessage, into buffer: inout ByteBuffer)
}

extension SharedForm where Self: Equatable {
  public func isEqual(to other: any SharedForm) -> Bool { other as? Self == self }
}
