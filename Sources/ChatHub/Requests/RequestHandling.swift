import ChatProtocol

/// How the hub handles a request: one row of the table in `ClientMessage.handling`.
struct RequestHandling: Sendable {
  let access: Access
  /// The request changes nothing, and only asks for an answer, which nobody reads after the end of the connection.
  var isQuestion = false
  /// The list that the request asks for: a long one costs more of the rate limit than `Verb.cost`.
  var list: ListSize?
  var logWait: LogWait = []
  var stake = StakeSource.nothing
  let action: Action

  /// The sessions that may send the request.
  enum Access: Sendable {
    /// Logged in or not.
    case anyone
    case members
    /// Also the host's control socket, which needs no login.
    case membersAndControl
  }

  /// Indirect, so that it takes no room in a message.
  indirect enum ListSize: Sendable {
    /// - Parameter room: nil for all members of the server.
    case people(RoomName?)
    case rooms
    case messages(Int)
  }

  /// The conditions that a session with tags waits for before the request is handled.
  struct LogWait: OptionSet, Sendable {
    let rawValue: UInt8

    /// All reads and redactions of the session.
    static let allReads = LogWait(rawValue: 1)
    /// Room in the session's queue of reads.
    static let freeRead = LogWait(rawValue: 2)
    /// Room for one more redaction.
    static let freeRedaction = LogWait(rawValue: 4)
    /// The member's pairs: they must be known before their messages can be sent.
    static let pairs = LogWait(rawValue: 8)

    /// - Parameter target: nil for all conversations.
    static func pairs(of target: Target?) -> LogWait {
      if case .room? = target { [] } else { .pairs }
    }
  }

  /// The source of the state that the decision depends on, and that a proposal under way may change.
  enum StakeSource: Sendable {
    case nothing
    /// The request changes the registry.
    case registry
    indirect case room(RoomName)
    indirect case login(Nickname)
    indirect case resumption(token: String, [Cursor])
  }

  enum Action: Sendable {
    /// Stores a message. Further messages need not wait for the answer.
    case send(Target, MessageKind, text: String)
    case run(Run)
    /// Decides on a change of the registry.
    case decide(Decide)
  }

  typealias Run = @Sendable (inout Hub, inout Turn) throws(RequestError) -> Void
  /// Nil: everything is as requested already.
  typealias Decide = @Sendable (borrowing Hub, borrowing Turn) throws(RequestError) -> Proposal?

  init(
    _ access: Access, question isQuestion: Bool = false, list: ListSize? = nil, waits logWait: LogWait = [],
    stake: StakeSource = .nothing, _ run: @escaping Run
  ) {
    self.access = access
    self.isQuestion = isQuestion
    self.list = list
    self.logWait = logWait
    self.stake = stake
    action = .run(run)
  }

  init(_ access: Access, stake: StakeSource, decide: @escaping Decide) {
    self.access = access
    self.stake = stake
    action = .decide(decide)
  }

  /// A message.
  init(send text: String, to target: Target, _ kind: MessageKind = .text) {
    access = .members
    action = .send(target, kind, text: text)
  }

  /// The recipient of a direct message.
  var recipient: Nickname? {
    guard case .send(.person(let name), _, _) = action else { return nil }
    return name
  }
}
