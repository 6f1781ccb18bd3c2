import ArgumentParser
import ChatServer
import CommandSupport

/// Command-line options for the server's encryption.
struct TLSOptions: ParsableArguments {
  @Option(help: ServerSetting.tlsMode.help)
  var tls: TLSSettings.Mode?

  @Option(help: ServerSetting.tlsCertificate.help, transform: pathArgument)
  var cert: String?

  @Option(help: ServerSetting.tlsKey.help, transform: pathArgument)
  var key: String?

  @Option(help: ServerSetting.storeKey.help, transform: pathArgument)
  var storeKey: String?

  func validate() throws {
    guard (cert == nil) == (key == nil) else { throw ValidationError("--cert and --key belong together: name both.") }
    if tls == .off, cert != nil { throw ValidationError("--tls off shows no certificate: leave --cert and --key out.") }
  }
}

extension TLSSettings.Mode: ExpressibleByArgument {}
