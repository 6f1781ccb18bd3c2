import ArgumentParser
import CommandSupport

/// `swiftchat bench cluster`
struct ClusterBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Measure several servers on one PostgreSQL database.",
    discussion: """
      The clients are spread over all servers, and all are in one room. It warms up for a second, and checks at the end \
      that every client, on every server, has read all messages, in one order and unharmed. The messages stay in the \
      database: use one of their own.
      """
  )

  @Option(help: "The database, such as postgresql://user@host/database.")
  var store: String

  @Option(help: "How many servers.")
  var servers = 3

  @Option(help: "How many clients.")
  var clients = 24

  @Option(help: "How many of them send messages.")
  var senders = 24

  @OptionGroup var messages: MessageOptions
  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--servers", servers, in: 1...100)
    try CrowdLimits.check("--clients", clients, in: 1...CrowdLimits.clients)
    try CrowdLimits.check("--senders", senders, in: 1...clients)
    try messages.check(clients: clients, senders: senders)
  }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed {
      let load = MessageLoad(clients: clients, senders: senders, options: messages)
      let subject =
        "\(servers.grouped) servers, \(clients.grouped) clients, \(senders.grouped) of them with \(messages.window) "
        + "messages under way each"
      try format.show(try load.measure("cluster", subject, on: try MeasuredServer(servers, onStore: store)))
    }
  }
}
