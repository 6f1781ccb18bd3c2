import ArgumentParser

/// The options of all benchmarks in which clients send messages.
struct MessageOptions: ParsableArguments {
  @Option(help: "How many messages each sender has under way at most.")
  var window = 32

  @Option(help: "The length of a message's text.")
  var bytes = 64

  @Option(help: "How many of the clients use the dialect with tags.")
  var tagged = 0

  @Option(help: "How long to measure.")
  var seconds = 3.0

  /// Checks the options.
  /// - Parameters:
  ///   - clients: the number of all clients.
  ///   - senders: the number of those that send messages; at least one.
  ///   - textBytes: the maximum length of a text.
  /// - Throws: `ValidationError`.
  func check(clients: Int, senders: Int, textBytes: Int = CrowdLimits.textBytes) throws {
    try CrowdLimits.check("--bytes", bytes, in: BenchMessage.smallestText...textBytes)
    let fitting = CrowdLimits.underWayBytes / (senders * (bytes + CrowdLimits.messageOverhead))
    try CrowdLimits.check("--window", window, in: 1...min(10_000, fitting))
    try CrowdLimits.check("--tagged", tagged, in: 0...clients)
    try CrowdLimits.check(seconds: seconds)
  }
}
