import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import swiftchat

/// When a client without a screen ends, and with which exit status.
struct LineRunTests {
  private static let start = MonotonicTime(nanoseconds: 0)
  private static let server = Endpoint(known: "localhost:4000")

  private func time(_ seconds: Int = 0) -> ScriptTime {
    ScriptTime(now: Self.start + .seconds(seconds), wall: Timestamp(milliseconds: 0))
  }

  private func run(isInteractive: Bool = false, isOnline: Bool = true) throws -> LineRun {
    var run = LineRun(isInteractive: isInteractive, endpoint: Self.server, at: time())
    if isOnline {
      #expect(run.note(.online(Nickname(testing: "neha"), capabilities: .all), of: Self.server, at: time()) == nil)
    }
    return run
  }

  private func say(_ number: UInt64) -> ClientCommand { .say(id: SendID(number), to: .lobby, text: "hello") }

  @Test func `the run ends when its input has ended and every line is confirmed`() throws {
    var run = try run()
    run.note(say(1), at: Self.server)
    run.note(say(2), at: Self.server)
    run.end(at: time())
    #expect(!run.isDone)
    _ = run.note(.sendConfirmed(SendID(1), sequence: 1, time: Timestamp(milliseconds: 0)), of: Self.server, at: time(1))
    #expect(!run.isDone)
    _ = run.note(.sendConfirmed(SendID(2), sequence: 2, time: Timestamp(milliseconds: 0)), of: Self.server, at: time(2))
    #expect(run.isDone)
    #expect(run.outcome == .success)
  }

  @Test func `lines are taken once there was a connection, and not too many without an answer`() throws {
    var run = try run(isOnline: false)
    #expect(!run.takesLine)
    _ = run.note(.online(Nickname(testing: "neha"), capabilities: .all), of: Self.server, at: time())
    for number in 1...100 {
      #expect(run.takesLine)
      run.note(say(UInt64(number)), at: Self.server)
    }
    #expect(!run.takesLine)
    _ = run.note(.sendConfirmed(SendID(7), sequence: 1, time: Timestamp(milliseconds: 0)), of: Self.server, at: time())
    #expect(run.takesLine)
    #expect(try self.run(isInteractive: true, isOnline: false).takesLine)
  }

  @Test func `without a connection it gives up, and a user at a terminal waits`() throws {
    var run = try run(isOnline: false)
    #expect(run.timer(at: time(29)) == nil)
    let timeout = run.timer(at: time(30))
    let end = try #require(timeout)
    #expect(end.status == .noConnection)
    #expect(end.message == "no connection to localhost:4000 within 30 s; nothing was sent")
    var patient = try self.run(isInteractive: true, isOnline: false)
    #expect(patient.note(.offline(Outage(reason: "refused", retryIn: .seconds(1))), of: Self.server, at: time()) == nil)
  }

  @Test func `an outage while more lines may come ends nothing, and after the input it does`() throws {
    var run = try run()
    run.note(say(1), at: Self.server)
    #expect(run.note(.offline(Outage(reason: "gone", retryIn: .seconds(1))), of: Self.server, at: time(1)) == nil)
    #expect(run.deadline == nil)
    run.end(at: time(2))
    let timeout = run.timer(at: time(32))
    let end = try #require(timeout)
    #expect(end.status == .noConnection)
    #expect(end.message.hasSuffix("; 1 line is not confirmed, and is kept and sent when the client connects again"))
  }

  @Test func `the time limit for answers does not include the wait for a slow reader of the output`() throws {
    var run = try run()
    run.noteReading(for: .seconds(60), at: time())
    #expect(run.deadline == nil)
    run.note(say(1), at: Self.server)
    run.end(at: time())
    // A prompt reader changes nothing.
    run.noteReading(for: .milliseconds(10), at: time(20))
    #expect(run.deadline == time(30).now)
    run.noteReading(for: .seconds(60), at: time(60))
    #expect(run.timer(at: time(60)) == nil)
    #expect(run.timer(at: time(89)) == nil)
    let end = run.timer(at: time(90))
    #expect(end?.status == .noConnection)
  }

  @Test func `a line that was transmitted and not answered has an unknown outcome`() throws {
    var run = try run()
    run.note(say(1), at: Self.server)
    _ = run.note(.sending(SendID(1)), of: Self.server, at: time())
    run.end(at: time())
    let end = run.timer(at: time(30))
    #expect(end?.status == .unknown)
  }

  @Test(arguments: [
    (SendFailure.refused(.userNotFound), ScriptStatus.nobody), (.refused(nil), .refused), (.notStored, .notStored),
    (.refused(.tooFast), .notStored), (.unconfirmed, .unknown),
  ])
  func `the first failure gives the exit code`(failure: SendFailure, status: ScriptStatus) throws {
    var run = try run()
    run.note(say(1), at: Self.server)
    _ = run.note(.sendFailed(SendID(1), reason: "No.", failure: failure), of: Self.server, at: time())
    run.refuse()
    run.end(at: time())
    #expect(run.isDone)
    let words = failure == .unconfirmed ? "a line may or may not have been sent" : "a line was not sent"
    #expect(run.outcome == ScriptEnd(status, "\(words): no"))
  }

  @Test func `a refused room, an unknown command, a refused name and another server have exit codes`() throws {
    var run = try run()
    _ = run.note(.joinFailed(RoomName(testing: "#x"), reason: "It is closed."), of: Self.server, at: time())
    #expect(run.outcome.status == .refused)
    run = try self.run()
    run.refuse()
    #expect(run.outcome.status == .badText)
    run = try self.run(isOnline: false)
    #expect(
      run.note(.nameRefused(Nickname(testing: "neha"), .taken, suggestion: nil), of: Self.server, at: time())?.status
        == .refused)
    run = try self.run(isOnline: false)
    let pin = try #require(Pin(String(repeating: "A", count: 43)))
    _ = run.note(.distrusted(try Endpoint("localhost:4000"), known: pin, seen: nil), of: Self.server, at: time())
    #expect(
      run.note(.offline(Outage(reason: "not the server", retryIn: nil)), of: Self.server, at: time())?.status
        == .untrusted)
  }

  @Test func `a line that asks for a refused name is a failure, and the others are sent`() throws {
    var run = try run()
    let (neha, zoe) = (Nickname(testing: "neha"), Nickname(testing: "zoe"))
    let end = run.note(.nameKept(neha, refused: zoe, reason: "It is owned."), of: Self.server, at: time())
    #expect(end == nil)
    #expect(run.takesLine)
    run.end(at: time())
    #expect(run.isDone)
    #expect(run.outcome == ScriptEnd(.refused, "/name zoe: it is owned"))
  }

  @Test func `messages of a server that was closed are not waited for`() throws {
    var run = try run()
    let other = try Endpoint("other.example.org")
    run.note(say(1), at: other)
    run.end(at: time())
    #expect(!run.isDone)
    run.close(other)
    #expect(run.isDone)
  }

  @Test func `a user at a terminal has seen what failed`() throws {
    var run = try run(isInteractive: true)
    run.refuse()
    run.end(at: time())
    #expect(run.isDone)
    #expect(run.outcome == .success)
  }
}

extension Endpoint {
  fileprivate init(known text: String) {
    guard let endpoint = try? Endpoint(text) else { preconditionFailure("\(text) is no endpoint") }
    self = endpoint
  }
}
