import ArgumentParser
import Benchmark
import CommandSupport
import Platform

@main
struct SwiftchatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swiftchat",
    abstract: "Chat in the terminal.",
    discussion: """
      Without a subcommand, the client connects to localhost:4000. If no server runs there, it offers to host the chat.

      Examples:
        swiftchat                          chat on this machine
        swiftchat connect 192.0.2.7:4000   join a server
        swiftchat connect work home        join several servers at once
        swiftchat send 'It is done'        send a message from a script
        swiftchat tail --follow --json     print messages for a script
        swiftchat serve                    run a server without a client
        swiftchat invite                   create an invitation
        swiftchat admin bans               list bans and mutes
        swiftchat log export               print all messages
        swiftchat config show              list the client's settings
        swiftchat bench fanout             measure this binary
      """,
    version: Version.current,
    subcommands: [
      Connect.self, Send.self, Tail.self, Who.self, ListRooms.self, Serve.self, Nodes.self, Invite.self, Admin.self,
      Log.self,
      IdentityCommand.self, Trust.self,
      Config.self, Doctor.self, Bench.self,
    ],
    defaultSubcommand: Connect.self
  )

  static func main() async {
    occupyStandardDescriptors()
    ignoreFileSizeSignal()
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      if let complaint = misspelling(in: arguments) { throw ValidationError(complaint) }
      var command = try parseAsRoot(arguments)
      do {
        if var command = command as? any AsyncParsableCommand {
          try await command.run()
        } else {
          try command.run()
        }
      } catch let error as ValidationError {
        // The parser does not know the subcommand any more, and would add the usage of the whole program.
        complain(error.description)
        leave(with: ExitCode.validationFailure.rawValue)
      }
    } catch {
      end(with: error)
    }
  }

  /// Detects a misspelled subcommand, which the default subcommand would take for a host.
  /// - Returns: an error message about the first argument; nil if it does not resemble a subcommand.
  static func misspelling(in arguments: [String]) -> String? {
    guard let word = arguments.first, !word.hasPrefix("-") else { return nil }
    let words = configuration.subcommands.map { $0._commandName } + ["help"]
    guard !words.contains(word), let meant = Spelling.closest(to: word.lowercased(), among: words) else { return nil }
    return "there is no subcommand '\(word)'; did you mean '\(meant)'? A host of this name: swiftchat connect \(word)"
  }

  /// Prints the error, or the output requested in place of a run, such as the help, and exits.
  private static func end(with error: any Error) -> Never {
    if let error = error as? ConfigurationError {
      complain(error.description)
      leave(with: ConfigurationError.exitCode)
    }
    let text = fullMessage(for: error)
    let code = exitCode(for: error)
    guard code == .success else {
      if !text.isEmpty { try? writeAll((text + "\n").utf8, to: STDERR_FILENO) }
      leave(with: code.rawValue)
    }
    ignoreBrokenPipes()
    do {
      if !text.isEmpty { try announce(text) }
    } catch {
      complain(error.description)
      leave(with: ExitCode.failure.rawValue)
    }
    leave(with: code.rawValue)
  }
}

// Inside the type, `exit` refers to ArgumentParser's method.
private func leave(with code: Int32) -> Never { exit(code) }
