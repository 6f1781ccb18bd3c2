/// Sends to a non-blocking socket. A closed connection raises no signal; on Darwin, the socket needs `SO_NOSIGPIPE`.
/// - Returns: the number of bytes that the socket has accepted; 0 after any error.
package func sendWithoutWaiting(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Darwin)
    let flags: Int32 = 0
  #else
    let flags = Int32(MSG_NOSIGNAL)
  #endif
  return max(0, send(descriptor, bytes.baseAddress, bytes.count, flags))
}
