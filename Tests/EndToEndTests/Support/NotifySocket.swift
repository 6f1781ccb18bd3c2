import Foundation
import TestSupport
import Testing

/// A service manager's notification socket, with the received notifications.
final class NotifySocket: Sendable {
  /// The value for `NOTIFY_SOCKET`.
  let name: String
  private let descriptor: Descriptor

  /// - Parameter name: a path, or the name of an abstract socket after an `@`.
  init(_ name: String) throws {
    self.name = name
    #if canImport(Darwin)
      let kind = SOCK_DGRAM
    #else
      let kind = Int32(SOCK_DGRAM.rawValue)
    #endif
    descriptor = Descriptor(try Descriptor.check("socket", Foundation.socket(AF_UNIX, kind, 0)))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(name.utf8)
    if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
    try #require(bytes.count < MemoryLayout.size(ofValue: address.sun_path))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path) + bytes.count)
    let number = descriptor.number
    try withUnsafePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = try Descriptor.check("bind", bind(number, pointer, length))
      }
    }
  }

  /// Waits for the next notification.
  func next(
    timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let bytes = try await Patience.answer(within: timeout) { try Descriptor.receive(from: descriptor.number) }
    let text = try #require(bytes, "nothing was told", sourceLocation: sourceLocation)
    return String(decoding: text, as: UTF8.self)
  }

  /// Waits for the next notification other than keep-alives.
  func nextEvent(sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
    let deadline = ContinuousClock.now + Patience.limit
    while true {
      let news = try await next(sourceLocation: sourceLocation)
      if news != "WATCHDOG=1" { return news }
      try #require(ContinuousClock.now < deadline, "only keep-alives were told", sourceLocation: sourceLocation)
    }
  }
}
