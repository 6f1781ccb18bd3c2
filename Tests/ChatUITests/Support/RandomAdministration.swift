import ChatModel
import ChatProtocol
import TestSupport

// Random answers of a server to operators: well-formed, as ensured by the codec, but hostile.

extension SeededGenerator {
  mutating func pin() -> Pin { Pin((0..<Pin.bytes).map { _ in UInt8(number(0...255)) }) ?? .testing(0) }

  mutating func publicKey() -> PublicKey {
    PublicKey((0..<PublicKey.bytes).map { _ in UInt8(number(0...255)) }) ?? .testing(0)
  }

  private mutating func moment() -> Timestamp {
    Timestamp(milliseconds: pick([0, .max, .min, Timestamp.noon.milliseconds, 1_700_000_000_000]))
  }

  private mutating func subject() -> Subject {
    switch number(0...2) {
    case 0: .name(name())
    case 1: .key(publicKey())
    default: .network(Network(pick(["192.0.2.0/24", "2001:db8::/32", "::1"])) ?? .testing)
    }
  }

  mutating func adminRequest() -> AdminRequest {
    let span: AdminRequest.Span = flip() ? .forever : .seconds(number(1...100_000_000))
    switch number(0...13) {
    case 0: return .listKeys
    case 1: return .addKey(.testing(publicKey()), label: rawText())
    case 2: return .removeKey(publicKey())
    case 3: return .create(RoomName(testing: "#garden"))
    case 4: return .invite(RoomName(testing: "#garden"), name())
    case 5: return .admit(uses: number(1...3), for: span)
    case 6: return .kick(name(), reason: rawText())
    case 7: return .ban(subject(), for: span, reason: rawText())
    case 8: return .unban(subject())
    case 9: return .mute(name(), for: span, reason: rawText())
    case 10: return .slow(.lobby, seconds: number(0...3600))
    case 11: return .redact(.lobby, sequence: pick([0, 1, 50, .max]), reason: rawText())
    case 12: return .makeOperator(name())
    default: return .listActs(limit: 20)
    }
  }

  mutating func adminAnswer() -> AdminAnswer {
    switch number(0...5) {
    case 0: return .done(code: flip() ? rawText() : nil)
    case 1: return .refused(reason: rawText())
    case 2:
      return .keys(
        (0..<number(0...5)).map { _ in AccountKey(key: publicKey(), added: moment(), label: rawText()) })
    case 3:
      return .sanctions(
        (0..<number(0...300)).map { _ in
          Sanction(
            kind: flip() ? .ban : .mute, subject: subject(), until: flip() ? moment() : nil, by: name(),
            reason: rawText())
        })
    case 4: return .operators((0..<number(0...300)).map { _ in name() })
    default:
      return .acts(
        (0..<number(0...30)).map { _ in
          Act(time: moment(), by: name(), verb: pick(Verb.allCases), subject: rawText(), text: rawText())
        })
    }
  }
}

extension Pin {
  /// A pin of no real server, always the same for the same byte.
  static func testing(_ byte: UInt8) -> Pin {
    guard let pin = Pin([UInt8](repeating: byte, count: bytes)) else { preconditionFailure("a pin has 32 bytes") }
    return pin
  }
}

extension KeyRequest {
  static func testing(_ key: PublicKey) -> KeyRequest {
    guard let request = KeyRequest(key: key, proof: [UInt8](repeating: 1, count: 64)) else {
      preconditionFailure("64 bytes are a proof")
    }
    return request
  }
}

extension PublicKey {
  static func testing(_ byte: UInt8) -> PublicKey {
    guard let key = PublicKey([UInt8](repeating: byte, count: bytes)) else {
      preconditionFailure("a key has 32 bytes")
    }
    return key
  }
}

extension Network {
  static var testing: Network {
    guard let network = Network("192.0.2.0/24") else { preconditionFailure("it is a network") }
    return network
  }
}
