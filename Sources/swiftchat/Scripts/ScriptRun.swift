import ArgumentParser
import ChatClient
import ChatModel
import ChatProtocol
import CommandSupport
import Dispatch

/// Runs a task with a session, with the same pins, key and name as the client of the same user. Carries out the task's
/// actions, and makes no decisions of its own except for name, key and token.
final class ScriptRun<Task: ScriptTask> {
  private enum Input: Sendable {
    /// - Parameter attempt: the connection that the events came from.
    case events([ClientEvent], attempt: Int)
    case timer
    case outputClosed
  }

  /// Larger than a page of history. The client stops reading while the output is blocked.
  private static var maximumUnhandledBytes: Int { 1 << 20 }

  private var task: Task
  private let name: Nickname
  private let identity: Identity?
  private let tokens: ScriptTokens
  private var memory: ClientMemory
  private var pins: PinKeeper
  private var client: ClientConnection?
  private var attempt = 0
  /// The tokens that are still to be tried if the name is taken.
  private var otherTokens: [String]?
  private let output: any ScriptOutput
  private let inputs: AsyncStream<Input>
  private let input: AsyncStream<Input>.Continuation
  private var timerAt: MonotonicTime?

  /// - Parameter memory: the memory that an earlier run stored; its pin and invitation are ignored.
  /// - Throws: `Failure` if a file of the user cannot be read, or if the link has another pin than the known one.
  init(
    _ task: Task, of user: ScriptUser, memory: ClientMemory? = nil, output: any ScriptOutput = PlainScriptOutput()
  ) throws {
    self.task = task
    name = user.name
    self.output = output
    let key = try UserKey(of: user.files)
    for warning in key.warnings { CommandSupport.note("Warning: \(warning)") }
    identity = key.identity
    pins = try PinKeeper(of: user.link, in: user.files.knownHosts)
    tokens = ScriptTokens(user.files, endpoint: user.endpoint, name: user.name)
    self.memory = memory ?? ClientMemory()
    if self.memory.token == nil { self.memory.token = tokens.stored }
    (self.memory.pin, self.memory.wasMet) = (pins.start.pin, pins.start.wasMet)
    self.memory.invitation = pins.start.invitation
    (inputs, input) = AsyncStream.makeStream()
    // Another client of the user may be logged in under its own name.
    if user.name != user.usualName { otherTokens = [] }
  }

  /// - Throws: `ExitCode` after a line on standard error, or `Failure` if the output cannot be written.
  func run() async throws {
    connect()
    var end = try perform(task.start(at: Self.time))
    if end == nil {
      for await input in inputs {
        end = try handle(input)
        if end != nil { break }
        schedule()
      }
    }
    await client?.shutdown()
    try output.finish()
    try end?.leave()
  }

  // MARK: Input

  private static var time: ScriptTime { ScriptTime(now: .now(), wall: .now()) }

  private func handle(_ input: Input) throws -> ScriptEnd? {
    switch input {
    case .timer:
      timerAt = nil
      return try perform(task.timer(at: Self.time))
    case .outputClosed: return .success
    case .events(let events, let attempt):
      defer { client?.handled(events.count) }
      for event in events where attempt == self.attempt {
        if let end = try hear(event) { return end }
      }
      return nil
    }
  }

  private func hear(_ event: ClientEvent) throws -> ScriptEnd? {
    if case .nameRefused(_, .taken, _) = event, connectAsAnother() { return nil }
    memory.note(event)
    do { try pins.note(event, &memory) } catch { note("Warning: \(error)") }
    if case .online(_, let capabilities, let standing) = event, capabilities.contains(.resume), !standing.isOwned,
      let token = memory.token
    {
      tokens.store(token)
    }
    try output.note(memory)
    return try perform(task.handle(event, at: Self.time))
  }

  private func perform(_ actions: [ScriptAction]) throws -> ScriptEnd? {
    for action in actions {
      switch action {
      case .command(let command):
        memory.note(command, at: .now())
        client?.send(command)
      case .print(let line):
        guard try task.print(line, to: output, clock: { .now() }) else { return .success }
      case .reached(let position): try output.reach(position)
      case .note(let text): note(text)
      case .end(let end): return end
      }
    }
    return nil
  }

  // MARK: Connection

  private func connect() {
    attempt += 1
    let (input, attempt) = (input, attempt)
    let client = ClientConnection(
      name: name, identity: identity, interests: task.interests.client,
      maximumUnhandledBytes: Self.maximumUnhandledBytes
    ) { events in input.yield(.events(events, attempt: attempt)) }
    self.client = client
    client.send(.connect(pins.endpoint, memory))
  }

  /// Connects again with the token of another client of the user. The name may be taken by that client, and without a
  /// key on this server, the user is recognised by its token.
  /// - Returns: false if no token is left to try.
  private func connectAsAnother() -> Bool {
    var rest = otherTokens ?? tokens.clients
    let token = rest.isEmpty ? nil : rest.removeFirst()
    otherTokens = rest
    guard let token else { return false }
    memory.token = token
    memory.resumesAs = nil
    connect()
    return true
  }

  private func schedule() {
    guard let deadline = task.deadline, timerAt.map({ deadline < $0 }) ?? true else { return }
    timerAt = deadline
    let wait = max(Duration.zero, deadline - .now())
    DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(clamping: wait.nanoseconds))) { [input] in
      input.yield(.timer)
    }
  }

  /// Ends when the reader of a pipe closes it, even while there is nothing to print.
  func watchOutput() {
    OutputWatch.start { [input] in input.yield(.outputClosed) }
  }
}

extension ScriptEnd {
  /// Reports the end of a command.
  /// - Throws: `ExitCode` unless it is a success.
  func leave() throws {
    guard status != .success else { return }
    complain(message)
    throw ExitCode(status.rawValue)
  }
}
