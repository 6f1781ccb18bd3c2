import ChatProtocol
import ChatRecords

/// Stores messages and assigns their place in the order of their conversation.
///
/// Calls return when their promise is fulfilled, and may block until then: do not call a log that uses a disk on an
/// event loop. Reads may be called from any thread, also during writes; calls that change the log must come from one
/// thread at a time.
public protocol MessageLog: AnyObject, Sendable {
  /// Epochs of the log. The last one began when the log was opened for a server. A newly created log has different
  /// ones.
  var epochs: EpochList { get }
  /// 32 random bytes chosen when the log was created; the server seals its tokens with them.
  var secret: [UInt8] { get }

  // MARK: Storing

  /// Stores all of the messages in order, or none. Stored messages survive the end of the process and loss of power, as
  /// far as this log supports that.
  /// - Returns: one outcome per message, in the same order.
  /// - Throws: `LogError` if none was stored.
  func append(_ messages: [NewMessage], at time: Timestamp) throws(LogError) -> [StoreOutcome]

  /// Stores those marks that are further than the existing ones. Loss of power may lose them.
  func keep(_ marks: [ReadMark]) throws(LogError)

  /// Removes some of the expired data, little enough not to delay other calls. Calls with another retention than the
  /// last one remove nothing that only the earlier one allowed to remove.
  /// - Returns: whether there is more to remove, or to look at.
  func prune(_ retention: Retention, at now: Timestamp) throws(LogError) -> Bool

  /// Does some of the deferred work, such as indexing stored messages for search.
  /// - Parameter isUrgent: whether the index has fallen behind. Otherwise the log does less at once, so that a message
  ///   that arrives meanwhile is stored soon.
  func catchUp(isUrgent: Bool) throws(LogError) -> DeferredWork

  // MARK: Reading

  func page(_ request: PageRequest) throws(LogError) -> Page

  /// Finds messages stored before the call, newest first. Ends when the page is full, when everything was searched, or
  /// when it must stop: the page then holds the results so far and the place to continue from. Each call makes some
  /// progress.
  /// - Parameter mustStop: called often, on the searching thread.
  func search(_ request: SearchRequest, until mustStop: @escaping @Sendable () -> Bool) throws(LogError) -> Page

  /// The id of the last message that was ever stored; 0 before the first. The feed begins behind it.
  func lastID() throws(LogError) -> Int

  /// The time of the newest message that is still there; nil if there is none.
  func lastTime() throws(LogError) -> Timestamp?

  /// All rooms that a message was ever stored in.
  func rooms() throws(LogError) -> [RoomState]

  func state(of member: MemberID) throws(LogError) -> MemberState

  // MARK: Registry

  /// Stores all of the changes in order, or none. They are as durable as messages; recording the same change again has
  /// no effect. A name or key that belonged to another account is taken from that account; an account that loses its
  /// name is deleted.
  func record(_ changes: [RegistryChange]) throws(LogError)

  /// The recorded state, each kind in a fixed order. Unreadable records are left out.
  func registry() throws(LogError) -> RegistryState

  /// The newest acts of the audit log, newest first. The log keeps the last `AuditTrail.capacity` acts.
  func acts(limit: Int) throws(LogError) -> [Act]

  /// Redacts a message, that is, removes its text: the message becomes one of kind `redacted` in pages and in copies of
  /// the log, no search finds it, and its room loses the topic if this message set it. The message keeps its sequence,
  /// author, time and idempotency key: a send with the same key is a duplicate of it. The redaction is as durable as a
  /// message.
  /// - Parameters:
  ///   - author: redacts the message only if it is by this author; nil for any author.
  ///   - note: recorded together with the redaction if it has an act for the message.
  /// - Returns: the message as it was, of kind `redacted` if it was redacted before; nil if there is no such message,
  ///   or none by the author.
  func redact(
    _ conversation: Conversation, sequence: Int, author: MemberID?, noting note: RedactionNote?
  ) throws(LogError) -> StoredMessage?
}

extension MessageLog {
  /// Searches without a time limit.
  public func search(_ request: SearchRequest) throws(LogError) -> Page { try search(request, until: { false }) }

  /// Does some of the deferred work, without urgency.
  /// - Returns: whether there is more to do.
  public func catchUp() throws(LogError) -> Bool { try catchUp(isUrgent: false).hasMore }

  /// Redacts without an entry in the audit log.
  public func redact(
    _ conversation: Conversation, sequence: Int, author: MemberID?
  ) throws(LogError) -> StoredMessage? {
    try redact(conversation, sequence: sequence, author: author, noting: nil)
  }

  /// The epoch in which messages are stored now.
  public var epoch: Epoch { epochs.current }
}
