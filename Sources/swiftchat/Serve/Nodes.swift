import ArgumentParser
import ChatLog
import ChatProtocol
import CommandSupport
import Platform

/// `swiftchat nodes`
struct Nodes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the servers that share a PostgreSQL database.",
    discussion: """
      The database is the one that `swiftchat serve` would use. Prints for each server its number, its host and port, \
      the people and connections on it, the number of messages and changes that it has not received yet, and the rest \
      of its lease in seconds: a server whose lease has expired is declared dead, and its names become free.
      """
  )

  @OptionGroup var store: StoreOption

  @Option(
    help: ArgumentHelp("The settings file of the server. (default: that of `swiftchat serve`)", valueName: "file"),
    transform: pathArgument)
  var config: String?

  @Flag(help: "Print a JSON object per server.")
  var json = false

  func run() throws {
    ignoreBrokenPipes()
    var flags = ServerConfiguration()
    flags[ServerSetting.store] = store.url
    let source = try ConfigurationSource(
      file: config, flags: flags, environment: environmentValue, only: [ServerSetting.store.name])
    guard let url = try source.given()[ServerSetting.store] else {
      throw Failure("no database is configured; name one with --store, SWIFTCHAT_STORE or store in server.toml")
    }
    let nodes: [NodeState]
    do throws(LogError) { nodes = try PostgresLog(url, for: .helper).nodes() } catch { throw Failure("\(error)") }
    var output = OutputLines(STDOUT_FILENO)
    if !json { _ = try output.append(ListedNode.heading) }
    for node in nodes.map(ListedNode.init) { _ = try output.append(json ? node.jsonLine : node.columns) }
    try output.flush()
  }
}

/// A server as `swiftchat nodes` prints it.
private struct ListedNode: Encodable {
  let node: Int64
  let name: String
  let started: String
  let people: Int
  let connections: Int
  let lag: Int
  /// Seconds.
  let lease: Double

  init(_ state: NodeState) {
    node = state.hub.number
    name = DisplayText.sanitize(state.name)
    started = state.started.description
    (people, connections, lag) = (state.people, state.logins, state.lag)
    lease = Double(state.lease.nanoseconds / 100_000_000) / 10
  }

  static let heading = row("NODE", "SERVER", "PEOPLE", "CONNECTIONS", "LAG", "LEASE", "STARTED")

  var columns: String {
    Self.row("\(node)", name, "\(people)", "\(connections)", "\(lag)", "\(lease) s", started)
  }

  private static func row(_ words: String...) -> String {
    let widths = [6, 28, 8, 13, 8, 9, 0]
    return zip(words, widths).map { word, width in
      word + String(repeating: " ", count: max(width - word.count, width > 0 ? 2 : 0))
    }.joined()
  }
}
