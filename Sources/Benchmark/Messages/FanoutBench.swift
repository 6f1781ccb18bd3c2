import ArgumentParser
import CommandSupport

/// `swiftchat bench fanout`
struct FanoutBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fanout",
    abstract: "Measure the delivery of messages to all clients.",
    discussion: """
      All clients are in one room, and each message goes to every one of them, its sender too: a delivery is one message \
      to one client. It warms up for a second, and checks at the end that every client has read all messages, in one \
      order and unharmed.
      """
  )

  @Option(help: "How many clients.")
  var clients = 100

  @Option(help: "How many of them send messages.")
  var senders = 10

  @OptionGroup var messages: MessageOptions
  @OptionGroup var server: ServerOption
  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--clients", clients, in: 1...CrowdLimits.clients)
    try CrowdLimits.check("--senders", senders, in: 1...clients)
    try messages.check(clients: clients, senders: senders)
  }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed {
      let load = MessageLoad(clients: clients, senders: senders, options: messages)
      let subject =
        "\(clients.grouped) clients, \(senders.grouped) of them with \(messages.window) messages under way each"
      try format.show(try load.measure("fanout", subject, on: try MeasuredServer(server)))
    }
  }
}

/// Limits of the benchmarks' options.
enum CrowdLimits {
  /// Nicknames have five digits.
  static let clients = 60_000
  /// Memory for the lines and send times of all messages under way: 10 million with texts of 64 bytes.
  static let underWayBytes = 880_000_000
  /// Bytes in memory for each message under way, besides its text.
  static let messageOverhead = 24
  /// Fits the longest line that a server accepts, without `MSG`.
  static let textBytes = 4000
  /// The same, without `DM` and a name.
  static let directTextBytes = 3900

  static func check(_ option: String, _ value: Int, in range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw ValidationError("\(option) must be between \(range.lowerBound) and \(range.upperBound).")
    }
  }

  static func check(seconds: Double) throws {
    guard seconds.isFinite, (0.1...3600).contains(seconds) else {
      throw ValidationError("--seconds must be between 0.1 and 3600.")
    }
  }
}
