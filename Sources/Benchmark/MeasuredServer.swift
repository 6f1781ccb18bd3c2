import ArgumentParser
import ChatModel
import ChatProtocol
import CommandSupport
import NIOCore
import NIOSSL
import Platform

/// The server to measure.
struct ServerOption: ParsableArguments {
  @Option(help: "A running server of the plain protocol, instead of one of its own; here if there is only a port.")
  var target: Target?

  @Option(help: "The process of that server; without it neither its CPU nor its memory is measured.")
  var pid: Int32?

  @Flag(help: "Over TLS.")
  var tls = false

  @Flag(help: "Its own server stores all messages on the disk, in the folder for temporary files, TMPDIR or /tmp.")
  var disk = false

  func validate() throws {
    if let pid, pid < 1 { throw ValidationError("--pid is \(pid), which is no process.") }
    if pid != nil, target == nil { throw ValidationError("--pid says nothing without --target.") }
    if disk, target != nil { throw ValidationError("--disk is for a server of its own, without --target.") }
  }

  /// `HOST:PORT`, or `PORT`.
  struct Target: ExpressibleByArgument {
    let place: HostPort

    init?(argument: String) {
      let isPort = argument.allSatisfy(\.isNumber)
      guard let place = try? HostPort(isPort ? "127.0.0.1:\(argument)" : argument) else { return nil }
      self.place = place
    }

    static var defaultCompletionKind: CompletionKind { .custom { _, _, _ in [] } }
  }
}

/// The measured server.
struct MeasuredServer {
  let host: String
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
    if let option, let target = option.target {
      (host, port) = (target.place.host, target.place.port)
      process = option.pid
      child = nil
    } else {
      let (child, port) = try Self.start(onDisk: option?.disk == true)
      self.child = child
      (host, self.port) = ("127.0.0.1", port)
      process = child.process
    }
  }

  /// Nil if the server's process is unknown or not accessible.
  var usage: ProcessUsage? { process.flatMap(ProcessUsage.of) }

  var address: SocketAddress {
    get throws {
      do { return try SocketAddress.makeAddressResolvingHost(host, port: port) } catch {
        throw Failure("cannot find the host \(host)")
      }
    }
  }

  /// For its clients; nil without `--tls`. The certificate is not verified: the server is the intended one.
  var encryption: NIOSSLContext? {
    get throws {
      guard isEncrypted else { return nil }
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.certificateVerification = .none
      return try NIOSSLContext(configuration: configuration)
    }
  }

  /// Whether the server was started for the measurement.
  var isOwn: Bool { child != nil }

  /// Ends the server if it was started for the measurement.
  func end() { child?.end() }

  private static func start(onDisk: Bool) throws -> (ChildProgram, port: Int) {
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
      let home = try Leftovers.makeFolder()
      child = try ChildProgram(
        arguments + (onDisk ? ["--data", "\(home)/data"] : []) + ["--until-input-ends"],
        streams: .pipes(input: leash, output: writing), home: home)
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
