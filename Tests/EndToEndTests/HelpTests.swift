import Foundation
import TestSupport
import Testing

/// The exact text of the help.
@Suite(.interacting) struct HelpTests {
  private static let root = #"""
    OVERVIEW: Chat in the terminal.

    Without a subcommand, the client connects to localhost:4000. If no server runs
    there, it offers to host the chat.

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

    USAGE: swiftchat <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      connect (default)       Start the chat client.
      send                    Send a message, for scripts.
      tail                    Print messages, for scripts.
      who                     List the people on a server, for scripts.
      rooms                   List the rooms of a server, for scripts.
      serve                   Run a chat server.
      nodes                   List the servers that share a PostgreSQL database.
      invite                  Create an invitation to an invite-only server.
      admin                   Moderate a server that runs on this machine.
      log                     Verify, export, prune, back up and import a server's
                              messages.
      identity                Show, copy and import the key that owns your names.
      trust                   Accept the pin of a server.
      config                  Check and show the client's settings.
      doctor                  Check the terminal, and say how to fix it.
      bench                   Measure this binary on this machine.

      See 'swiftchat help <subcommand>' for detailed help.
    """#

  private static let connect = #"""
    OVERVIEW: Start the chat client.

    Without SERVER, the client connects to this machine. If no server runs there,
    it offers to host the chat. With several servers, at most 8, the tabs of each
    follow its name.

    F1 shows all keys and commands, Ctrl+Q quits.

    With --plain, the client prints and reads lines: for screen readers, simple
    terminals and pipes. This is the default with TERM=dumb, and if only standard
    output is redirected. /help lists the commands; Ctrl+D or the end of the input
    ends the client once the server has confirmed all lines. If no user types the
    lines, the exit code is the one of 'swiftchat send'.

    Examples:
      swiftchat connect --plain chat.example.org
      echo 'It is done' | swiftchat connect --plain chat.example.org

    USAGE: swiftchat connect [<server> ...] [--name <name>] [--plain] [--record <file>] [--replay <file>] [--blank] [--config <file>]

    ARGUMENTS:
      <server>                A name from the settings, HOST, HOST:PORT,
                              [IPV6]:PORT, the hosts of one chat as HOST,HOST, or a
                              link, swiftchat://HOST:PORT/?pin=… (default:
                              `connect` or `server` in the settings; or
                              localhost:4000, or the port of $SWIFTCHAT_PORT)

    OPTIONS:
      --name <name>           Your name in the chat. (default: the last name used,
                              or your login name)
      --plain                 Print and read lines, instead of drawing a screen.
      --record <file>         Record what the client shows in a new file, for a
                              report.
      --replay <file>         Show a recording: space goes on, ← goes back, End to
                              the last screen, q leaves. Prints the last screen if
                              there is no terminal. With --record, copies it.
      --blank                 Replace letters and digits of texts and names in the
                              recording.
      --config <file>         The client's settings file. (default:
                              $XDG_CONFIG_HOME/swiftchat/client.toml, which is
                              ~/.config/swiftchat/client.toml, if it exists)
      --version               Show the version.
      -h, --help              Show help information.
    """#

  private static let serve = #"""
    OVERVIEW: Run a chat server.

    Join with `swiftchat connect HOST:PORT`, or with netcat:

      $ nc localhost 4000
      LOGIN neha
      OK
      MSG hello

    Messages are stored and survive a restart. Ctrl+C or SIGTERM stops the server,
    which first tells all clients. TLS and plain text share the port.

    USAGE: swiftchat serve <options>

    OPTIONS:
      --config <file>         The settings file. Flags and environment variables
                              override it; SIGHUP reads it again. (default:
                              $XDG_CONFIG_HOME/swiftchat/server.toml, which is
                              ~/.config/swiftchat/server.toml, if it exists)
      --check-config          Check whether a server with these settings would
                              start, and exit.
      --sample-config         Print a settings file with all settings and their
                              defaults, and exit.
      --host <host>           An address or name to listen on; may be given several
                              times. (default: all, IPv4 and IPv6)
      --port <port>           The port; 0 picks a free one. (default:
                              $SWIFTCHAT_PORT, or 4000)
      --public-host <host>    A name or address at which clients reach this server,
                              or another server of the same --store, for links and
                              invitations; may be given several times. (default:
                              the address of this host)
      --data <directory>      Directory for messages, accounts and the server's
                              key. (default: $XDG_STATE_HOME/swiftchat, which is
                              ~/.local/state/swiftchat; its subdirectory port-N for
                              a port other than 4000)
      --store <url>           Store messages and accounts in this PostgreSQL
                              database, such as postgresql://user@host/database.
                              Keep the password in ~/.pgpass, because others on
                              this host can read it here. (default: files in --data)
      --keep <limit>          How much to keep of each conversation: an age (90d;
                              h, d or w), a number of messages, or both
                              (90d,100000). (default: all)
      --ephemeral/--no-ephemeral
                              Keep only the latest messages, in memory. (default:
                              --no-ephemeral)
      --idle-timeout <seconds>
                              Idle timeout; 0 disables it. (default: 60)
      --login-timeout <seconds>
                              Login timeout; 0 disables it. (default: 30)
      --max-clients <number>  Maximum number of connections. (default: nine tenths
                              of the limit on open files)
      --motd <file>           A file with a text that is sent after login.
      --invite-only/--no-invite-only
                              Admit only people who own a name or have an
                              invitation. (default: --no-invite-only)
      --tls <mode>            TLS is optional (auto), required except for clients
                              on the host (required), or not available (off).
                              (default: auto) (values: auto, required, off)
      --cert <file>           The certificate chain in PEM, the server's own
                              certificate first; SIGHUP reads it again. (default: a
                              certificate that the server creates)
      --key <file>            The private key of --cert, in PEM.
      --store-key <file>      A file with 32 random bytes, the same on all servers
                              of one --store: they share the server's key,
                              encrypted with it in the database. (default: each
                              server has a key of its own)
      --metrics <host:port>   Serve /metrics and /healthz at this address over
                              HTTP, such as 127.0.0.1:9400. (default: not served)
      --log-level <log-level> Lowest level that is logged. (default: info) (values:
                              trace, debug, info, notice, warning, error, critical)
      --log-format <log-format>
                              Format of the log on standard error. (default: text)
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
