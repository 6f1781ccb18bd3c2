import ChatModel
import ChatProtocol

@testable import swiftchat

/// Plays a task for scripts: the test supplies the session's events and the clock.
struct ScriptStage<Task: ScriptTask> {
  var task: Task
  private var now = MonotonicTime(nanoseconds: 1_000_000_000)
  /// All actions that the test has not read yet.
  private var actions: [ScriptAction]

  init(_ task: Task) {
    self.task = task
    actions = []
    actions = self.task.start(at: time)
  }

  private var time: ScriptTime { ScriptTime(now: now, wall: Timestamp(milliseconds: now.nanoseconds / 1_000_000)) }

  mutating func hear(_ events: ClientEvent...) {
    for event in events { actions += task.handle(event, at: time) }
  }

  /// Lets time pass; the timer fires when it is due.
  mutating func pass(_ duration: Duration) {
    let end = now + duration
    while let deadline = task.deadline, deadline <= end {
      now = max(now, deadline)
      actions += task.timer(at: time)
      guard task.deadline != deadline else { break }
    }
    now = end
  }

  /// Prints all lines, each of which takes this long because the reader of the output is slow. The timer fires after the
  /// last one if it is due.
  mutating func printLines(taking duration: Duration) throws {
    let output = SlowOutput(now, duration)
    for case .print(let line) in actions { _ = try task.print(line, to: output, clock: { output.now }) }
    now = output.now
    pass(.zero)
  }

  mutating func take() -> [ScriptAction] {
    defer { actions = [] }
    return actions
  }

  mutating func takeCommands() -> [ClientCommand] {
    take().compactMap { if case .command(let command) = $0 { command } else { nil } }
  }

  mutating func takeLines() -> [String] {
    take().compactMap { if case .print(let line) = $0 { line.text } else { nil } }
  }

  /// The end of the task, and its message.
  var end: ScriptEnd? {
    actions.lazy.compactMap { if case .end(let end) = $0 { end } else { nil } }.first
  }
}

/// An output with a slow reader, and the clock on which it is slow.
private final class SlowOutput: ScriptOutput {
  private(set) var now: MonotonicTime
  private let duration: Duration

  init(_ now: MonotonicTime, _ duration: Duration) {
    self.now = now
    self.duration = duration
  }

  func print(_ line: ScriptLine) -> Bool {
    now = now + duration
    return true
  }

  func reach(_ position: TailPosition) {}
  func note(_ memory: ClientMemory) {}
  func finish() {}
}

extension Nickname {
  static let neha = Nickname(known: "neha")

  init(known text: String) {
    guard let name = Nickname(text) else { preconditionFailure("\(text) is no name") }
    self = name
  }
}

extension Endpoint {
  static let home = {
    do { return try Endpoint("192.0.2.7") } catch { preconditionFailure("\(error)") }
  }()
}

extension RoomName {
  static let dev = {
    guard let room = RoomName("#dev") else { preconditionFailure("a room") }
    return room
  }()
}

extension Capabilities {
  static let script: Capabilities = [.tags, .rooms, .history, .resume]
}

extension ScriptLink {
  static var home: ScriptLink { ScriptLink(endpoint: .home, patience: .seconds(30)) }
}

extension ClientEvent {
  static let connected = ClientEvent.online(.neha, capabilities: .script)
  static let connectedWithLines = ClientEvent.online(.neha, capabilities: .script.union(.lines))
  static let plain = ClientEvent.online(.neha, capabilities: [])
  static func lost(_ reason: String = "the link broke", isFinal: Bool = false) -> ClientEvent {
    .offline(Outage(reason: reason, retryIn: isFinal ? nil : .seconds(1)))
  }
  /// The connection is about to be reported as lost.
  static let brokenOff = ClientEvent.roomsUnanswered(reason: "The connection broke.", isOnline: false)
  static let notAnswered = ClientEvent.roomsUnanswered(reason: "The server did not answer.", isOnline: true)
}
