import ChatProtocol

extension ConfigurationForm where Value == Nickname {
  static let nickname = ConfigurationForm(
    allowed: "a name: \(ErrorCode.invalidUsername.explanation)", write: { TOMLText.string($0.text) },
    read: { $0.word.flatMap { Nickname($0) } })
}

extension Nickname {
  /// For the sample file.
  static let example: Nickname = {
    guard let name = Nickname("neha") else { preconditionFailure("a constant name is valid") }
    return name
  }()
}

extension ConfigurationForm where Value == [String] {
  /// A program and its arguments.
  static let command = list("a program and its arguments, as separate texts", count: 1...32) { word in
    word.utf8.contains(0) ? nil : word
  }
}
