/// Resolves a path as the user writes it on the command line, in the environment or in settings. It has the same
/// meaning as in a shell.
package enum PathText {
  /// The reason why the text is not a path: the part of a sentence after "which".
  package struct Problem: Error, Equatable {
    package let reason: String
  }

  /// - Parameter home: the replacement for `~`.
  /// - Returns: the path, with a leading `~` replaced.
  package static func resolve(_ text: String, home: String? = environmentValue("HOME")) throws(Problem) -> String {
    guard !text.isEmpty else { throw Problem(reason: "is empty") }
    guard !text.utf8.contains(0) else { throw Problem(reason: "has a zero byte in it") }
    if text.hasPrefix("$") {
      throw Problem(reason: "begins with a variable; write out what it stands for, or ./ before a name with a $")
    }
    guard text.hasPrefix("~") else { return text }
    let rest = text.dropFirst()
    guard rest.isEmpty || rest.hasPrefix("/") else {
      throw Problem(reason: "begins with somebody's home; write that out, or ./ before a name with a ~")
    }
    guard let home, home.hasPrefix("/") else {
      throw Problem(reason: "begins with ~, and HOME does not say what that is")
    }
    return home + rest
  }
}
