#if !canImport(Darwin)
  extension posix_spawn_file_actions_t {
    /// Closes all descriptors of the child process from a number on. On Darwin, the flag `POSIX_SPAWN_CLOEXEC_DEFAULT` does
    /// that.
    mutating func addClosing(from first: Int32) {
      if let addCloseFrom = Self.addCloseFrom, addCloseFrom(&self, first) == 0 { return }
      // Other threads may open descriptors before the child starts: some more numbers.
      for number in first...max(Self.largestDescriptor, first) + 64 { posix_spawn_file_actions_addclose(&self, number) }
    }

    private typealias AddCloseFrom =
      @convention(c) @Sendable (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    /// The child closes the descriptors that are open when it starts. Glibc has this function since 2.34, and its
    /// headers hide it from Swift.
    private static let addCloseFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
      unsafeBitCast($0, to: AddCloseFrom.self)
    }

    private static var largestDescriptor: Int32 {
      var largest: Int32 = 3
      guard let folder = opendir("/proc/self/fd") else { return Int32(clamping: sysconf(Int32(_SC_OPEN_MAX))) }
      defer { closedir(folder) }
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        largest = max(largest, Int32(name) ?? 0)
      }
      return largest
    }
  }
#endif
