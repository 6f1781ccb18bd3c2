/// Metadata before a line's message, in IRCv3's form: `@time=2026-11-22T10:00:00.123Z;label=7 `. The order of tags is
/// kept; if a key occurs twice, the last one counts (IRCv3 message-tags).
public struct Tags: Hashable, Sendable {
  private var pairs: [Tag]

  private struct Tag: Hashable, Sendable {
    var key: String
    var value: String
  }

  public init() { pairs = [] }

  public var isEmpty: Bool { pairs.isEmpty }

  /// Size in bytes of all keys, values and separators.
  public var byteCount: Int { pairs.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 } }

  /// The value of a tag; empty if the tag has none, nil if there is no such tag. Setting an invalid key has no effect.
  public subscript(key: String) -> String? {
    get { pairs.last { $0.key == key }?.value }
    set {
      pairs.removeAll { $0.key == key }
      if let newValue, Self.isKey(key.utf8) { pairs.append(Tag(key: key, value: newValue)) }
    }
  }

  /// Changes the key of a tag in its place. No effect without such a tag.
  mutating func rename(_ key: String, to other: String) {
    for index in pairs.indices where pairs[index].key == key { pairs[index].key = other }
  }

  /// Joins a request to its one answer. Chosen by the client, echoed by the server.
  public var label: String? {
    get { self["label"] }
    set { self["label"] = newValue }
  }

  /// When the message was accepted.
  public var time: Timestamp? {
    get { self["time"].flatMap(Timestamp.init) }
    set { self["time"] = newValue?.description }
  }

  /// Reference of the batch that contains the line.
  public var batch: String? {
    get { self["batch"] }
    set { self["batch"] = newValue }
  }

  /// The position of a message in its conversation, dense from 1.
  public var sequence: Int? {
    get { self["seq"].flatMap(\.asCount) }
    set { self["seq"] = newValue.map(String.init) }
  }

  /// The position of a message in the server's log.
  public var id: Int? {
    get { self["id"].flatMap(\.asCount) }
    set { self["id"] = newValue.map(String.init) }
  }

  /// The room that a line belongs to; nil for the lobby or no room.
  public var room: RoomName? {
    get { self["room"].flatMap { RoomName($0) } }
    set { self["room"] = newValue?.text }
  }

  /// Of `DM`: the recipient, where it does not follow from the context.
  public var reader: Nickname? {
    get { self["to"].flatMap { Nickname($0) } }
    set { self["to"] = newValue?.text }
  }

  /// The idempotency key of a send.
  public var key: IdempotencyKey? {
    get { self["cid"].flatMap { IdempotencyKey($0) } }
    set { self["cid"] = newValue?.text }
  }

  /// Of `OK`: the message was already stored under the same key.
  public var isDuplicate: Bool {
    get { self["dup"] != nil }
    set { self["dup"] = newValue ? "" : nil }
  }

  /// Of the start of a batch: more results are available.
  public var hasMore: Bool {
    get { self["more"] != nil }
    set { self["more"] = newValue ? "" : nil }
  }

  /// The resume token, which proves an earlier session to the server.
  public var token: String? {
    get { self["token"] }
    set { self["token"] = newValue }
  }

  /// Of `OK LOGIN`: the server recognized the member.
  public var isKnownAgain: Bool {
    get { self["again"] != nil }
    set { self["again"] = newValue ? "" : nil }
  }

  /// Of `LOGIN` and `RESUME`: the member's public key.
  public var publicKey: PublicKey? {
    get { self["key"].flatMap { PublicKey($0) } }
    set { self["key"] = newValue?.text }
  }

  /// Of `LOGIN` and `RESUME`: the signature of the challenge's statement; 64 bytes.
  public var proof: [UInt8]? {
    get { self["proof"].flatMap { Base64URL.decode($0, bytes: LoginChallenge.proofBytes) } }
    set { self["proof"] = newValue.map(Base64URL.encode) }
  }

  /// Of `LOGIN`: the invitation code for a server that requires one.
  public var invitation: String? {
    get { self["invite"] }
    set { self["invite"] = newValue }
  }

  /// Of `OK ADMIT`: the code for the tag `invite`.
  public var invitationCode: String? {
    get { self["code"] }
    set { self["code"] = newValue }
  }

  /// Of `OK ADMIT`: the server's pin, to be passed on with the code.
  public var pin: Pin? {
    get { self["pin"].flatMap { Pin($0) } }
    set { self["pin"] = newValue?.text }
  }

  /// Of `OK ADMIT`: where the server listens, `HOST:PORT`; `*:PORT` for all addresses.
  public var place: String? {
    get { self["place"] }
    set { self["place"] = newValue }
  }

  /// Of `OK LOGIN` and `OK RESUME`, and of the `INFO` that announces a change: the idle timeout of a session, in
  /// seconds with up to three decimals. Nil if the value is zero or invalid.
  public var idleTimeout: Duration? {
    get { self["idle"].flatMap(Self.seconds) }
    set { self["idle"] = newValue.map(Self.text) }
  }

  /// Of `OK LOGIN`: the name belongs to the key.
  public var isOwned: Bool {
    get { self["owned"] != nil }
    set { self["owned"] = newValue ? "" : nil }
  }

  /// Of `USER` and `JOINED`: the epoch of the direct conversation with the user. Of a message to `@name`: the intended
  /// conversation; the message is delivered to no other.
  public var epoch: Epoch? {
    get { self["epoch"].flatMap { Epoch($0) } }
    set { self["epoch"] = newValue?.text }
  }

  /// Of `USER` and `JOINED`: the name has no owner.
  public var isGuest: Bool {
    get { self["guest"] != nil }
    set { self["guest"] = newValue ? "" : nil }
  }

  /// Of `OK LOGIN`: the member is an operator.
  public var isOperator: Bool {
    get { self["operator"] != nil }
    set { self["operator"] = newValue ? "" : nil }
  }

  /// Of the `INFO` that announces a change: whether the member is an operator from now on. Nil without a change.
  public var operatorChange: Bool? {
    get { self["operator"].map { $0 != "no" } }
    set { self["operator"] = newValue.map { $0 ? "" : "no" } }
  }

  /// Of a message: it was redacted.
  public var isRedacted: Bool {
    get { self["removed"] != nil }
    set { self["removed"] = newValue ? "" : nil }
  }

  /// Of `ROOM` and of `OK JOIN`: the room is private.
  public var isPrivate: Bool {
    get { self["private"] != nil }
    set { self["private"] = newValue ? "" : nil }
  }

  /// Of `SYNC`: the member's read mark.
  public var mark: Int? {
    get { self["mark"].flatMap(\.asCount) }
    set { self["mark"] = newValue.map(String.init) }
  }

  /// Of `SYNC`: the epoch of the cursor that the line answers. Sequence numbers up to the cursor are equal in both
  /// epochs.
  public var since: Epoch? {
    get { self["since"].flatMap { Epoch($0) } }
    set { self["since"] = newValue?.text }
  }

  /// Of `SEARCH`: return only messages with a smaller `id`.
  public var before: Int? {
    get { self["before"].flatMap(\.asCount) }
    set { self["before"] = newValue.map(String.init) }
  }

  /// Of `USER`: the user is away, with this message.
  public var away: String? {
    get { self["away"] }
    set { self["away"] = newValue }
  }
}

