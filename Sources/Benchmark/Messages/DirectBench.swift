import ArgumentParser
import CommandSupport

/// `swiftchat bench dm`
struct DirectBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dm",
    abstract: "Measure direct messages.",
    discussion: """
      The clients are in pairs, and both of a pair write to each other. It warms up for a second, and checks at the end \
      that each client has read all messages of its partner, in their order and unharmed.
      """
  )

  @Option(help: "How many pairs.")
  var pairs = 50

  @OptionGroup var messages: MessageOptions
  @OptionGroup var server: ServerOption
  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--pairs", pairs, in: 1...CrowdLimits.clients / 2)
    try messages.check(clients: 2 * pairs, senders: 2 * pairs, textBytes: CrowdLimits.directTextBytes)
  }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed {
      let load = MessageLoad(clients: 2 * pairs, senders: 2 * pairs, recipient: .partner, options: messages)
      let subject = "\(pairs.grouped) pairs with \(messages.window) messages under way in each direction"
      try format.show(try load.measure("dm", subject, on: try MeasuredServer(server)))
    }
  }
}
