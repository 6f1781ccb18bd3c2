import ChatProtocol
import ChatRecords

/// The other end of a connection, as known before login.
public struct Peer: Hashable, Sendable {
  /// Nil if there is none or it is unknown.
  public var address: IPAddress?
  /// The client runs on the host itself: limits by address do not apply to it.
  public var isHost: Bool
  /// The client uses the host's control socket: it has an operator's rights, and is no member.
  public var isControl: Bool

  public init(address: IPAddress?, isHost: Bool, isControl: Bool = false) {
    self.address = address
    self.isHost = isHost
    self.isControl = isControl
  }

  public static let host = Peer(address: nil, isHost: true)

  /// The addresses that share limits with the peer; nil on the host, where limits by address do not apply.
  var addressBlock: AddressBlock? { isHost ? nil : address.map(AddressBlock.init) }
  /// The same as a network, for sanctions.
  var network: Network? { isHost ? nil : address?.addressBlock }
}
