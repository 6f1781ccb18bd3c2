import ChatDialects
import ChatHub
import ChatProtocol
import ChatRecords
import NIOCore

/// The server's own dialect without echoes.
final class SilentDialect: Dialect {
  private let dialect = SwiftchatDialect()

  var capabilities: Capabilities {
    get { dialect.capabilities }
    set { dialect.capabilities = newValue }
  }

  var sharedForm: any SharedForm { SilentForm(form: dialect.sharedForm) }

  func append(_ bytes: ByteBuffer) { dialect.append(bytes) }
  func next() -> Request? { dialect.next() }
  func knows(_ message: ServerMessage) -> Bool { dialect.knows(message) }

  func write(_ message: ServerMessage, tags: Tags, into buffer: inout ByteBuffer) {
    dialect.write(message, tags: tags, into: &buffer)
  }
}

@available(*, unavailable)
extension SilentDialect: Sendable {}

private struct SilentForm: SharedForm {
  let form: any SharedForm

  var usesPacketPerLine: Bool { form.usesPacketPerLine }

  func isEqual(to other: any SharedForm) -> Bool {
    guard let other = other as? SilentForm else { return false }
    return form.isEqual(to: other.form)
  }

  func knows(_ message: ServerMessage) -> Bool { form.knows(message) }
  func knows(_ message: StoredMessage) -> Bool { form.knows(message) }
  func echoes(_ message: StoredMessage) -> Bool { false }

  func write(_ message: ServerMessage, tags: Tags, into buffer: inout ByteBuffer) {
    form.write(message, tags: tags, into: &buffer)
  }

  func write(_ message: StoredMessage, into buffer: inout ByteBuffer) { form.write(message, into: &buffer) }
}
