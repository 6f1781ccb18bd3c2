import ChatModel
import ChatProtocol
import CommandSupport
import Platform

/// The state file of `tail`, and the output that it describes.
///
/// Each line is recorded before it is written, so that no line is printed twice. If the process is killed in between,
/// the next run checks whether the line is in the output file; a line to a pipe counts as printed.
final class TailState: ScriptOutput {
  /// When more bytes of records were appended, the file is rewritten.
  private static let maximumAppended = 1 << 20
  private static let maximumBytes = 8 << 20

  private(set) var contents: TailStateText
  private let path: String
  private var descriptor: Int32 = -1
  private let lock: FileLock
  private var appended = 0

  /// Opens the file, or creates it.
  /// - Parameter now: the time of the first run, if this is the first one.
  /// - Throws: `Failure` if the file cannot be used, is in use, or is of another server or name.
  init(_ path: String, server: Endpoint, name: Nickname, now: Timestamp) throws(Failure) {
    self.path = path
    do throws(FileLock.Problem) {
      lock = try FileLock(path + ".lock")
    } catch {
      switch error {
      case .held: throw Failure("\(path) is in use by another command; give each command a state file of its own")
      case .unusable(let reason): throw Failure("\(path).lock \(reason)")
      }
    }
    contents = TailStateText(server: server.description, name: name, created: now)
    if let text = try PrivateFile(path: path, maximumBytes: Self.maximumBytes).read()?.text {
      guard let stored = TailStateText(text) else {
        throw Failure("\(path) is no state file, or damaged; remove it to begin anew")
      }
      guard stored.server == server.description, stored.name == name else {
        throw Failure("\(path) is of \(stored.name) on \(stored.server); give another file")
      }
      contents = stored
      if let last = stored.last, OutputPlace.outcome(of: last.place) == .notWritten { contents.takeBack() }
    }
    try replace()
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  // MARK: Output

  func print(_ line: ScriptLine) throws -> Bool {
    let bytes = Array((line.text + "\n").utf8)
    guard let position = line.position else { return try write(bytes) }
    // Safe here, because all recorded lines have been written.
    if appended > Self.maximumAppended { try replace() }
    let place = OutputPlace.next(length: bytes.count)
    contents.note(position, at: place)
    try append(TailStateText.line(position, at: place))
    do {
      guard try write(bytes) else {
        try takeBack()
        return false
      }
    } catch {
      // In a file, the next run removes the written part of the line.
      if place == nil { try takeBack() }
      throw error
    }
    return true
  }

  private func write(_ bytes: [UInt8]) throws -> Bool {
    do {
      try writeAll(bytes, to: STDOUT_FILENO)
      return true
    } catch {
      if error.isBrokenPipe { return false }
      throw Failure("cannot write to standard output: \(error.reason)")
    }
  }

  private func takeBack() throws {
    contents.takeBack()
    try replace()
  }

  func reach(_ position: TailPosition) throws {
    contents.note(position)
    try append(TailStateText.line(position, at: nil))
  }

  func note(_ memory: ClientMemory) throws {
    guard let token = memory.token, token != contents.token else { return }
    contents.token = token
    try append(TailStateText.line(token: token))
  }

  func finish() throws { try replace() }

  // MARK: The file

  private func append(_ line: String) throws(Failure) {
    do { try writeAll(line.utf8, to: descriptor) } catch {
      throw Failure("\(path) cannot be written: \(error.reason); nothing more is printed")
    }
    appended += line.utf8.count
  }

  private func replace() throws(Failure) {
    try PrivateFile(path: path, maximumBytes: Self.maximumBytes).replace(contents.text)
    if descriptor >= 0 { close(descriptor) }
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw Failure("\(path) cannot be opened: \(Self.reason)") }
    appended = 0
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
