import Foundation
import TestSupport
import Testing

/// The help as people read it, to the letter.
@Suite(.interacting) struct HelpTests {
  private static let root = #"""
    OVERVIEW: Chat in the terminal.

    Without a subcommand it connects to localhost:4000, and where nothing listens
    there it offers to host.

    Examples:
      swiftchat                          chat on this machine
      swiftchat connect 192.0.2.7:4000   join somebody's server
      swiftchat serve                    run a server alone
      swiftchat invite                   let somebody into it
      swiftchat admin bans               whom it keeps out
      swiftchat log export               what was said, line by line
      swiftchat bench fanout             measure this binary

    USAGE: swiftchat <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      connect (default)       Chat, in full screen.
      serve                   Run a chat server.
      invite                  Create an invitation to an invite-only server.
      admin                   Keep order on a server that runs on this machine.
      log                     Look after a server's messages.
      identity                Look after the key by which servers know you.
      trust                   Accept what a server is known by.
      bench                   Measure this binary on this machine.

      See 'swiftchat help <subcommand>' for detailed help.
    """#

  private static let connect = #"""
    OVERVIEW: Chat, in full screen.

    Without HOST it connects to this machine, and where nothing listens it offers
    to host the chat itself.

    F1 shows all keys and commands, Ctrl+Q quits.

    USAGE: swiftchat connect [<server>] [--name <name>]

    ARGUMENTS:
      <server>                HOST, HOST:PORT, [IPV6]:PORT or a link,
                              swiftchat://HOST:PORT/?pin=… (default:
                              localhost:4000, or the port of $SWIFTCHAT_PORT)

    OPTIONS:
      --name <name>           Your name in the chat. (default: the one given last,
                              or your login name)
      --version               Show the version.
      -h, --help              Show help information.
    """#

  private static let serve = #"""
    OVERVIEW: Run a chat server.

    Anybody can join with `swiftchat connect HOST:PORT`, or with netcat:

      $ nc localhost 4000
      LOGIN neha
      OK
      MSG hello

    What was said is kept, and there again after a restart. The server stops on
    Ctrl+C or SIGTERM, after saying good-bye to everybody. TLS and plain text share
    the port.

    USAGE: swiftchat serve <options>

    OPTIONS:
      --config <file>         Settings; flags and the environment win over them.
                              SIGHUP reads them again. (default:
                              $XDG_CONFIG_HOME/swiftchat/server.toml, which is
                              ~/.config/swiftchat/server.toml, where it is there)
      --check-config          Say whether a server with these settings would start,
                              and end.
      --sample-config         Print a settings file with all settings and their
                              defaults, and end.
      --host <host>           An address or name to listen on; may be given several
                              times. (default: all, IPv4 and IPv6)
      --port <port>           The port; 0 picks a free one. (default:
                              $SWIFTCHAT_PORT, or 4000)
      --data <directory>      Where the messages are kept. (default:
                              $XDG_STATE_HOME/swiftchat, which is
                              ~/.local/state/swiftchat; port-N in it for another
                              port than 4000)
      --keep <limit>          What is kept of each room and of each two people: 90d
                              (or h, w), a number of messages, or both: 90d,100000.
                              (default: all)
      --ephemeral/--no-ephemeral
                              Keep messages in memory alone, the last ones, until
                              the server ends. (default: --no-ephemeral)
      --idle-timeout <seconds>
                              Idle timeout; 0 disables it. (default: 60)
      --login-timeout <seconds>
                              Login timeout; 0 disables it. (default: 30)
      --max-clients <number>  How many connections there may be at once. (default:
                              what the limit on open files allows)
      --motd <file>           A text told after login, to clients that show it.
      --invite-only/--no-invite-only
                              Let in only who has a name of their own, or an
                              invitation. (default: --no-invite-only)
      --tls <mode>            Who must speak TLS: nobody (auto), everybody but the
                              host itself (required), or nobody can (off).
                              (default: auto) (values: auto, required, off)
      --cert <file>           A certificate in PEM, the server's own first; read
                              again on SIGHUP. (default: one that the server makes
                              for itself)
      --key <file>            The key to --cert, in PEM.
      --metrics <host:port>   Tell at /metrics and /healthz of this address how the
                              server is, over HTTP: 127.0.0.1:9400. (default:
                              nowhere)
      --log-level <log-level> What is worth a line. (default: info) (values: trace,
                              debug, info, notice, warning, error, critical)
      --log-format <log-format>
                              How the log reads, on standard error. (default: text)
                              (values: text, json)
      --version               Show the version.
      -h, --help              Show help information.
    """#

  @Test(arguments: [(["--help"], root), (["help", "connect"], connect), (["help", "serve"], serve)])
  func help(arguments: [String], text: String) async throws {
    try await Workspace.use { workspace in
      let child = try workspace.launch(try Binary.path(), arguments, environment: ["COLUMNS": "80"])
      child.closeInput()
      #expect(try await child.end(within: Patience.limit) == .exited(0))
      let output = String(decoding: child.output, as: UTF8.self)
      #expect(output.trimmingCharacters(in: .newlines) == text)
    }
  }
}
