import Platform

/// A directory that only its owner can access.
enum PrivateDirectory {
  /// Creates the directory and its missing ancestors.
  static func make(_ path: String) throws(CredentialFile.Failure) {
    var missing: [Substring] = []
    var rest = Substring(path)
    while !rest.isEmpty, access(String(rest), F_OK) != 0 {
      missing.append(rest)
      while rest.last == "/" { rest.removeLast() }
      guard let slash = rest.lastIndex(of: "/") else { break }
      rest = rest[..<slash]
    }
    for path in missing.reversed() {
      guard mkdir(String(path), 0o700) == 0 || errno == EEXIST else { throw CredentialFile.Failure(errno) }
    }
  }
}
