import ChatProtocol
import NIOCore

/// The header with which a proxy begins a connection: the PROXY protocol, version 2
/// (https://www.haproxy.org/download/1.8/doc/proxy-protocol.txt, section 2.2). Version 1, a text format, is not
/// supported.
enum ProxyHeader: Hashable {
  /// The connection is the proxy's own, such as a health check.
  case local
  /// The connection of a client.
  case client(IPAddress, port: Int)

  /// Why a connection from a proxy is closed.
  enum Failure: Error, Hashable, CustomStringConvertible {
    case notThere
    case version(UInt8)
    case command(UInt8)
    case family(UInt8)
    case tooLong(Int)
    case tooShort(Int)
    case late
    case closed

    var description: String {
      switch self {
      case .notThere: "the connection does not begin with a PROXY header of version 2"
      case .version(let version): "version \(version) of the PROXY protocol is not known"
      case .command(let command): "command \(command) of the PROXY protocol is not known"
      case .family(let family): "the PROXY header is not about TCP: family and protocol \(family)"
      case .tooLong(let length): "the PROXY header has \(length) bytes"
      case .tooShort(let length): "the PROXY header has \(length) bytes, too few for its addresses"
      case .late: "no complete PROXY header came in time"
      case .closed: "the connection ended before a complete PROXY header"
      }
    }
  }

  private static let signature: [UInt8] = [
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
  ]
  private static let fixedBytes = 16
  /// The maximum length after the fixed bytes. Proxies add a few hundred bytes after the addresses at most.
  static let maximumLength = 2048

  /// - Parameter buffer: all bytes received so far. A complete header is consumed; otherwise the buffer is unchanged.
  /// - Returns: nil if more bytes are needed.
  static func read(from buffer: inout ByteBuffer) throws(Failure) -> ProxyHeader? {
    let view = buffer.readableBytesView
    guard zip(view, signature).allSatisfy({ $0 == $1 }) else { throw .notThere }
    guard view.count >= fixedBytes else { return nil }
    let fixed = Array(view.prefix(fixedBytes))
    guard fixed[12] >> 4 == 2 else { throw .version(fixed[12] >> 4) }
    let length = Int(fixed[14]) << 8 | Int(fixed[15])
    guard length <= maximumLength else { throw .tooLong(length) }
    guard view.count >= fixedBytes + length else { return nil }
    let header = try header(
      command: fixed[12] & 0x0f, family: fixed[13], addresses: Array(view.dropFirst(fixedBytes).prefix(length)))
    buffer.moveReaderIndex(forwardBy: fixedBytes + length)
    return header
  }

  private static func header(
    command: UInt8, family: UInt8, addresses: [UInt8]
  ) throws(Failure) -> ProxyHeader {
    guard command <= 1 else { throw .command(command) }
    // The addresses are meaningless for the proxy's own connection.
    guard command == 1 else { return .local }
    let bytes: Int
    switch family {
    case 0x11: bytes = 4
    case 0x21: bytes = 16
    // The proxy does not know the client.
    case 0x00: return .local
    default: throw .family(family)
    }
    // Source and destination addresses, then two ports of two bytes each.
    guard addresses.count >= 2 * bytes + 4, let address = IPAddress(Array(addresses.prefix(bytes))) else {
      throw .tooShort(addresses.count)
    }
    return .client(address, port: Int(addresses[2 * bytes]) << 8 | Int(addresses[2 * bytes + 1]))
  }
}
