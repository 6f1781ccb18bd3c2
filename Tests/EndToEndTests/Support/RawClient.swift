import Foundation
import Synchronization
import TestSupport
import Testing

/// One end of a TCP connection, for behaviour that no normal client shows.
///
/// It reads only while it waits for something, so that it can also act as a stalled reader.
final class RawClient: Sendable {
  /// The end of a connection.
  enum ConnectionEnd: Equatable, Sendable {
    /// The peer has closed the connection, or half-closed it.
    case closed
    /// The peer has reset the connection.
    case reset
  }

  private struct State {
    var descriptor: Descriptor?
    var received: [UInt8] = []
    var end: ConnectionEnd?
  }

  private let state: Mutex<State>

  /// Takes over a connected socket.
  init(_ descriptor: Descriptor) {
    // Each small write is sent as one packet.
    var on: Int32 = 1
    _ = setsockopt(
      descriptor.number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    state = Mutex(State(descriptor: descriptor))
  }

  /// Connects to an address or to a host name. A name's addresses are tried in order: `localhost` may be `::1` first.
  /// - Parameter receiveBuffer: in bytes; a small one makes a reader stall early.
  static func connect(
    host: String = "127.0.0.1", port: Int, receiveBuffer: Int32? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> RawClient {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_protocol = Int32(IPPROTO_TCP)
    var list: UnsafeMutablePointer<addrinfo>?
    let result = getaddrinfo(host, "\(port)", &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    try #require(list != nil, "\(host): \(String(cString: gai_strerror(result)))", sourceLocation: sourceLocation)
    var reason = ""
    for address in sequence(first: list, next: { $0?.pointee.ai_next }).prefix(while: { $0 != nil }) {
      guard let address = address?.pointee else { break }
      let descriptor = try Descriptor.socket(family: address.ai_family)
      if var receiveBuffer {
        // Must precede connecting, which negotiates the window.
        _ = setsockopt(
          descriptor.number, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
      }
      if Foundation.connect(descriptor.number, address.ai_addr, address.ai_addrlen) == 0 {
        return RawClient(descriptor)
      }
      reason = String(cString: strerror(errno))
    }
    let none: RawClient? = nil
    return try #require(none, "connecting to \(host):\(port): \(reason)", sourceLocation: sourceLocation)
  }

  // MARK: Sending

  /// Sends all of `bytes`; throws if the peer does not accept them within `timeout`.
  func send(_ bytes: some Sequence<UInt8>, timeout: Duration = Patience.limit) async throws {
    var rest = Array(bytes)[...]
    let sent: Void? = try await Patience.answer(within: timeout, every: .milliseconds(1)) {
      try sendAtOnce(&rest)
      return rest.isEmpty ? () : nil
    }
    if sent == nil { throw DescriptorError(call: "send", number: ETIMEDOUT) }
  }

  /// Sends a text unchanged.
  func send(_ text: String, timeout: Duration = Patience.limit) async throws {
    try await send(text.utf8, timeout: timeout)
  }

  /// Sends each piece as one packet, with a short pause between them, so that the peer can read them one by one.
  func send(pieces: [[UInt8]]) async throws {
    for (index, piece) in pieces.enumerated() {
      if index > 0 { try await Patience.pause(for: .milliseconds(1)) }
      try await send(piece)
    }
  }

  /// Sends `bytes` until the peer has accepted nothing for `pause`.
  /// - Returns: the number of bytes sent; fewer than `bytes` has if the peer has stopped reading.
  func sendWhileTaken(_ bytes: some Sequence<UInt8>, pause: Duration = .milliseconds(500)) async throws -> Int {
    let all = Array(bytes)
    var rest = all[...]
    while !rest.isEmpty {
      let before = rest.count
      let progress: Void? = try await Patience.answer(within: pause, every: .milliseconds(1)) {
        try sendAtOnce(&rest)
        return rest.count < before ? () : nil
      }
      if progress == nil { break }
    }
    return all.count - rest.count
  }

  private func sendAtOnce(_ rest: inout ArraySlice<UInt8>) throws {
    try state.withLock { state in
      guard let number = state.descriptor?.number else { throw DescriptorError(call: "send", number: EBADF) }
      while !rest.isEmpty, let count = try Descriptor.send(rest, to: number) { rest = rest.dropFirst(count) }
    }
  }

  /// The number of TCP segments with data that have arrived; nil if the system does not count them. On the loopback
  /// interface each call of the peer that sends makes one, as long as it sends less than 64 KiB.
  var arrivedSegments: Int? {
    #if canImport(Glibc)
      // `tcpi_data_segs_in` of the kernel's `struct tcp_info`, which is longer than that of Glibc.
      let offset = 152
      var info = [UInt8](repeating: 0, count: 256)
      var length = socklen_t(info.count)
      let isKnown = state.withLock { state in
        state.descriptor.map { getsockopt($0.number, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0 } ?? false
      }
      guard isKnown, Int(length) >= offset + 4 else { return nil }
      return Int(info.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) })
    #else
      return nil
    #endif
  }

  // MARK: Closing

  /// Half-closes the connection; receiving remains possible.
  func halfClose() {
    state.withLock { if let number = $0.descriptor?.number { _ = shutdown(number, Int32(SHUT_WR)) } }
  }

  /// Closes the connection normally.
  func close() {
    state.withLock { $0.descriptor = nil }
  }

  /// Closes the connection with a reset.
  func reset() {
    state.withLock { state in
      guard let number = state.descriptor?.number else { return }
      var option = linger(l_onoff: 1, l_linger: 0)
      _ = setsockopt(number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      state.descriptor = nil
    }
  }

  // MARK: Receiving

  /// All bytes read so far, while waiting for something.
  var received: [UInt8] { state.withLock { $0.received } }

  /// Reads until the received bytes contain `text`.
  func waitFor(
    _ text: String, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await Received.wait(
      toContain: text, timeout: timeout, sourceLocation: sourceLocation, isEnded: { hasEnded }, bytes: { try read() })
  }

  /// Reads until the received bytes are exactly `text`.
  func waitFor(
    exactly text: String, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await Received.wait(
      toEqual: Array(text.utf8), timeout: timeout, sourceLocation: sourceLocation, isEnded: { hasEnded },
      bytes: { try read() })
  }

  /// Reads until the peer has ended the connection.
  /// - Returns: how the connection ended.
  @discardableResult
  func end(
    timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ConnectionEnd {
    let end = try await Patience.answer(within: timeout) { () async throws -> ConnectionEnd? in
      _ = try read()
      return state.withLock { $0.end }
    }
    return try #require(
      end, "waited for the end of the connection, but received\n\(Excerpt(received))", sourceLocation: sourceLocation)
  }

  /// Answers each received line, as a server does, until the peer ends the connection or the task is cancelled.
  func answer(_ reply: @Sendable (Substring) -> String) async throws {
    var answered = 0
    while !Task.isCancelled, !hasEnded {
      let bytes = try read()
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      // The text after the last line feed is not a complete line yet.
      for line in lines.dropLast().dropFirst(answered) {
        answered += 1
        try await send(reply(line))
      }
      try await Patience.pause(for: .milliseconds(2))
    }
  }

  /// Reads the available bytes, at most 1 MiB at a time so that a flood cannot block the caller forever.
  func read() throws -> [UInt8] {
    try state.withLock { state in
      for _ in 0..<16 where state.end == nil {
        guard let number = state.descriptor?.number else { throw DescriptorError(call: "recv", number: EBADF) }
        do {
          guard let bytes = try Descriptor.receive(from: number) else { break }
          if bytes.isEmpty { state.end = .closed }
          state.received += bytes
        } catch let error as DescriptorError where error.number == ECONNRESET {
          state.end = .reset
        }
      }
      return state.received
    }
  }

  private var hasEnded: Bool { state.withLock { $0.end != nil } }
}
