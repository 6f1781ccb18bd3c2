import ChatProtocol

/// The tags of a request. The hub can read no other keys than these, and while a request waits no others are kept: two
/// thousand tags fit before one line.
struct RequestTags: Sendable {
  private var tags: Tags

  enum TagKey: String, CaseIterable {
    case label
    /// An idempotency key.
    case cid
    case epoch
    case before
    case token
    case key
    case proof
    case invite
  }

  init(_ tags: Tags = Tags()) { self.tags = tags }

  var isEmpty: Bool { tags.isEmpty }

  subscript(key: TagKey) -> String? { tags[key.rawValue] }

  /// Bytes of all tags, as received.
  var received: Int { tags.byteCount }

  /// Bytes of the values.
  var bytes: Int { isEmpty ? 0 : TagKey.allCases.reduce(0) { $0 + (self[$1]?.utf8.count ?? 0) } }

  /// Removes all other tags.
  mutating func trim() {
    guard !isEmpty else { return }
    var trimmed = Tags()
    for key in TagKey.allCases { trimmed[key.rawValue] = self[key] }
    tags = trimmed
  }

  // MARK: Values

  var label: String? { self[.label] }
  var epoch: Epoch? { self[.epoch].flatMap { Epoch($0) } }
  var token: String? { self[.token] }
  var publicKey: PublicKey? { self[.key].flatMap { PublicKey($0) } }
  var invitation: String? { self[.invite] }
  var proof: [UInt8]? { alone(.proof).proof }
  var before: Int? { alone(.before).before }

  private func alone(_ key: TagKey) -> Tags {
    var alone = Tags()
    alone[key.rawValue] = self[key]
    return alone
  }
}
