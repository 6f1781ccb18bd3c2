import ChatProtocol
import TestSupport

// Random keys, sanctions, acts and requests about them that lines can carry without loss.

extension SeededGenerator {
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

  mutating func publicKey() -> PublicKey {
    while true {
      if let key = PublicKey(bytes(PublicKey.bytes)) { return key }
    }
  }

  mutating func challenge() -> LoginChallenge {
    while true {
      if let challenge = LoginChallenge(bytes(LoginChallenge.bytes)) { return challenge }
    }
  }

  mutating func address() -> IPAddress {
    while true {
      // Addresses with many zeros have several written forms.
      let bytes = bytes(flip() ? 4 : 16).map { chance(1, in: 3) ? 0 : $0 }
      if let address = IPAddress(bytes) { return address }
    }
  }

  mutating func network() -> Network { Network(containing: address(), prefix: number(0...128)) }

  mutating func subject() -> Subject {
    switch number(0...3) {
    case 0: .key(publicKey())
    case 1: .network(network())
    case 2: .name(Nickname(testing: pick(SubjectTests.disguises)))
    default: .name(name())
    }
  }

  mutating func time() -> Timestamp {
    // 0000-01-01 to 9999-12-31, the range of the written form.
    Timestamp(milliseconds: Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &self))
  }

  mutating func accountKey() -> AccountKey { AccountKey(key: publicKey(), added: time(), label: text()) }

  mutating func sanction() -> Sanction {
    Sanction(
      kind: pick(Sanction.Kind.allCases), subject: subject(), until: flip() ? nil : time(), by: name(), reason: text())
  }

  mutating func act() -> Act {
    Act(time: time(), by: name(), verb: pick(Verb.allCases), subject: word(), text: text())
  }

  mutating func keyRequest() -> KeyRequest {
    let byte = UInt8(number(0...255))
    guard let request = KeyRequest(key: publicKey(), proof: [UInt8](repeating: byte, count: 64)) else {
      preconditionFailure("64 bytes are a proof")
    }
    return request
  }

  mutating func adminRequest() -> AdminRequest {
    let span: AdminRequest.Span = flip() ? .forever : .seconds(number(1...3_155_760_000))
    switch number(0...16) {
    case 0: return .listKeys
    case 1: return .addKey(keyRequest(), label: text())
    case 2: return .removeKey(publicKey())
    case 3: return .create(room())
    case 4: return .invite(room(), name())
    case 5: return .uninvite(room(), name())
    case 6: return .admit(uses: 1 + count() / 2, for: span)
    case 7: return .kick(name(), reason: text())
    case 8: return .ban(subject(), for: span, reason: text())
    case 9: return .unban(subject())
    case 10: return .mute(name(), for: span, reason: text())
    case 11: return .unmute(name())
    case 12: return pick([.listSanctions, .listOperators])
    case 13: return .slow(room(), seconds: number(0...AdminRequest.longestSlowness))
    case 14: return .redact(target(), sequence: count(), reason: text())
    case 15: return flip() ? .makeOperator(name()) : .unmakeOperator(name())
    default: return .listActs(limit: 1 + count() / 2)
    }
  }
}
