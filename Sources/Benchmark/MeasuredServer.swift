import ArgumentParser
import ChatProtocol
import CommandSupport
import Platform

/// `--port` and `--pid`
struct ServerOption: ParsableArguments {
  @Option(help: "A server that runs on this machine, instead of one of its own.")
  var port: Int?

  @Option(help: "The process of that server; without it neither its CPU nor its memory is measured.")
  var pid: Int32?

  @Flag(help: "Over TLS.")
  var tls = false

  func validate() throws {
    if let port, !(1...65535).contains(port) {
      throw ValidationError("--port is \(port); the port of a server is a number from 1 to 65535.")
    }
    if let pid, pid < 1 { throw ValidationError("--pid is \(pid), which is no process.") }
    if pid != nil, port == nil { throw ValidationError("--pid says nothing without --port.") }
  }
}

/// The measured server.
struct MeasuredServer {
  let port: Int
  let isEncrypted: Bool
  /// Nil if `--pid` is not given.
  private let process: pid_t?
  private let child: ChildProgram?

  private static let announcement = "[+] Chat server listening on "
  private static let patience = Duration.seconds(30)

  /// Uses the running server that the option names, or starts one.
  /// - Throws: `Failure`.
  init(_ option: ServerOption? = nil) throws {
    isEncrypted = option?.tls ?? false
    if let option, let port = option.port {
      self.port = port
      process = option.pid
      child = nil
    } else {
      let (child, port) = try Self.start()
      self.child = child
      self.port = port
      process = child.process
    }
  }

  /// Nil if the server's process is unknown or not accessible.
  var usage: ProcessUsage? { process.flatMap(ProcessUsage.of) }

  /// Whether the server was started for the measurement.
  var isOwn: Bool { child != nil }

  /// Ends the server if it was started for the measurement.
  func end() { child?.end() }

  private static func start() throws -> (ChildProgram, port: Int) {
    let (reading, writing) = try makePipe()
    // The other end is closed when this process ends for any reason, and the server ends, too.
    let (leash, _) = try makePipe()
    defer { close(reading) }
    let child: ChildProgram
    do {
      defer {
        close(writing)
        close(leash)
      }
      // No client may time out while others log in.
      let arguments = ["serve", "--port", "0", "--log-level", "error", "--idle-timeout", "0", "--login-timeout", "0"]
      child = try ChildProgram(
        arguments + ["--until-input-ends"], streams: .pipes(input: leash, output: writing),
        home: try Leftovers.makeFolder())
    }
    return (child, try announcedPort(on: reading))
  }

  /// Neither end is inherited by child processes.
  private static func makePipe() throws -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure("cannot make a pipe: \(String(cString: strerror(errno)))") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func announcedPort(on descriptor: Int32) throws -> Int {
    let reader = DescriptorReader(descriptor)
    let deadline = MonotonicTime.now() + patience
    var said: [UInt8] = []
    while case .bytes(let bytes) = reader.next(until: deadline) {
      said += bytes
      for line in said.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
        let text = String(decoding: line, as: UTF8.self)
        guard text.hasPrefix(announcement), let digits = text.split(separator: ":").last, let port = Int(digits) else {
          continue
        }
        return port
      }
    }
    throw Failure("the measured server did not start")
  }
}
