import Platform

enum NameCopy {
  case made
  /// The original does not exist.
  case missing
  /// The new name exists already.
  case taken
  case failed(String)
}

/// Creates a second name for a file, without overwriting.
func copyName(_ path: String, to other: String) -> NameCopy {
  guard link(path, other) != 0 else { return .made }
  switch errno {
  case ENOENT: return .missing
  case EEXIST: return .taken
  default: return .failed(String(cString: strerror(errno)))
  }
}
