import ChatLog
import ChatProtocol
import ChatRecords
import Testing

@testable import ChatServer

/// The state that the server keeps about its log.
@Suite struct LogBookTests {
  private func seconds(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }

  @Test func `a failure is reported at its start, once a minute, and at its end`() {
    var trouble = FailureReporter()
    var told: [String: FailureReporter.FailureChange] = [:]
    told["nothing"] = trouble.worked()
    told["10"] = trouble.failed(3, at: seconds(10))
    for second in 11...71 { told["\(second)"] = trouble.failed(at: seconds(Int64(second))) }
    told["works"] = trouble.worked()
    told["still works"] = trouble.worked()
    told["72"] = trouble.failed(at: seconds(72))
    #expect(
      told == ["10": .began, "70": .goesOn(failures: 63), "works": .isOver(failures: 64), "72": .began])
  }

  @Test func `a mark is known before it is stored, and the furthest counts`() {
    var marks = RecentMarks()
    let (neha, akash) = (MemberID(1), MemberID(2))
    func known(_ member: MemberID, _ stored: Int = 0) -> Int? {
      marks.complete(MemberState(marks: [.lobby: stored]), of: member).marks[.lobby]
    }
    marks.add(ReadMark(member: neha, conversation: .lobby, sequence: 5))
    marks.add(ReadMark(member: neha, conversation: .lobby, sequence: 3))
    #expect(known(neha) == 5)
    #expect(known(neha, 9) == 9)
    #expect(known(akash) == 0)
    let first = marks.take()
    #expect(first == [ReadMark(member: neha, conversation: .lobby, sequence: 5)])
    #expect(marks.isEmpty)
    #expect(known(neha) == 5)
    marks.add(ReadMark(member: neha, conversation: .lobby, sequence: 7))
    let tooEarly = marks.take()
    #expect(tooEarly == [])
    marks.settle()
    #expect(known(neha) == 7)
    let second = marks.take()
    #expect(second == [ReadMark(member: neha, conversation: .lobby, sequence: 7)])
  }

  @Test func `marks do not grow without bound`() {
    var marks = RecentMarks()
    for number in 0..<100_000 {
      marks.add(ReadMark(member: MemberID(Int64(number)), conversation: .lobby, sequence: 1))
    }
    let taken = marks.take()
    #expect(taken.count == 65_536)
  }

  @Test func `marks and departures for a shared log are taken in parts, and refused departures come first`() {
    func departures(_ logins: ClosedRange<UInt64>) -> [FeedEntry] {
      logins.map { .departure(Departure(LoginID($0), of: MemberID(1), .quit)) }
    }
    func mark(_ sequence: Int) -> ReadMark { ReadMark(member: MemberID(2), conversation: .lobby, sequence: sequence) }
    var backlog = PresenceBacklog()
    for sequence in [3, 7, 5] { backlog.add(mark(sequence), of: LoginID(9)) }
    for login in 1...3 as ClosedRange<UInt64> { backlog.add(Departure(LoginID(login), of: MemberID(1), .quit)) }
    let first = backlog.take(limit: 2)
    #expect(first == departures(1...2))
    #expect(backlog.isDue)
    backlog.refuse(first)
    #expect(!backlog.isDue, "it waits")
    backlog.retry()
    #expect(backlog.isDue)
    let all = backlog.take(limit: 10)
    #expect(all == [FeedEntry.mark(mark(7), login: LoginID(9))] + departures(1...3))
    #expect(backlog.isEmpty && !backlog.isDue)
    backlog.refuse(all)
    var later = PresenceBacklog()
    later.add(Departure(LoginID(4), of: MemberID(1), .quit))
    backlog.add(later)
    #expect(backlog.isDue)
    let rest = backlog.take(limit: 10)
    #expect(rest == departures(1...4))
    backlog.retry()
    #expect(!backlog.isDue)
  }

  @Test func `marks for a shared log do not grow without bound`() {
    var backlog = PresenceBacklog()
    for login in 0..<100_000 as Range<UInt64> {
      backlog.add(ReadMark(member: MemberID(1), conversation: .lobby, sequence: 1), of: LoginID(login))
    }
    let taken = backlog.take(limit: 100_000)
    #expect(taken.count == PresenceBacklog.markCapacity)
  }

  @Test func `a full backlog accepts messages again at half its limit`() throws {
    var backlog = StoreBacklog(limit: StoreBacklog.Limit(messages: 10, bytes: .max))
    let author = try #require(Nickname("neha"))
    let message = NewMessage(conversation: .lobby, author: author, member: MemberID(1), text: "x")
    var one = [message]
    let group = MessageGroup(takenFrom: &one)
    #expect(backlog.isEmpty)
    for _ in 0..<9 { backlog.add(message, at: seconds(1)) }
    #expect(!backlog.isFull)
    backlog.add(message, at: seconds(1))
    #expect(backlog.isFull)
    for _ in 0..<4 { backlog.remove(group, at: seconds(2)) }
    #expect(backlog.isFull)
    backlog.remove(group, at: seconds(2))
    #expect(!backlog.isFull)
    #expect(!backlog.isStuck(at: seconds(11)))
    #expect(backlog.isStuck(at: seconds(12)))
  }

  @Test func `pruning runs at the start, every hour and after a deletion`() {
    var maintenance = MaintenanceSchedule()
    let hours = (1..<7300).filter { maintenance.isPruningDue(at: seconds($0)) }
    #expect(hours == [1, 3601, 7201])
    maintenance.hastenPruning()
    let behind = (7300...7302).filter { maintenance.isPruningDue(at: seconds($0)) }
    #expect(behind == [7300])
    let halves = (2...8).filter {
      maintenance.isTidyingDue(at: MonotonicTime(nanoseconds: Int64($0) * 500_000_000))
    }
    #expect(halves == [2, 4, 6, 8])
  }
}
