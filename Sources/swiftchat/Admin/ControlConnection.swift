import ChatModel
import ChatProtocol
import ChatServer
import CommandSupport
import NIOCore
import Platform

/// A connection of an administrative command to the server on this host, through the control socket in the server's
/// directory.
final class ControlConnection {
  private let descriptor: Int32

  static let name = ControlSocket.name
  /// Time limit for an answer; a working server answers sooner.
  static let patience = Duration.seconds(10)

  /// - Parameter descriptor: a connected stream socket, which this object closes.
  init(descriptor: Int32) { self.descriptor = descriptor }

  /// - Parameter directories: candidate directories; the first one with a listening server is used.
  /// - Throws: `Failure` if no server listens in any of them.
  convenience init(directories: [String]) throws {
    for directory in directories {
      if let descriptor = try Self.connected(in: directory) {
        self.init(descriptor: descriptor)
        return
      }
    }
    throw Failure(
      "no server runs on \(directories.joined(separator: ", nor on ")); start it with `swiftchat serve`, or name another"
        + " with --data")
  }

  /// - Returns: nil if no server listens there.
  private static func connected(in directory: String) throws -> Int32? {
    let path = "\(directory)/\(Self.name)"
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < room else { throw Failure("\(path) is too long for a socket, which has \(room - 1) bytes") }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, streamSocket, 0)
    guard descriptor >= 0 else { throw Self.failure("cannot open a socket") }
    var isConnected = false
    defer { if !isConnected { close(descriptor) } }
    // A server that does not accept connections must not block the command.
    var limit = timeval(tv_sec: time_t(Self.patience.components.seconds), tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      switch errno {
      case ENOENT, ENOTDIR, ECONNREFUSED: return nil
      case EACCES, EPERM: throw Failure("\(path) can be used only by the user who runs the server, and by root")
      default: throw Self.failure("cannot reach the server through \(path)")
      }
    }
    isConnected = true
    return descriptor
  }

  deinit { close(descriptor) }

  /// Sends the request and waits for the answer.
  /// - Throws: `Failure` if there is no answer.
  func ask(_ request: AdminRequest, within patience: Duration = patience) throws -> AdminAnswer {
    let deadline = MonotonicTime.now() + patience
    var exchange = ControlExchange(request)
    try send(exchange.opening, by: deadline)
    while true {
      switch try exchange.receive(try receive(by: deadline)) {
      case .wait: continue
      case .send(let bytes): try send(bytes, by: deadline)
      case .done(let answer):
        // The answer has arrived: `QUIT` need not.
        try? send(ControlExchange.closing, by: deadline)
        return answer
      }
    }
  }

  private func send(_ bytes: ByteBuffer, by deadline: MonotonicTime) throws {
    var rest = bytes
    while rest.readableBytes > 0 {
      try wait(for: Int16(POLLOUT), by: deadline)
      let written = rest.withUnsafeReadableBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR || errno == EAGAIN { continue }
      guard written > 0 else { throw Self.failure("the server hung up") }
      rest.moveReaderIndex(forwardBy: written)
    }
  }

  private func receive(by deadline: MonotonicTime) throws -> ByteBuffer {
    var bytes = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      try wait(for: Int16(POLLIN), by: deadline)
      let count = read(descriptor, &bytes, bytes.count)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { throw Failure("the server hung up before it answered") }
      return ByteBuffer(bytes: bytes[..<count])
    }
  }

  private func wait(for events: Int16, by deadline: MonotonicTime) throws {
    while true {
      let left = (deadline - .now()).nanoseconds / 1_000_000
      guard left > 0 else { throw Failure("the server does not answer") }
      var watched = pollfd(fd: descriptor, events: events, revents: 0)
      let ready = poll(&watched, 1, Int32(clamping: left))
      if ready > 0 { return }
      guard ready == 0 || errno == EINTR else { throw Self.failure("cannot wait for the server") }
    }
  }

  private static func failure(_ what: String) -> Failure { Failure("\(what): \(String(cString: strerror(errno)))") }
}
