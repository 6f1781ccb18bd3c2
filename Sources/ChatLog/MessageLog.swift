import ChatProtocol

/// Where messages are kept, and where each gets its place in the order of its conversation.
///
/// Calls return when what they promise is true, and may block until then: a log that touches a disk is called off the
/// event loops. Whatever only reads may be called from any thread, also while something is being stored; what changes
/// the log is called from one thread at a time.
public protocol MessageLog: AnyObject, Sendable {
  /// The last of them began when the log was opened for a server. A log that was made anew has other ones.
  var epochs: EpochList { get }
  /// 32 bytes, chosen at random when the log was made: what the server seals its tokens with.
  var secret: [UInt8] { get }

  // MARK: Storing

  /// Stores all of the messages, in their order, or none. What it returned survives the end of the process and of the
  /// machine's power, as far as this log can give that.
  /// - Returns: an outcome a message, in the same order.
  /// - Throws: `LogError` when none was stored.
  func append(_ messages: [NewMessage], at time: Timestamp) throws(LogError) -> [StoreOutcome]

  /// Keeps the marks that are further than those it has. They may be lost with the machine's power.
  func keep(_ marks: [ReadMark]) throws(LogError)

  /// Removes a part of what is to be kept no longer: little enough to hold nobody up.
  /// - Returns: whether there is more to remove.
  func prune(_ retention: Retention, at now: Timestamp) throws(LogError) -> Bool

  /// Does a little of the work that was put off, such as indexing what was stored for searches.
  /// - Returns: whether there is more to do.
  func catchUp() throws(LogError) -> Bool

  // MARK: Reading

  func page(_ request: PageRequest) throws(LogError) -> Page

  /// Finds what was stored before the call, the newest first, until the page is full, all was looked at, or it must
  /// stop: then the page has what was found by then, and says where to go on. Something is looked at in any case.
  /// - Parameter mustStop: called often, on the thread that searches.
  func search(_ request: SearchRequest, until mustStop: @escaping @Sendable () -> Bool) throws(LogError) -> Page

  /// All rooms that anything was ever stored in.
  func rooms() throws(LogError) -> [RoomState]

  func state(of member: MemberID) throws(LogError) -> MemberState

  // MARK: Who is who

  /// Keeps all of the changes, in their order, or none. What it returned from survives what a stored message survives,
  /// and to record the same again changes nothing. A name, or a key, that was another account's is that one's no more:
  /// with its name an account goes.
  func record(_ changes: [RegistryChange]) throws(LogError)

  /// What was recorded, each kind in an order that is always the same. What cannot be read is left out.
  func registry() throws(LogError) -> RegistryState

  /// Of the audit log, which has the last `AuditTrail.capacity` acts, the newest first.
  func acts(limit: Int) throws(LogError) -> [Act]

  /// Takes the text of a message away: from then on it is of the kind `removed`, in pages and in copies of the log, no
  /// search finds it, and its room has no topic where it was that. It keeps its place, its author, its time and its key:
  /// whatever is sent again under that is a duplicate of it. Survives what a stored message survives.
  /// - Parameters:
  ///   - author: only if it is theirs; nil: whose ever it is.
  ///   - note: recorded together with the removal, where it has an act for the message.
  /// - Returns: the message as it was, of the kind `removed` where it was that already; nil where there is no such
  ///   message, or no such one of the author.
  func erase(
    _ conversation: Conversation, sequence: Int, author: MemberID?, noting note: RemovalNote?
  ) throws(LogError) -> StoredMessage?
}

extension MessageLog {
  /// The same, however long it takes.
  public func search(_ request: SearchRequest) throws(LogError) -> Page { try search(request, until: { false }) }

  /// The same, and the audit log is told nothing.
  public func erase(
    _ conversation: Conversation, sequence: Int, author: MemberID?
  ) throws(LogError) -> StoredMessage? {
    try erase(conversation, sequence: sequence, author: author, noting: nil)
  }

  /// The one in which messages are stored now.
  public var epoch: Epoch { epochs.current }
}
