import ArgumentParser
import ChatProtocol

/// Where `tail` begins in a conversation of which it has printed nothing.
enum TailStart: Equatable {
  /// With the last messages.
  case last(Int)
  /// With the first message at this time or later.
  case since(Timestamp)
}

/// The argument of `--since`: a span before now, a date, or a date with a time.
struct TailSince: ExpressibleByArgument, Equatable {
  private enum Form: Equatable {
    case span(Duration)
    case time(Timestamp)
  }

  private let form: Form

  init?(argument: String) {
    if let span = Duration(span: argument) {
      form = .span(span)
    } else if let date = SinceDate(argument: argument) {
      form = .time(date.time)
    } else {
      return nil
    }
  }

  func time(before now: Timestamp) -> Timestamp {
    switch form {
    case .span(let span): now.advanced(by: .zero - span)
    case .time(let time): time
    }
  }
}

/// Finds the first message at a time or later, by halving: the times of a conversation increase with its numbers.
struct TailSearch: Equatable {
  private let time: Timestamp
  /// This message, and all before it, are earlier.
  private var low = 0
  /// This message, and all after it, are not earlier.
  private var high: Int

  init(time: Timestamp, head: Int) {
    self.time = time
    high = max(head, 0) + 1
  }

  /// The last message that is earlier; nil while the search goes on.
  var result: Int? { high - low <= 1 ? low : nil }

  /// The number after which the next message is to be read.
  var middle: Int { low + (high - 1 - low) / 2 }

  /// - Parameter message: the first message after `middle`; nil if there is none.
  mutating func read(_ message: (sequence: Int, time: Timestamp)?) {
    if let message, message.sequence < high, message.time < time {
      low = max(message.sequence, middle + 1)
    } else {
      high = middle + 1
    }
  }
}
