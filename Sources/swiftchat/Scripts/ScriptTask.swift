import ChatModel
import ChatProtocol

/// The decisions of a command for scripts: a value that takes the session's events and returns actions. It does no I/O;
/// the time is a parameter.
protocol ScriptTask: Sendable {
  /// The information that the task requests from the server.
  var interests: ScriptInterests { get }
  var link: ScriptLink { get set }
  /// The time at which to call `timer`; nil for never. By default, the end of the link's patience.
  var deadline: MonotonicTime? { get }

  mutating func start(at time: ScriptTime) -> [ScriptAction]
  mutating func handle(_ event: ClientEvent, at time: ScriptTime) -> [ScriptAction]
  mutating func timer(at time: ScriptTime) -> [ScriptAction]
}

extension ScriptTask {
  var deadline: MonotonicTime? { link.deadline }

  mutating func start(at time: ScriptTime) -> [ScriptAction] {
    link.wait(at: time)
    return []
  }

  mutating func timer(at time: ScriptTime) -> [ScriptAction] {
    // Some servers send no list of people, for example.
    link.isOver(at: time) ? [.end(ScriptEnd(.noConnection, link.silence))] : []
  }

  /// Prints a line of the task. The time limit is for the server: it does not include the wait for a slow reader of the
  /// output.
  /// - Returns: false if the reader has closed the pipe.
  /// - Throws: `Failure` if the line cannot be written.
  mutating func print(
    _ line: ScriptLine, to output: any ScriptOutput, clock: () -> MonotonicTime
  ) throws -> Bool {
    let start = clock()
    let isOpen = try output.print(line)
    link.postpone(by: clock() - start)
    return isOpen
  }
}

/// Time of an input.
struct ScriptTime {
  var now: MonotonicTime
  var wall: Timestamp
}

enum ScriptAction: Equatable {
  case command(ClientCommand)
  case print(ScriptLine)
  /// Printing begins after this position.
  case reached(TailPosition)
  /// A line on standard error.
  case note(String)
  /// The last action of the task.
  case end(ScriptEnd)
}

/// A line of output, without its end.
struct ScriptLine: Equatable {
  var text: String
  /// The position in a conversation that is reached with this line; nil if the line is no message.
  var position: TailPosition?
}