extension Tags {
  /// Reads `60` and `0.25`.
  private static func seconds(_ text: String) -> Duration? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    // At most a year, so that no arithmetic with the duration overflows.
    guard parts.count <= 2, let seconds = parts[0].asCount, seconds <= 31_536_000 else { return nil }
    var milliseconds = 0
    if parts.count == 2 {
      guard (1...3).contains(parts[1].utf8.count), let fraction = parts[1].asCount else { return nil }
      milliseconds = fraction * [100, 10, 1][parts[1].utf8.count - 1]
    }
    let duration = Duration.milliseconds(seconds * 1000 + milliseconds)
    return duration > .zero ? duration : nil
  }

  private static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = attoseconds / 1_000_000_000_000_000
    guard milliseconds > 0 else { return String(seconds) }
    return "\(seconds)." + String(String(milliseconds + 1000).dropFirst())
  }

  /// Reads `key=value;key` without the `@`. Empty parts between semicolons are ignored.
  /// - Returns: nil if a key is empty or has an invalid character, or if there is a control character other than a tab:
  ///   values have escapes for CR and LF, and no use for others.
  init?(parsing text: Substring) {
    guard !text.hasControlCharacters else { return nil }
    pairs = []
    for part in text.utf8.split(separator: UInt8(ascii: ";")) {
      let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
      let key = part[..<equals]
      guard Self.isKey(key) else { return nil }
      let value = equals == part.endIndex ? "" : Self.unescape(part[part.index(after: equals)...])
      pairs.append(Tag(key: String(Substring(key)), value: value))
    }
  }

  /// Appends `@key=value;key ` to the bytes, or nothing if there are no tags.
  func write(into bytes: inout some LineSink) {
    guard !pairs.isEmpty else { return }
    var mark = UInt8(ascii: "@")
    for pair in pairs {
      bytes.append(mark)
      bytes.append(pair.key)
      if !pair.value.isEmpty {
        bytes.append(UInt8(ascii: "="))
        Self.escape(pair.value, into: &bytes)
      }
      mark = UInt8(ascii: ";")
    }
    bytes.append(UInt8(ascii: " "))
  }

  private static func isKey(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy(isKeyByte)
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      return true
    default:
      // `.` and `/` occur in a vendor prefix (`example.com/`), `+` in a client-only tag.
      return byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "/")
    }
  }

  /// Escapes a value as in IRCv3 message-tags, "Escaping values". Control characters other than CR and LF become
  /// U+FFFD, as in texts.
  static func escape(_ value: String, into bytes: inout some LineSink) {
    // Most values need no escaping, and every line has a `time` tag.
    guard value.utf8.contains(where: isEscaped) else { return bytes.append(cleaned: value) }
    for scalar in value.unicodeScalars {
      switch scalar {
      case ";": bytes.append("\\:")
      case " ": bytes.append("\\s")
      case "\\": bytes.append("\\\\")
      case "\r": bytes.append("\\r")
      case "\n": bytes.append("\\n")
      default: bytes.append(cleaned: String(scalar))
      }
    }
  }

  private static func isEscaped(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\\"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
    default: false
    }
  }

  private static func unescape(_ value: Substring.UTF8View.SubSequence) -> String {
    guard value.contains(UInt8(ascii: "\\")) else { return String(Substring(value)) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(value.count)
    var isEscaped = false
    for byte in value {
      guard isEscaped else {
        if byte == UInt8(ascii: "\\") { isEscaped = true } else { bytes.append(byte) }
        continue
      }
      isEscaped = false
      switch byte {
      case UInt8(ascii: ":"): bytes.append(UInt8(ascii: ";"))
      case UInt8(ascii: "s"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
      // Unknown escapes stand for the character itself; a backslash at the end is dropped.
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
