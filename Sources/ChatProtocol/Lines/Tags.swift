/// What a line says beside its message, in IRCv3's form: `@time=2026-11-22T10:00:00.123Z;label=7 `. Their order is
/// kept; of two with one key the last counts (IRCv3 message-tags).
public struct Tags: Hashable, Sendable {
  private var pairs: [Pair]

  private struct Pair: Hashable, Sendable {
    var key: String
    var value: String
  }

  public init() { pairs = [] }

  public var isEmpty: Bool { pairs.isEmpty }

  /// Bytes of all keys and values, and of what stands between them.
  public var byteCount: Int { pairs.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 } }

  /// The value of a tag; empty where it was given without one, nil where it was not given. A key that no tag can have
  /// is never set.
  public subscript(key: String) -> String? {
    get { pairs.last { $0.key == key }?.value }
    set {
      pairs.removeAll { $0.key == key }
      if let newValue, Self.isKey(key.utf8) { pairs.append(Pair(key: key, value: newValue)) }
    }
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

  /// The batch that the line is a part of.
  public var batch: String? {
    get { self["batch"] }
    set { self["batch"] = newValue }
  }

  /// The place of a message in its conversation, dense from 1.
  public var sequence: Int? {
    get { self["seq"].flatMap(\.asCount) }
    set { self["seq"] = newValue.map(String.init) }
  }

  /// The place of a message in the server's log.
  public var id: Int? {
    get { self["id"].flatMap(\.asCount) }
    set { self["id"] = newValue.map(String.init) }
  }

  /// The room that a line belongs to; nil where it is the lobby, or no room.
  public var room: RoomName? {
    get { self["room"].flatMap { RoomName($0) } }
    set { self["room"] = newValue?.text }
  }

  /// Of `DM`: whom it was written to, where that is not plain.
  public var reader: Nickname? {
    get { self["to"].flatMap { Nickname($0) } }
    set { self["to"] = newValue?.text }
  }

  /// What makes a send idempotent.
  public var key: IdempotencyKey? {
    get { self["cid"].flatMap { IdempotencyKey($0) } }
    set { self["cid"] = newValue?.text }
  }

  /// Of `OK`: the message was stored before, under the same key.
  public var isDuplicate: Bool {
    get { self["dup"] != nil }
    set { self["dup"] = newValue ? "" : nil }
  }

  /// Of the start of a batch: there is more where it came from.
  public var hasMore: Bool {
    get { self["more"] != nil }
    set { self["more"] = newValue ? "" : nil }
  }

  /// What proves to the server that one was here before.
  public var token: String? {
    get { self["token"] }
    set { self["token"] = newValue }
  }

  /// Of `OK LOGIN`: the server knows the member again.
  public var isKnownAgain: Bool {
    get { self["again"] != nil }
    set { self["again"] = newValue ? "" : nil }
  }

  /// Of `LOGIN` and `RESUME`: the key that proves who one is.
  public var publicKey: PublicKey? {
    get { self["key"].flatMap { PublicKey($0) } }
    set { self["key"] = newValue?.text }
  }

  /// Of `LOGIN` and `RESUME`: the signature of the challenge's statement; 64 bytes.
  public var proof: [UInt8]? {
    get { self["proof"].flatMap { Base64URL.decode($0, bytes: LoginChallenge.proofBytes) } }
    set { self["proof"] = newValue.map(Base64URL.encode) }
  }

  /// Of `LOGIN`: what lets one into a server that is for invited people only.
  public var invitation: String? {
    get { self["invite"] }
    set { self["invite"] = newValue }
  }

  /// Of `OK ADMIT`: what `invitation` is to be.
  public var invitationCode: String? {
    get { self["code"] }
    set { self["code"] = newValue }
  }

  /// Of `OK ADMIT`: what those who are let in are to know the server by.
  public var pin: Pin? {
    get { self["pin"].flatMap { Pin($0) } }
    set { self["pin"] = newValue?.text }
  }

  /// Of `OK ADMIT`: where the server listens, `HOST:PORT`; `*:PORT` for all addresses.
  public var place: String? {
    get { self["place"] }
    set { self["place"] = newValue }
  }

  /// Of `OK LOGIN` and `OK RESUME`, and of the `INFO` that tells of another one: how long a session may say nothing
  /// before the server ends it, in seconds and thousandths of them. Read as nil where it is zero or cannot be read.
  public var idleTimeout: Duration? {
    get { self["idle"].flatMap(Self.seconds) }
    set { self["idle"] = newValue.map(Self.text) }
  }

  /// Of `OK LOGIN`: the name belongs to the key.
  public var isOwned: Bool {
    get { self["owned"] != nil }
    set { self["owned"] = newValue ? "" : nil }
  }

  /// Of `USER` and `JOINED`: the epoch of a conversation with the person. Of a message to `@name`: the conversation that
  /// is meant; it goes to nobody else.
  public var epoch: Epoch? {
    get { self["epoch"].flatMap { Epoch($0) } }
    set { self["epoch"] = newValue?.text }
  }

  /// Of `USER` and `JOINED`: nobody owns the name.
  public var isGuest: Bool {
    get { self["guest"] != nil }
    set { self["guest"] = newValue ? "" : nil }
  }

  /// Of `OK LOGIN`: one is an operator.
  public var isOperator: Bool {
    get { self["operator"] != nil }
    set { self["operator"] = newValue ? "" : nil }
  }

  /// Of a message: its text was taken away.
  public var isRemoved: Bool {
    get { self["removed"] != nil }
    set { self["removed"] = newValue ? "" : nil }
  }

  /// Of `ROOM` and of `OK JOIN`: the room is for invited people only.
  public var isPrivate: Bool {
    get { self["private"] != nil }
    set { self["private"] = newValue ? "" : nil }
  }

  /// Of `SYNC`: how far the person has read.
  public var mark: Int? {
    get { self["mark"].flatMap(\.asCount) }
    set { self["mark"] = newValue.map(String.init) }
  }

  /// Of `SYNC`: the epoch of the cursor that it answers. Up to the cursor, the numbers mean the same in both epochs.
  public var since: Epoch? {
    get { self["since"].flatMap { Epoch($0) } }
    set { self["since"] = newValue?.text }
  }

  /// Of `SEARCH`: only messages whose `id` is smaller.
  public var before: Int? {
    get { self["before"].flatMap(\.asCount) }
    set { self["before"] = newValue.map(String.init) }
  }

  /// In `USER`: that the person is away, and why.
  public var away: String? {
    get { self["away"] }
    set { self["away"] = newValue }
  }
}

