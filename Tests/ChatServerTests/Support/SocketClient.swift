import Platform
import TestSupport

/// A plain TCP socket, so that a test sees the exact bytes. Every call blocks until it is done, or until a deadline
/// that only a broken server reaches: use it on a separate thread (see `onThread`).
final class SocketClient {
  private var descriptor: Int32
  private var received: [UInt8] = []

  /// In seconds; sufficient for the slowest machine.
  private static let deadline = Int(Patience.limit.components.seconds)

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// - Parameter receiveBuffer: size of the kernel's receive buffer in bytes, for a client that does not read.
  init(port: Int, host: String = "127.0.0.1", receiveBuffer: Int32? = nil) throws {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = streamSocket
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found?.pointee else {
      throw Failure(description: "\(host) is no address")
    }
    defer { freeaddrinfo(found) }
    descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
    guard descriptor >= 0 else { throw Failure(description: "socket: \(Self.error)") }
    if let receiveBuffer { set(SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
    set(SOL_SOCKET, SO_RCVTIMEO, timeval(tv_sec: Self.deadline, tv_usec: 0))
    set(SOL_SOCKET, SO_SNDTIMEO, timeval(tv_sec: Self.deadline, tv_usec: 0))
    set(Int32(IPPROTO_TCP), TCP_NODELAY, Int32(1))
    #if canImport(Darwin)
      set(SOL_SOCKET, SO_NOSIGPIPE, Int32(1))
    #endif
    guard connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
      let error = Self.error
      close()
      throw Failure(description: "connect: \(error)")
    }
  }

  /// - Parameter control: the path of a Unix domain socket.
  init(control path: String) throws {
    descriptor = socket(AF_UNIX, streamSocket, 0)
    guard descriptor >= 0 else { throw Failure(description: "socket: \(Self.error)") }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    set(SOL_SOCKET, SO_RCVTIMEO, timeval(tv_sec: Self.deadline, tv_usec: 0))
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) == 0 }
    }
    guard isConnected else { throw Failure(description: "connect: \(Self.error)") }
  }

  deinit { close() }

  // MARK: Sending

  /// Sends the bytes in one call, so that they share packets where they fit.
  func send(_ bytes: [UInt8]) throws {
    #if canImport(Darwin)
      let flags: Int32 = 0
    #else
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemSend(descriptor, $0, flags) }
      guard count > 0 else { throw Failure(description: "send: \(Self.error)") }
      rest = rest.dropFirst(count)
    }
  }

  func send(_ lines: String...) throws { try send(Array(lines.map { $0 + "\n" }.joined().utf8)) }

  /// Half-closes the connection.
  func halfClose() { shutdown(descriptor, Int32(SHUT_WR)) }

  func close() {
    guard descriptor >= 0 else { return }
    systemClose(descriptor)
    descriptor = -1
  }

  /// Resets the connection, as after a crash or a lost link.
  func reset() {
    set(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
    close()
  }

  // MARK: Receiving

  /// - Returns: the next line with its end, or the bytes before the end of the stream if it has none; nil at the end.
  func readLine() throws -> [UInt8]? {
    var searched = 0
    while true {
      if let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeFirst(end + 1) }
        return Array(received[...end])
      }
      searched = received.count
      guard try receive() else {
        defer { received = [] }
        return received.isEmpty ? nil : received
      }
    }
  }

  /// The next line without its end; nil at the end of the stream.
  func line() throws -> String? {
    try readLine().map { String(decoding: $0.last == UInt8(ascii: "\n") ? $0.dropLast() : $0[...], as: UTF8.self) }
  }

  func lines(_ count: Int) throws -> [String?] { try (0..<count).map { _ in try line() } }

  /// All bytes up to the end of the stream, or up to the failure of the connection.
  func readToEnd() throws -> [UInt8] {
    while try receive() {}
    defer { received = [] }
    return received
  }

  /// The available bytes, at least one; empty at the end of the stream.
  func readSome() throws -> [UInt8] {
    if received.isEmpty { _ = try receive() }
    defer { received = [] }
    return received
  }

  /// - Returns: false at the end of the stream.
  private func receive() throws -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
    if count < 0, errno == ECONNRESET { return false }
    guard count >= 0 else {
      throw Failure(description: errno == EAGAIN ? "nothing came in \(Self.deadline) s" : "recv: \(Self.error)")
    }
    received += bytes[..<count]
    return count > 0
  }

  // MARK: The system

  private func set<Value: BitwiseCopyable>(_ level: Int32, _ option: Int32, _ value: Value) {
    withUnsafeBytes(of: value) { _ = setsockopt(descriptor, level, option, $0.baseAddress, socklen_t($0.count)) }
  }

  private static var error: String { String(cString: strerror(errno)) }
}

@available(*, unavailable)
extension SocketClient: Sendable {}

// Inside the class, these names refer to its methods.
private func systemSend(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ flags: Int32) -> Int {
  send(descriptor, bytes.baseAddress, bytes.count, flags)
}

private func systemClose(_ descriptor: Int32) { _ = close(descriptor) }
