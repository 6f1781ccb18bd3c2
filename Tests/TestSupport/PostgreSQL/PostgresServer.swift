import Foundation
import Platform
import Synchronization

/// A PostgreSQL server for tests, in a temporary directory, on a Unix socket only, with all of its promises kept (fsync
/// is on). A small program watches over it: it ends the server and removes the directory when this object or the test
/// process is gone, however that ended.
public final class PostgresServer: Sendable {
  /// The server that the tests of one process share, started at first use.
  public static let shared = Result { try PostgresServer() }

  /// Holds the socket.
  public let directory: String
  private let programs: String
  private let watcher: Mutex<Watcher>
  private let free = Mutex<[String]>([])
  private let count = Mutex(0)

  /// The watching program, and the pipes to it.
  private struct Watcher: Sendable {
    let process: pid_t
    /// Nil when the program was told to end.
    var commands: Descriptor?
    let answers: Descriptor
    /// Output that does not end with a line feed yet.
    var rest: [UInt8] = []
  }

  /// - Throws: `PostgresFailure`, for instance if PostgreSQL is not installed.
  public init() throws {
    programs = try PostgresPrograms.directory()
    // The name of a socket has at most about a hundred bytes.
    directory = "/tmp/swiftchat-pg-\(UInt64.random(in: .min ... .max))"
    let ((input, commands), (answers, output)) = (try Descriptor.pipe(), try Descriptor.pipe())
    let process = try Spawn.start(
      "/bin/sh", arguments: ["-c", Self.program, "sh", directory, programs],
      environment: ProcessInfo.processInfo.environment, folder: "/",
      streams: [input, output, try Descriptor.open("/dev/null", O_WRONLY)])
    watcher = Mutex(Watcher(process: process, commands: commands, answers: answers))
    try command("start")
  }

  /// Ends the server with SIGKILL, and all of its processes.
  public func kill() throws { try command("kill") }

  /// Starts the server again after `kill`.
  public func start() throws { try command("start") }

  /// Stops the server's processes where they are, as a stalled machine does, or lets them go on.
  public func pause() throws { try command("pause") }
  public func resume() throws { try command("resume") }

  private func command(_ word: String) throws {
    try watcher.withLock { watcher in
      try watcher.commands?.write(Array("\(word)\n".utf8))
      var line = ""
      while true {
        if let end = watcher.rest.firstIndex(of: UInt8(ascii: "\n")) {
          line = String(decoding: watcher.rest[..<end], as: UTF8.self)
          watcher.rest.removeFirst(end + 1)
          break
        }
        guard let more = watcher.answers.read() else {
          throw PostgresFailure(description: "the program that watches PostgreSQL has ended")
        }
        watcher.rest += more
      }
      guard line == "done" else { throw PostgresFailure(description: "PostgreSQL: \(line)") }
    }
  }

