import ArgumentParser
import ChatServer
import CommandSupport

/// Command-line options for the server's encryption.
struct TLSOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Who must speak TLS: nobody (auto), everybody but the host itself (required), or nobody can (off). (default: auto)
      """, valueName: "mode"))
  var tls: TLSSettings.Mode?

  @Option(
    help: ArgumentHelp(
      """
      A certificate in PEM, the server's own first; read again on SIGHUP. (default: one that the server makes for \
      itself)
      """, valueName: "file"), transform: pathArgument)
  var cert: String?

  @Option(help: ArgumentHelp("The key to --cert, in PEM.", valueName: "file"), transform: pathArgument)
  var key: String?

  func validate() throws {
    guard (cert == nil) == (key == nil) else { throw ValidationError("--cert and --key belong together: name both.") }
    if tls == .off, cert != nil { throw ValidationError("--tls off shows no certificate: leave --cert and --key out.") }
  }
}

extension TLSSettings.Mode: ExpressibleByArgument {}
