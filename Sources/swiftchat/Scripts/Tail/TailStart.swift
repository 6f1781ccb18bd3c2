import ArgumentParser
import ChatProtocol

/// The first message that `tail` prints of a conversation, if no earlier run printed any of it.
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

/// Finds the first message at a time or later by binary search: times increase with sequence numbers.
struct TailSearch: Equatable {
  private let time: Timestamp
  /// This message, and all before it, are earlier than the time.
  private var low = 0
  /// This message, and all after it, are not earlier than the time.
  private var high: Int

  init(time: Timestamp, head: Int) {
    self.time = time
    high = max(head, 0) + 1
  }

  /// The last earlier message, 0 if there is none; nil while the search goes on.
  var result: Int? { high - low <= 1 ? low : nil }

  /// The sequence number after which to read one message.
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