  /// The program that starts, watches and removes the server. It reads commands; when its input ends, so does all.
  ///
  /// PostgreSQL refuses to run as root. After SIGKILL, a process of the server that is left behind would keep it from
  /// starting again.
  private static let program = #"""
    trap '' HUP INT TERM
    root=$1 programs=$2 as= main=
    processes() {
      for process in /proc/[0-9]*; do
        [ "$(readlink "$process/cwd" 2>/dev/null)" != "$root/data" ] || echo "${process#/proc/}"
      done
    }
    signal() {
      for process in $main $(processes); do kill "-$1" "$process" 2>/dev/null; done
    }
    # The processes that are left notice the end of the main one by and by.
    end() {
      signal KILL
      wait
      main=
      while [ -n "$(processes)" ]; do signal KILL; done
      # After SIGKILL, the server's segment of shared memory remains: its id is the second number of the seventh line.
      segment=$(sed -n '7s/.* //p' "$root/data/postmaster.pid" 2>/dev/null)
      [ -z "$segment" ] || ipcrm -m "$segment" 2>/dev/null
    }
    start() {
      $as "$programs/postgres" -D "$root/data" >>"$root/log" 2>&1 </dev/null &
      main=$!
      until "$programs/pg_isready" -q -h "$root" -U swiftchat -d postgres -t 1; do
        kill -0 $main 2>/dev/null || { tail -n 1 "$root/log"; return 1; }
        sleep 0.05
      done
    }
    create() {
      mkdir -m 700 "$root" || return 1
      if [ "$(id -u)" = 0 ]; then
        as='setpriv --reuid=65534 --regid=65534 --clear-groups --'
        chown 65534:65534 "$root" && chmod 711 "$root"
      fi
      cd "$root"
      $as "$programs/initdb" -D "$root/data" -U swiftchat -A trust -E UTF8 --locale=C -N >"$root/log" 2>&1 ||
        { tail -n 1 "$root/log"; return 1; }
      printf '%s\n' 'local all guarded scram-sha-256' 'local all all trust' >"$root/data/pg_hba.conf"
      cat >>"$root/data/postgresql.conf" <<END
    listen_addresses = ''
    unix_socket_directories = '$root'
    shared_buffers = 32MB
    max_connections = 300
    dynamic_shared_memory_type = mmap
    END
    }
    while read -r word; do
      case $word in
        start) [ -d "$root" ] || create || { echo 'cannot be set up'; continue; }; start && echo done ;;
        kill) end; echo done ;;
        pause) signal STOP; echo done ;;
        resume) signal CONT; echo done ;;
      esac
    done
    end
    cd /
    rm -rf "$root"
    """#

  deinit {
    watcher.withLock { watcher in
      watcher.commands = nil
      Spawn.waitForEnd(of: watcher.process)
      Spawn.status(of: watcher.process)
    }
  }

  // MARK: Databases

  /// A database without tables, that no other test uses meanwhile.
  public func database() throws -> PostgresDatabase {
    if let name = free.withLock({ $0.popLast() }) {
      try run("DROP SCHEMA IF EXISTS swiftchat CASCADE", in: name)
      return PostgresDatabase(name: name, server: self)
    }
    let number = count.withLock { count in
      count += 1
      return count
    }
    try run("CREATE DATABASE d\(number) TEMPLATE template0", in: "postgres")
    return PostgresDatabase(name: "d\(number)", server: self)
  }

  func giveBack(_ name: String) { free.withLock { $0.append(name) } }

  /// Runs SQL with psql.
  /// - Returns: the rows, each a line with columns separated by `|`.
  @discardableResult
  public func run(_ sql: String, in database: String) throws -> String {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "\(programs)/psql")
    process.arguments = [
      "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", directory, "-U", "swiftchat", "-c", sql, database,
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let failure = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw PostgresFailure(description: "psql: \(String(decoding: failure, as: UTF8.self))")
    }
    return String(decoding: said, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}

/// A database of a test. Given back when this object is gone: close connections first.
public final class PostgresDatabase: Sendable {
  public let name: String
  public let server: PostgresServer

  init(name: String, server: PostgresServer) {
    self.name = name
    self.server = server
  }

  deinit { server.giveBack(name) }

  /// The address as a URL.
  /// - Parameters:
  ///   - user: with the password, if one is needed.
  public func url(as user: String = "swiftchat") -> String {
    "postgresql://\(user)@/\(name)?host=\(server.directory)"
  }

  @discardableResult
  public func run(_ sql: String) throws -> String { try server.run(sql, in: name) }
}

public struct PostgresFailure: Error, CustomStringConvertible {
  public let description: String
}

/// The programs of an installed PostgreSQL.
enum PostgresPrograms {
  static func directory() throws -> String {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    // Debian keeps the server's programs out of PATH.
    let places =
      versions.sorted { (Double($0) ?? 0) > (Double($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" } + path
      + ["/opt/homebrew/opt/postgresql/bin", "/usr/local/opt/postgresql/bin"]
    let needed = ["initdb", "postgres", "psql", "pg_isready"]
    let found = places.first { place in
      needed.allSatisfy { FileManager.default.isExecutableFile(atPath: "\(place)/\($0)") }
    }
    guard let found else {
      throw PostgresFailure(
        description:
          "PostgreSQL is missing, which the tests of the log need: install postgresql (Resources/bootstrap.sh)")
    }
    return found
  }
}
