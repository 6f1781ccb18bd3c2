import Platform

/// The write position of standard output in a regular file. A later run uses it to check whether a line was written.
enum OutputPlace {
  enum Outcome { case written, notWritten }

  /// - Parameter length: of the line that is about to be written, in bytes.
  /// - Returns: nil if standard output is no regular file.
  static func next(length: Int, in descriptor: Int32 = STDOUT_FILENO) -> TailStateText.Place? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let isAppending = fcntl(descriptor, F_GETFL) & O_APPEND != 0
    let offset = isAppending ? Int(status.st_size) : Int(lseek(descriptor, 0, SEEK_CUR))
    guard offset >= 0 else { return nil }
    return TailStateText.Place(
      device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(status.st_ino), offset: offset, length: length)
  }

  /// Checks whether the line of an earlier process was written, and removes a line that was written in part. A line in
  /// another file, or in no file, counts as written.
  static func outcome(of place: TailStateText.Place?, in descriptor: Int32 = STDOUT_FILENO) -> Outcome {
    guard let place, let now = next(length: 0, in: descriptor), now.device == place.device, now.inode == place.inode
    else { return .written }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .written }
    let (size, end) = (Int(status.st_size), place.offset.addingReportingOverflow(place.length))
    guard !end.overflow, size >= place.offset, size < end.partialValue else { return .written }
    return size == place.offset || ftruncate(descriptor, off_t(place.offset)) == 0 ? .notWritten : .written
  }
}
