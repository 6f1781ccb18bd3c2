import ChatHub
import ChatProtocol
import NIOCore
import Testing

/// A hub, its clock, its log and its sessions, without a socket: what a session says goes in as text, what it hears
/// comes out as text in its own dialect.
final class Stage {
  private(set) var hub: Hub
  /// What the log does with a message.
  var storage = Storage.works
  /// What the hub decided on the last command.
  private(set) var actions: [HubAction] = []
  /// What the log was given and has not answered.
  private(set) var drafts: [NewMessage] = []

  private var now = MonotonicTime(nanoseconds: 1_000_000_000)
  private var members: [SessionID: Member] = [:]
  private var sequence = 0
  private var lastNumber: UInt64 = 0

  enum Storage { case works, fails, waits }

  private struct Member {
    var dialect: Capabilities = []
    var decoder = LineDecoder(allowsTags: false)
    var isAdmitted = false
    var unread: [String] = []
    var end: CloseReason?
  }

  /// When everything is stored.
  static let time = Timestamp(milliseconds: 1_795_341_600_123)
  static let timeTag = "time=2026-11-22T10:00:00.123Z"

  init(_ settings: HubSettings = HubSettings()) { hub = Hub(settings: settings) }

  // MARK: What happens

  func open() -> SessionID {
    lastNumber += 1
    let id = SessionID(lastNumber)
    members[id] = Member()
    apply(.opened(id))
    return id
  }

  /// Somebody who is logged in, and has read all there was to read; so has everybody else.
  func join(_ name: String, _ capabilities: String...) -> SessionID {
    let id = open()
    if !capabilities.isEmpty { say(id, "CAP REQ \(capabilities.joined(separator: " "))") }
    say(id, "LOGIN \(name)")
    for key in members.keys { members[key]?.unread.removeAll() }
    return id
  }

  /// - Parameter lines: without their ends.
  /// - Returns: what the speaker has not read yet.
  @discardableResult
  func say(_ id: SessionID, _ lines: String...) -> [String] {
    for line in lines { say(id, bytes: Array(line.utf8) + [UInt8(ascii: "\n")]) }
    return heard(id)
  }

  func say(_ id: SessionID, bytes: [UInt8]) {
    members[id]?.decoder.append(ByteBuffer(bytes: bytes))
    while let line = members[id]?.decoder.next() { apply(.received(id, line)) }
  }

  /// A line that could not be read.
  func fault(_ id: SessionID, _ fault: LineFault) { apply(.received(id, .failure(fault))) }

  /// The other side closed, or the connection broke.
  func leave(_ id: SessionID, _ reason: LeaveReason = .closed) { apply(.closed(id, reason)) }
  func stall(_ id: SessionID) { apply(.stalled(id)) }
  func shutDown() { apply(.shutdown) }

  /// Time passes, and the hub looks at its clock.
  func wait(_ duration: Duration) {
    pass(duration)
    apply(.tick)
  }

  /// Time passes, and nobody looks.
  func pass(_ duration: Duration) { now = now + duration }

  /// The log answers its oldest draft.
  func answerStored(successfully: Bool) {
    guard !drafts.isEmpty else { return }
    let draft = drafts.removeFirst()
    sequence += 1
    let message = StoredMessage(draft, sequence: sequence, time: Self.time)
    apply(.stored(successfully ? .success(message) : .failure(HubCommand.StorageFailure())))
  }

  // MARK: What can be seen

  /// What the session has not read yet.
  func heard(_ id: SessionID) -> [String] {
    defer { members[id]?.unread.removeAll() }
    return members[id]?.unread ?? []
  }

  /// Why the hub hung up on the session; nil while it has not.
  func end(_ id: SessionID) -> CloseReason? { members[id]?.end }

  // MARK: The shell around the hub

  private func apply(_ command: HubCommand) {
    actions.removeAll()
    hub.apply(command, at: now, into: &actions)
    for action in actions { perform(action) }
    switch storage {
    case .works: while !drafts.isEmpty { answerStored(successfully: true) }
    case .fails: while !drafts.isEmpty { answerStored(successfully: false) }
    case .waits: break
    }
  }

  private func perform(_ action: HubAction) {
    switch action {
    case .send(let id, let message, let tags): deliver(message, tags, to: id)
    case .publish(let message, let time):
      var tags = Tags()
      tags.time = time
      for (id, member) in members where member.isAdmitted { deliver(message, tags, to: id) }
    case .agree(let id, let dialect):
      members[id]?.dialect = dialect
      members[id]?.decoder.allowsTags = dialect.contains(.tags)
    case .admit(let id, _): members[id]?.isAdmitted = true
    case .dismiss(let id, _, _): members[id]?.isAdmitted = false
    case .store(let draft): drafts.append(draft)
    case .close(let id, let reason):
      #expect(members[id]?.end == nil, "session \(id) is closed twice")
      members[id]?.end = reason
    }
  }

  private func deliver(_ message: ServerMessage, _ tags: Tags, to id: SessionID) {
    guard let member = members[id] else { return }
    #expect(member.end == nil, "session \(id) is sent a line after it was closed")
    var bytes = ByteBuffer()
    message.write(into: &bytes, for: member.dialect, tags: tags)
    guard bytes.readableBytes > 0 else { return }
    let text = String(buffer: bytes)
    #expect(text.hasSuffix("\n") && !text.dropLast().contains("\n"))
    members[id]?.unread.append(String(text.dropLast()))
  }
}
