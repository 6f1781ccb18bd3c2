import ArgumentParser
import ChatModel

/// The server to measure.
struct ServerOption: ParsableArguments {
  @Option(
    help: """
      A running server of the plain protocol, instead of one of its own; on this host if there is only a port. Messages stay \
      there, and everybody who is logged in reads them. From another host, its limits for one address apply.
      """)
  var target: Target?

  @Option(help: "The process of that server; without it neither its CPU nor its memory is measured.")
  var pid: Int32?

  @Flag(help: "Over TLS.")
  var tls = false

  @Flag(help: "Its own server stores all messages on the disk, in the folder for temporary files, TMPDIR or /tmp.")
  var disk = false

  /// How long to wait for an answer, in seconds; for tests.
  @Option(help: .hidden)
  var patience: Double?

  func validate() throws {
    if let pid, pid < 1 { throw ValidationError("--pid is \(pid), which is no process.") }
    if pid != nil, target == nil { throw ValidationError("--pid says nothing without --target.") }
    if disk, target != nil { throw ValidationError("--disk is for a server of its own, without --target.") }
    if let patience, !(0.01...3600).contains(patience) {
      throw ValidationError("--patience must be between 0.01 and 3600.")
    }
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