extension Tags {
  /// Reads `60` and `0.25`.
  private static func seconds(_ text: String) -> Duration? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    // A year of it is as good as for ever, and no arithmetic with it overflows.
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

  /// Reads `key=value;key` without the `@`.
  /// - Returns: nil where a key is empty or has a character that no key may have, or where there is a control
  ///   character other than a tab: values have escapes for CR and LF, and no use for others. A semicolon too many
  ///   does no harm.
  init?(parsing text: Substring) {
    guard !text.hasControlCharacters else { return nil }
    pairs = []
    for part in text.utf8.split(separator: UInt8(ascii: ";")) {
      let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
      let key = part[..<equals]
      guard Self.isKey(key) else { return nil }
      let value = equals == part.endIndex ? "" : Self.unescape(part[part.index(after: equals)...])
      pairs.append(Pair(key: String(Substring(key)), value: value))
    }
  }

  /// Appends `@key=value;key ` to the bytes, or nothing where there are no tags.
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
      // The last four: a vendor's prefix (`example.com/`) and a client-only tag (`+`).
      return byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "/")
    }
  }

  /// IRCv3 message-tags, "Escaping values". Other control characters than CR and LF become U+FFFD, as in texts.
  static func escape(_ value: String, into bytes: inout some LineSink) {
    // Most values need none of it, and time stands before every line.
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
      // An escaped character that needs none stands for itself; a lone backslash at the end for nothing.
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
