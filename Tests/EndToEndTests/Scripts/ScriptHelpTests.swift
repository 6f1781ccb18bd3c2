import Foundation
import TestSupport
import Testing

/// The exact text of the help of the commands for scripts.
@Suite(.interacting) struct ScriptHelpTests {
  private static let send = #"""
    OVERVIEW: Send a message, for scripts.

    Sends TEXT, or standard input, and exits with 0 when the server has stored it.
    Otherwise it prints one line that says what happened, and exits with

      65  the text is empty, not UTF-8, or has a line that is too long
      66  standard input cannot be read
      67  nobody of this name is there
      69  no connection
      74  unknown whether it is stored; plain servers never tell
      75  not stored; try again later
      76  the server is not the known one: see 'swiftchat trust'
      77  the server refused the name, the room or the message
      1, 64, 78  wrong file, arguments or variables

    A text of several lines is one message if it has at most 50 lines and fits into
    one. Otherwise, and on servers that take only single lines, each line that is
    not blank is a message of its own: a line is sent when the one before it is
    stored, and all are checked before the first one is sent.

    If the connection breaks, the command connects again until --timeout, and never
    stores a message twice. With --key this is also true for a repeated command:
    what was stored under the same key is not stored again. A server without these
    features, which is no swiftchat server, cannot confirm anything: the exit code
    is 74 at best, and --key is refused.

    Examples:
      swiftchat send 'The backup is done.'
      make 2>&1 | tail -n 3 | swiftchat send --server chat.example.org -t '#builds'
      swiftchat send --name ci --key "build-$ID" -t neha "Build $ID failed"

    USAGE: swiftchat send [--target <neha|#room>] [--key <key>] [--config <file>] [--server <server>] [--name <name>] [--timeout <span>] [<text> ...]

    ARGUMENTS:
      <text>                  The text; several words are joined by spaces.
                              (default: standard input)

    OPTIONS:
      -t, --target <neha|#room>
                              A room, or a person. (default: #lobby)
      --key <key>             Makes it safe to repeat the command: 1 to 50 visible
                              ASCII characters, new for each text.
      --config <file>         The client's settings file. (default:
                              $XDG_CONFIG_HOME/swiftchat/client.toml, which is
                              ~/.config/swiftchat/client.toml, if it exists)
      --server <server>       A name from the settings, HOST, HOST:PORT,
                              [IPV6]:PORT, the hosts of one chat as HOST,HOST, or a
                              link, swiftchat://HOST:PORT/?pin=… (default: `server`
                              in the settings; or localhost:4000, or the port of
                              $SWIFTCHAT_PORT)
      --name <name>           The name to log in with. (default: `name` in the
                              settings, the name that the client used last, or your
                              login name)
      --timeout <span>        Time limit for a connection and for each answer, with
                              repeated attempts: 30s, 5m. (default: 30s)
      --version               Show the version.
      -h, --help              Show help information.
    """#

  private static let tail = #"""
    OVERVIEW: Print messages, for scripts.

    Prints the last messages, one line each, in the order in which the server
    stored them, without control characters. With --follow it goes on with each new
    message, also after lost connections.

    With --state FILE each run begins where the last one ended, however it ended.
    No line is printed twice and none is left out, if standard output is a file
    that nothing else writes to. Into a pipe, a line that is being written when the
    command is killed counts as printed.

    --json prints an object per message: "time", "server", "target", "author",
    "own", "kind" (text, topic, removed), "text", and the numbers "seq" in the
    conversation and "id" on the server.

    The exit codes are those of 'swiftchat send'.

    Examples:
      swiftchat tail -n 20
      swiftchat tail -t '#builds' -t neha --since 1h --json
      swiftchat tail --follow --state lobby.state >> lobby.log

    USAGE: swiftchat tail [--target <neha|#room> ...] [--direct] [--lines <lines>] [--since <time>] [--follow] [--state <file>] [--json] [--config <file>] [--server <server>] [--name <name>] [--timeout <span>]

    OPTIONS:
      -t, --target <neha|#room>
                              A room, or a person; may be given several times.
                              (default: #lobby)
      --direct                Print all direct messages, too; with --follow.
      -n, --lines <lines>     Begin with this many messages of each conversation.
                              (default: 10)
      --since <time>          Begin with the messages since this time: 30m, 1h, 2d,
                              2026-11-22 (UTC) or 2026-11-22T10:00:00Z.
      -f, --follow            Go on with new messages.
      --state <file>          Where it is stored what was printed; of one server
                              and one name. -n and --since apply to the first run.
      --json                  Print an object in JSON per message.
      --config <file>         The client's settings file. (default:
                              $XDG_CONFIG_HOME/swiftchat/client.toml, which is
                              ~/.config/swiftchat/client.toml, if it exists)
      --server <server>       A name from the settings, HOST, HOST:PORT,
                              [IPV6]:PORT, the hosts of one chat as HOST,HOST, or a
                              link, swiftchat://HOST:PORT/?pin=… (default: `server`
                              in the settings; or localhost:4000, or the port of
                              $SWIFTCHAT_PORT)
      --name <name>           The name to log in with. (default: `name` in the
                              settings, the name that the client used last, or your
                              login name)
      --timeout <span>        Time limit for a connection and for each answer, with
                              repeated attempts: 30s, 5m. (default: 30s)
      --version               Show the version.
      -h, --help              Show help information.
    """#

  private static let who = #"""
    OVERVIEW: List the people on a server, for scripts.

