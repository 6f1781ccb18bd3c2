import ChatProtocol

/// A value that is made from a text, if the text is valid.
package protocol TextValue {
  init?(_ text: String)
}

extension TextValue {
  /// From a text that the test knows to be valid.
  package init(testing text: String) {
    guard let value = Self(text) else { preconditionFailure("no \(Self.self): \(text.debugDescription)") }
    self = value
  }
}

extension Nickname: TextValue {}
extension RoomName: TextValue {}
extension Target: TextValue {}
extension Epoch: TextValue {}
extension Network: TextValue {}
