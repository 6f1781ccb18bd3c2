import ArgumentParser
import ChatModel

/// An address or host name to listen on, as the user writes it; an IPv6 address may be in brackets.
enum ListenHost {
  /// The reason why the text is not a host: the part of a sentence after the text.
  struct Problem: Error, Equatable {
    let reason: String
  }

  /// - Returns: the host in the form that the resolver accepts.
  static func resolve(_ text: String) throws(Problem) -> String {
    guard !text.isEmpty else { throw Problem(reason: "is empty") }
    guard text != "*" else {
      throw Problem(reason: "is no address; without a host the server listens on all of them, 0.0.0.0 and ::")
    }
    var text = Substring(text)
    if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    do {
      return try HostPort(host: String(text), port: HostPort.defaultPort).host
    } catch {}
    let hasPort = (try? HostPort(String(text))) != nil
    throw Problem(reason: hasPort ? "has a port in it, which is a setting of its own" : "is no host")
  }
}

/// Parses a host on the command line.
/// - Throws: `ValidationError` with the reason if the text is not a host.
@Sendable
func hostArgument(_ text: String) throws -> String {
  do {
    return try ListenHost.resolve(text)
  } catch {
    throw ValidationError("it \(error.reason).")
  }
}
