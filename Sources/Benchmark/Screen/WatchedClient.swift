import ChatProtocol
import CommandSupport

/// `swiftchat connect` in a terminal of its own.
struct WatchedClient {
  /// The start time of the process.
  let start: MonotonicTime

  private let child: ChildProgram
  private let terminal: Pseudoterminal
  private var printed = PrintedText()
  /// All bytes that the client has sent to the terminal and that were read.
  private(set) var printedBytes = 0

  private static let patience = Duration.seconds(20)

  /// - Parameter home: the client's home folder.
  /// - Throws: `Failure`.
  init(name: String, port: Int, home: String) throws {
    let terminal = try Pseudoterminal(rows: 24, columns: 80)
    start = .now()
    do {
      child = try ChildProgram(
        ["connect", "localhost:\(port)", "--name", name], streams: .terminal(terminal.path), home: home)
    } catch {
      terminal.hangUp()
      throw error
    }
    self.terminal = terminal
  }

  var usage: ProcessUsage? { ProcessUsage.of(child.process) }

  func end() {
    child.end()
    terminal.hangUp()
  }

  func type(_ text: String) { terminal.type(text) }

  /// Reads and discards the available output.
  mutating func clear() {
    read(until: MonotonicTime(nanoseconds: 0))
    printed.forget()
  }

  /// Reads all output until a time; with a time in the past, only available output.
  mutating func read(until deadline: MonotonicTime) {
    while case .bytes(let bytes) = terminal.next(until: deadline) { note(bytes) }
  }

  private mutating func note(_ bytes: some Collection<UInt8>) {
    printedBytes += bytes.count
    printed.append(bytes)
  }

  /// Waits until a text has been printed since `clear`.
  /// - Returns: the time at which its last byte was read.
  /// - Throws: `Failure` if the client ends first, or after a timeout.
  mutating func wait(for text: String) throws -> MonotonicTime {
    let wanted = Array(text.utf8)
    return try wait(for: "'\(text)'") { $0.contains(wanted) }
  }

  /// Waits until anything has been printed since `clear`, or the time has passed.
  mutating func waitForAnything(until deadline: MonotonicTime) {
    if case .bytes(let bytes) = terminal.next(until: deadline) { note(bytes) }
  }

  private mutating func wait(for what: String, _ isThere: (PrintedText) -> Bool) throws -> MonotonicTime {
    let deadline = MonotonicTime.now() + Self.patience
    while true {
      switch terminal.next(until: deadline) {
      case .bytes(let bytes):
        let now = MonotonicTime.now()
        note(bytes)
        if isThere(printed) { return now }
      case .late: throw Failure("the client did not show \(what) in time")
      case .ended: throw Failure("the client ended and did not show \(what): \(lastWords)")
      }
    }
  }

  private var lastWords: String { DisplayText.sanitize(String(decoding: printed.bytes.suffix(200), as: UTF8.self)) }
}
