import ArgumentParser
import ChatProtocol
import CommandSupport

/// The nickname that the user gives on the command line.
enum NameArgument {
  /// - Returns: nil if no name is given.
  /// - Throws: `ValidationError` if the text cannot be a name.
  static func resolve(_ text: String?) throws -> Nickname? {
    guard let text else { return nil }
    guard let name = Nickname(text) else {
      throw ValidationError("'\(text)' cannot be a name. \(ErrorCode.invalidUsername.explanation)")
    }
    return name
  }
}
