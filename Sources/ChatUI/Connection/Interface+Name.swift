import ChatModel
import ChatProtocol

// The user's name at a server.

extension Interface {
  /// Asks the server for another name.
  mutating func choose(_ name: Nickname) -> [InterfaceCommand] {
    servers.subject.chosenName = name
    // A server has accepted the name of the present login already.
    let isPresent = connection.isOnline && name.text == self.name.text
    return (isPresent ? rememberChosenName() : []) + [.client(.useName(name))]
  }

  /// Remembers the present name if the user chose it. Call after the server has accepted it.
  mutating func rememberChosenName() -> [InterfaceCommand] {
    guard servers.subject.chosenName == name else { return [] }
    servers.subject.chosenName = nil
    return [.rememberName(name)]
  }
}
