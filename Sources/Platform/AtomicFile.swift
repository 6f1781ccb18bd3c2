/// Writes a small file that only its owner can read. A reader, and a crash or power failure at any time, finds either the
/// old content or the new one, whole. All methods block.
package struct AtomicFile: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// - Returns: false if the file exists; it is then left unchanged.
  package func create(_ bytes: [UInt8]) throws(WriteError) -> Bool {
    let draft = "\(path).\(UInt64.random(in: .min ... .max)).new"
    try write(bytes, to: draft)
    defer { unlink(draft) }
    // Unlike a rename, a link never replaces an existing file.
    if link(draft, path) != 0 {
      let number = errno
      if number == EEXIST { return false }
      // Some file systems do not support links.
      guard Self.isUnsupported(number), access(path, F_OK) != 0, rename(draft, path) == 0 else {
        throw WriteError(number: number)
      }
    }
    synchronizeDirectory()
    return true
  }

  /// Replaces the file, or creates it.
  package func replace(_ bytes: [UInt8]) throws(WriteError) {
    // The name of a process that replaces the file often, so that a crash leaves at most one draft behind.
    let draft = "\(path).\(getpid()).new"
    unlink(draft)
    try write(bytes, to: draft)
    guard rename(draft, path) == 0 else {
      let number = errno
      unlink(draft)
      throw WriteError(number: number)
    }
    synchronizeDirectory()
  }

  private func write(_ bytes: [UInt8], to draft: String) throws(WriteError) {
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw WriteError(number: errno) }
    defer { close(descriptor) }
    do throws(WriteError) {
      try writeAll(bytes, to: descriptor)
      // Without fsync a power failure may leave a file without content under the new name.
      guard fsync(descriptor) == 0 else { throw WriteError(number: errno) }
    } catch {
      unlink(draft)
      throw error
    }
  }

  /// Makes the new name durable. Not all file systems support that, and the content is whole in any case.
  private func synchronizeDirectory() {
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func isUnsupported(_ number: Int32) -> Bool {
    number == EPERM || number == EOPNOTSUPP || number == ENOTSUP || number == ENOSYS || number == EMLINK
  }
}
