#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

enum NameCopy {
  case made
  /// There is nothing of the first name.
  case missing
  /// There is something of the second name.
  case taken
  case failed(String)
}

/// Gives a file one more name.
func copyName(_ path: String, to other: String) -> NameCopy {
  guard link(path, other) != 0 else { return .made }
  switch errno {
  case ENOENT: return .missing
  case EEXIST: return .taken
  default: return .failed(String(cString: strerror(errno)))
  }
}
