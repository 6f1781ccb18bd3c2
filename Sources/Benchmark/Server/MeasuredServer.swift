import ChatModel
import ChatProtocol
import CommandSupport
import NIOCore
import NIOSSL
import Platform

/// The measured server, or the servers of one store.
struct MeasuredServer {
  /// At least one; clients are spread over them.
  let places: [HostPort]
  /// The resolved addresses, in the order of the servers.
  let addresses: [SocketAddress]
  let isEncrypted: Bool
  /// How long a client waits for an answer.
  let patience: TimeAmount
  /// Whether a server that was started for the measurement stores messages on the disk.
  let isOnDisk: Bool
  /// Whether the server was started for the measurement.
  let isOwn: Bool
  /// Those that are known.
  private let processes: [pid_t]

  private static let announcement = "[+] Chat server listening on "
  private static let usualPatience = TimeAmount.seconds(60)
  /// The time for the start of a server.
  private static let startPatience = Duration.seconds(30)

  /// Uses the running server that the option names, or starts one.
  /// - Parameter storesOnDisk: the server that is started stores messages on the disk, also without `--disk`.
  /// - Throws: `Failure`.
  init(_ option: ServerOption? = nil, storesOnDisk: Bool = false) throws {
    isEncrypted = option?.tls ?? false
    patience = option?.patience.map { TimeAmount.nanoseconds(Int64($0 * 1e9)) } ?? Self.usualPatience
    isOwn = option?.target == nil
    isOnDisk = isOwn && (storesOnDisk || option?.disk ?? false)
    if let option, let target = option.target {
      if let process = option.pid, ProcessUsage.of(process) == nil {
        throw Failure("--pid \(process): no such process, or another user's")
      }
      places = [target.place]
      processes = option.pid.map { [$0] } ?? []
    } else {
      let started = try Self.start(isOnDisk ? .disk : .memory)
      (places, processes) = ([started.place], [started.process])
    }
    addresses = try places.map(ServerAddress.find)
  }

  /// Starts servers on one store.
  /// - Parameter store: the URL of a database.
  /// - Throws: `Failure`.
  init(_ count: Int, onStore store: String) throws {
    isEncrypted = false
    patience = Self.usualPatience
    isOnDisk = false
    isOwn = true
    let started = try (0..<count).map { _ in try Self.start(.store(store)) }
    (places, processes) = (started.map(\.place), started.map(\.process))
    addresses = try places.map(ServerAddress.find)
  }

  /// The first or only one.
  var port: Int { places.first?.port ?? HostPort.defaultPort }

  /// Of all servers; nil if a process is unknown or not accessible.
  var usage: ProcessUsage? {
    let usages = processes.compactMap(ProcessUsage.of)
    guard !usages.isEmpty, usages.count == places.count else { return nil }
    return ProcessUsage(
      cpuSeconds: usages.reduce(0) { $0 + $1.cpuSeconds }, residentBytes: usages.reduce(0) { $0 + $1.residentBytes })
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

  private enum Storage {
    case memory
    case disk
    case store(String)
  }

  private static func start(_ storage: Storage) throws -> (process: pid_t, place: HostPort) {
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
      var arguments = ["serve", "--port", "0", "--log-level", "error", "--idle-timeout", "0", "--login-timeout", "0"]
      let home = try Leftovers.makeFolder()
      var environment: [String: String] = [:]
      switch storage {
      case .memory: break
      case .disk: arguments += ["--data", "\(home)/data"]
      case .store(let url):
        arguments += ["--data", "\(home)/data"]
        // Others on this machine can read the arguments, and the URL may have a password.
        environment["SWIFTCHAT_STORE"] = "\(url)"
      }
      child = try ChildProgram(
        arguments + ["--until-input-ends"], streams: .pipes(input: leash, output: writing), home: home,
        environment: environment)
    }
    do {
      return (child.process, try HostPort(host: "127.0.0.1", port: announcedPort(on: reading)))
    } catch let error as EndpointError { throw Failure("\(error)") }
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
    let deadline = MonotonicTime.now() + startPatience
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
