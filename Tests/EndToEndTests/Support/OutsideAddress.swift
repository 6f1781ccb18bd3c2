@testable import swiftchat

/// A non-loopback address of this machine, from which connections do not count as local.
enum OutsideAddress {
  /// Nil if there is none.
  static let own = LocalAddress.external
}