    Prints a line for each person, including yourself: the name, "here" or "away",
    and the away message, with tabs between them. --json prints objects with
    "name", "guest", "away" if the person is away, and "server".

    The exit codes are those of 'swiftchat send'.

    USAGE: swiftchat who [--target <#room>] [--json] [--config <file>] [--server <server>] [--name <name>] [--timeout <span>]

    OPTIONS:
      -t, --target <#room>    Only the people in this room, which is joined for the
                              moment.
      --json                  Print an object in JSON per person.
      --config <file>         The client's settings file. (default:
                              $XDG_CONFIG_HOME/swiftchat/client.toml, which is
                              ~/.config/swiftchat/client.toml, if it exists)
      --server <server>       A name from the settings, HOST, HOST:PORT,
                              [IPV6]:PORT, the hosts of one chat as HOST,HOST, or a
                              link, swiftchat://HOST:PORT/?pin=… (default: `server`
                              in the settings; or localhost:4000, or the port of
                              $SWIFTCHAT_PORT)
      --name <name>           The name to log in with. (default: `name` in the
                              settings, the name that the client used last, or your
                              login name)
      --timeout <span>        Time limit for a connection and for each answer, with
                              repeated attempts: 30s, 5m. (default: 30s)
      --version               Show the version.
      -h, --help              Show help information.
    """#

  private static let rooms = #"""
    OVERVIEW: List the rooms of a server, for scripts.

    Prints a line for each room: name, number of people, topic, with tabs between
    them. --json prints objects with "name", "people", "topic" and "server".
    Private rooms are listed for those who may enter.

    The exit codes are those of 'swiftchat send'.

    USAGE: swiftchat rooms [--json] [--config <file>] [--server <server>] [--name <name>] [--timeout <span>]

    OPTIONS:
      --json                  Print an object in JSON per room.
      --config <file>         The client's settings file. (default:
                              $XDG_CONFIG_HOME/swiftchat/client.toml, which is
                              ~/.config/swiftchat/client.toml, if it exists)
      --server <server>       A name from the settings, HOST, HOST:PORT,
                              [IPV6]:PORT, the hosts of one chat as HOST,HOST, or a
                              link, swiftchat://HOST:PORT/?pin=… (default: `server`
                              in the settings; or localhost:4000, or the port of
                              $SWIFTCHAT_PORT)
      --name <name>           The name to log in with. (default: `name` in the
                              settings, the name that the client used last, or your
                              login name)
      --timeout <span>        Time limit for a connection and for each answer, with
                              repeated attempts: 30s, 5m. (default: 30s)
      --version               Show the version.
      -h, --help              Show help information.
    """#

  private static let doctor = #"""
    OVERVIEW: Check the terminal, and say how to fix it.

    Checks the locale, TERM, colours, tmux, focus reports, bracketed paste, the
    clipboard, the Alt key and the widths of characters. Each line begins with
    "ok", with "fix" and what to do, or with "?" if it cannot be found out. The
    exit code is 1 if there is something to fix.

    Without a terminal, it checks what it can.

    USAGE: swiftchat doctor [--no-keys]

    OPTIONS:
      --no-keys               Do not ask for a press of Alt+A.
      --version               Show the version.
      -h, --help              Show help information.
    """#

  @Test(arguments: [("send", send), ("tail", tail), ("who", who), ("rooms", rooms), ("doctor", doctor)])
  func help(command: String, text: String) async throws {
    try await Workspace.use { workspace in
      let child = try workspace.launch(try Binary.path(), ["help", command], environment: ["COLUMNS": "80"])
      let outcome = try await Outcome(of: child)
      #expect(outcome.status == .exited(0))
      #expect(outcome.output.trimmingCharacters(in: .newlines) == text)
    }
  }
}
