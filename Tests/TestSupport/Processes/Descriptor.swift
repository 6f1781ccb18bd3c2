import Foundation
import Platform

/// A failed system call and its error.
package struct DescriptorError: Error, CustomStringConvertible {
  package let call: String
  package let number: Int32

  package init(call: String, number: Int32) {
    self.call = call
    self.number = number
  }

  package var description: String { "\(call): \(String(cString: strerror(number)))" }
}

/// A file descriptor that is closed with the last reference to this object and is not inherited by child processes.
package final class Descriptor: Sendable {
  package let number: Int32

  package init(_ number: Int32) {
    self.number = number
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    #if canImport(Darwin)
      // On other systems each send passes a flag.
      var on: Int32 = 1
      _ = setsockopt(number, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }

  deinit {
    close(number)
  }

  /// A new TCP socket.
  package static func socket(family: Int32) throws -> Descriptor {
    Descriptor(try check("socket", Foundation.socket(family, streamSocket, 0)))
  }

  /// A pair of connected sockets.
  package static func socketPair() throws -> (Descriptor, Descriptor) {
    var numbers: [Int32] = [-1, -1]
    _ = try check("socketpair", Foundation.socketpair(AF_UNIX, streamSocket, 0, &numbers))
    return (Descriptor(numbers[0]), Descriptor(numbers[1]))
  }

  /// The reading end and the writing end of a pipe.
  package static func pipe() throws -> (Descriptor, Descriptor) {
    var numbers: [Int32] = [-1, -1]
    _ = try check("pipe", Foundation.pipe(&numbers))
    return (Descriptor(numbers[0]), Descriptor(numbers[1]))
  }

  /// An opened file.
  package static func open(_ path: String, _ flags: Int32) throws -> Descriptor {
    Descriptor(try check("opening \(path)", Foundation.open(path, flags)))
  }

  /// Writes all bytes, and waits until there is room for them.
  package func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(number, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { throw DescriptorError(call: "write", number: errno) }
      rest = rest.dropFirst(max(count, 0))
    }
  }

  /// Waits for bytes and reads them; nil at the end or after an error.
  package func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Foundation.read(number, &buffer, buffer.count)
      if count > 0 { return Array(buffer.prefix(count)) }
      if count == 0 || errno != EINTR { return nil }
    }
  }

  /// Sends as many bytes as the socket accepts without blocking.
  /// - Returns: the number of bytes; nil if the socket accepts none now.
  package static func send(_ bytes: ArraySlice<UInt8>, to number: Int32) throws -> Int? {
    #if canImport(Darwin)
      let flags = MSG_DONTWAIT
    #else
      let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
    #endif
    let count = bytes.withUnsafeBytes { Foundation.send(number, $0.baseAddress, $0.count, flags) }
    if count >= 0 { return count }
    guard [EAGAIN, EWOULDBLOCK, EINTR, ENOBUFS].contains(errno) else {
      throw DescriptorError(call: "send", number: errno)
    }
    return nil
  }

  /// Receives the available bytes of a socket, at most `limit`: empty at the end of the stream; nil if none are
  /// available.
  package static func receive(from number: Int32, limit: Int = 65536) throws -> [UInt8]? {
    #if canImport(Darwin)
      let flags = MSG_DONTWAIT
    #else
      let flags = Int32(MSG_DONTWAIT)
    #endif
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = recv(number, &buffer, buffer.count, flags)
    if count >= 0 { return Array(buffer.prefix(count)) }
    guard [EAGAIN, EWOULDBLOCK, EINTR].contains(errno) else { throw DescriptorError(call: "recv", number: errno) }
    return nil
  }

  /// Returns the result of a call; throws if it is -1.
  package static func check(_ call: String, _ result: Int32) throws -> Int32 {
    guard result != -1 else { throw DescriptorError(call: call, number: errno) }
    return result
  }
}
