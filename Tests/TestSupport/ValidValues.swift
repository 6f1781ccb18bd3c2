import ChatProtocol

// Values from texts that a test knows to be valid.

extension Nickname {
  package init(testing text: String) {
    guard let value = Nickname(text) else { preconditionFailure("not a name: \(text.debugDescription)") }
    self = value
  }
}

extension RoomName {
  package init(testing text: String) {
    guard let value = RoomName(text) else { preconditionFailure("not a room name: \(text.debugDescription)") }
    self = value
  }
}

extension Target {
  package init(testing text: String) {
    guard let value = Target(text) else { preconditionFailure("not a target: \(text.debugDescription)") }
    self = value
  }
}

extension Epoch {
  package init(testing text: String) {
    guard let value = Epoch(text) else { preconditionFailure("not an epoch: \(text.debugDescription)") }
    self = value
  }
}

extension Network {
  package init(testing text: String) {
    guard let value = Network(text) else { preconditionFailure("not a network: \(text.debugDescription)") }
    self = value
  }
}
