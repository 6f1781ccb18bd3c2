import ChatProtocol

extension Nickname {
  init(trusted text: String) {
    guard let name = Nickname(text) else { preconditionFailure("not a name: \(text)") }
    self = name
  }
}

extension RoomName {
  init(trusted text: String) {
    guard let name = RoomName(text) else { preconditionFailure("not a room: \(text)") }
    self = name
  }
}
