/// A path as a person writes it, on the command line, in the environment or in settings: it means what it means in a
/// shell, wherever it stands.
enum PathText {
  /// Why it names no file: a part of a sentence behind "which".
  struct Problem: Error, Equatable {
    let reason: String
  }

  /// - Parameter home: what `~` stands for.
  /// - Returns: the path, with `~` at its beginning replaced.
  static func resolve(_ text: String, home: String? = environmentValue("HOME")) throws(Problem) -> String {
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
