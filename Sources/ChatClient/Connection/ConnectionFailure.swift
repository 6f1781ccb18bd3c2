import ChatModel
import ChatProtocol

/// The reason why a connection could not be established.
public struct ConnectionFailure: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The host answered that nothing listens on the port.
    case refused
    case noSuchHost
    case timedOut
    case unreachable
    /// The connection was to be encrypted, but the server does not speak TLS.
    /// - Parameter said: its first line, at most 512 bytes; nil if it hung up or was silent.
    case plain(said: String?)
    /// The server has another pin than the expected one.
    case untrusted(Pin)
    /// The plan leaves no address to try.
    case nothingLeft
    case other
  }

  public var kind: Kind
  /// For display, on one line.
  public var reason: String
  /// The address of the attempt; nil if it is not known.
  public var record: HostRecord?

  public init(_ kind: Kind, reason: String, at record: HostRecord? = nil) {
    self.kind = kind
    self.reason = reason
    self.record = record
  }

  /// The failure that counts when every address has failed: another server or one without TLS, otherwise the likeliest
  /// cause at the host that was tried last. Another server does not count as long as a further host of the list, or a
  /// further address of its name, may be the known one, and only did not answer or was not tried this time.
  /// - Parameters:
  ///   - earlier: oldest first.
  ///   - isPinned: whether the server is known, so that silence is no sign that it has no TLS.
  ///   - excluded: the addresses that the plan left out.
  /// - Returns: one of the failures; `Kind.nothingLeft` if the known server may be at an address that was left out.
  static func decisive(
    _ last: ConnectionFailure, after earlier: [ConnectionFailure], isPinned: Bool, excluded: [HostRecord] = []
  ) -> ConnectionFailure {
    var failures = earlier + [last]
    var last = last
    // One of these failures may be the known server's.
    let silent = failures.filter { isPinned && !$0.isOfAnotherServer }
    let strangers = failures.filter(\.isOfAnotherServer).compactMap(\.record)
    if let other = silent.last(where: { $0.record?.mayBeApart(from: strangers) ?? false }) {
      failures = silent
      last = other
    } else if isPinned, !strangers.isEmpty {
      let places = Set(strangers.map(\.place))
      if excluded.contains(where: { !places.contains($0.place) }) {
        return ConnectionFailure(.nothingLeft, reason: "there is no other host left to try")
      }
    }
    if let untrusted = failures.first(where: { if case .untrusted = $0.kind { true } else { false } }) {
      return untrusted
    }
    if let plain = failures.first(where: { if case .plain(_?) = $0.kind { true } else { false } }) { return plain }
    if !isPinned, let silent = failures.first(where: { $0.kind == .plain(said: nil) }) { return silent }
    let sameHost = failures.filter { $0.record?.host == last.record?.host }
    let likeliest: [Kind] = [.refused, .timedOut, .unreachable]
    return likeliest.lazy.compactMap { kind in sameHost.last { $0.kind == kind } }.first ?? last
  }

  /// Whether something else than the known server, which speaks TLS, has answered. The known server itself sends
  /// refusals such as `server-full` before encryption.
  var isOfAnotherServer: Bool {
    switch kind {
    case .untrusted: true
    case .plain(_?): !isRefusalOfServer
    default: false
    }
  }
}

extension HostRecord {
  /// Whether this address may belong to another machine than all of `others`. Addresses of one host and one family count
  /// as different machines; an IPv4 and an IPv6 address usually belong to the same one.
  fileprivate func mayBeApart(from others: [HostRecord]) -> Bool {
    let sameHost = others.filter { $0.host == host }
    return sameHost.isEmpty || sameHost.contains { $0.isIPv6 == isIPv6 }
  }
}
