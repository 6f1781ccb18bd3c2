import ArgumentParser

/// Seconds on the command line, with or without a fraction; 0 means never.
struct Timeout: ExpressibleByArgument, Equatable {
  private let seconds: Double

  /// A year: the maximum, in seconds.
  static let longest = 31_536_000

  init(seconds: Int) { self.seconds = Double(seconds) }

  init(_ duration: Duration?) { seconds = duration.map { $0 / .seconds(1) } ?? 0 }

  init?(argument: String) {
    guard let seconds = Double(argument), seconds.isFinite, (0...Double(Self.longest)).contains(seconds) else {
      return nil
    }
    self.seconds = seconds
  }

  /// Nil for never.
  var duration: Duration? { seconds == 0 ? nil : .seconds(seconds) }

  var defaultValueDescription: String { seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)" }
}
