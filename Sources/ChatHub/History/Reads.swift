import ChatProtocol
import ChatRecords

/// The reads under way in the log, with their requesters.
struct Reads: Sendable {
  private var underWay: [ReadID: Requester] = [:]
  private var lastID: UInt64 = 0

  enum Requester: Sendable {
    case session(SessionID, Read.Purpose)
    /// The hub itself, for the state of a member.
    case member(MemberID)
  }

  /// Asks the log for a member's state.
  mutating func askForState(of member: MemberID, _ turn: inout Turn) -> ReadID {
    let id = next(.member(member))
    turn.emit(.read(id, .state(of: member), for: member))
    return id
  }

  /// Starts the session's next reads. A slow reader gets no more history until its send queue has room.
  mutating func startNext(of id: SessionID, _ session: inout Session, _ turn: inout Turn) {
    guard session.lag == nil else { return }
    while let read = session.reads.next() {
      let question = next(.session(id, read.purpose))
      session.reads.begin(question)
      turn.emit(.read(question, read.request, for: session.presence?.member))
    }
  }

  /// Drops the session's reads, started or not.
  mutating func cancel(of session: inout Session, _ turn: inout Turn) {
    for question in session.reads.cancelAll() {
      underWay[question] = nil
      turn.emit(.cancelRead(question, for: session.presence?.member))
    }
  }

  /// - Returns: nil for a read that was cancelled.
  mutating func finish(_ id: ReadID) -> Requester? { underWay.removeValue(forKey: id) }

  /// Notes a read whose action the caller emits.
  mutating func next(_ requester: Requester) -> ReadID {
    lastID += 1
    let id = ReadID(lastID)
    underWay[id] = requester
    return id
  }
}
