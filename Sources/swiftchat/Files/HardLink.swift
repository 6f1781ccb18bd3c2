import Platform

enum HardLinkResult {
  case made
  /// The original does not exist.
  case missing
  /// The new name exists already.
  case taken
  case failed(String)
}

/// Creates a hard link to a file. Never overwrites.
func hardLink(_ path: String, at other: String) -> HardLinkResult {
  guard link(path, other) != 0 else { return .made }
  switch errno {
  case ENOENT: return .missing
  case EEXIST: return .taken
  default: return .failed(String(cString: strerror(errno)))
  }
}
