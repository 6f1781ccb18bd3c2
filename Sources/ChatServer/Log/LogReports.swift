import ChatLog
import ChatProtocol
import Logging

/// Logs failures and recoveries of the message log, with a limited number of lines.
struct LogReports {
  private let logger: Logger
  private var storing = FailureReporter()
  private var recording = FailureReporter()
  private var redacting = FailureReporter()
  private var reading = FailureReporter()
  private var tidying = FailureReporter()
  private var hanging = FailureReporter()
  private var hangingRecording = FailureReporter()
  private var following = FailureReporter()
  private var renewing = FailureReporter()
  /// The reason why messages were not stored, and when that was last seen; nil once messages are stored.
  private var trouble: (error: LogError, time: MonotonicTime)?
  /// Whether the trouble is that of a write that was repeated, of whatever kind.
  private var isRepeating = false

  /// Trouble that is older than this, and that nothing waits for, may be over: only another message would show it. A load
  /// balancer would let nobody in who could write one. Each repetition of a write renews the trouble.
  private static let troubleLifetime = Duration.seconds(30)

  /// The place of the log, in words: disk or database.
  private let storage: String

  init(logger: Logger, storage: String = "disk") {
    self.logger = logger
    self.storage = storage
  }

  /// The reason why messages are probably not being stored at present.
  /// - Parameter isWaiting: whether messages wait to be stored.
  func trouble(at now: MonotonicTime, isWaiting: Bool) -> LogError? {
    guard let trouble, isWaiting || now - trouble.time < Self.troubleLifetime else { return nil }
    return trouble.error
  }

  /// - Parameter count: the number of messages to store.
  mutating func store(_ result: Result<Int, LogError>, of count: Int = 1, at now: MonotonicTime) {
    tell(hanging.worked(), "storing messages", nil)
    isRepeating = false
    switch result {
    case .success:
      trouble = nil
      tell(storing.worked(), "storing messages", nil)
    case .failure(let error):
      trouble = (error, now)
      tell(storing.failed(count, at: now), "storing messages", error)
    }
  }

  /// A write is being repeated, and messages wait for it. Called before each repetition: they follow within seconds, or
  /// the database is out of contact, which is trouble of its own.
  mutating func repeatWrite(_ error: LogError, at now: MonotonicTime) {
    store(.failure(error), of: 0, at: now)
    isRepeating = true
  }

  /// A write of another kind than messages has succeeded, which ends the trouble of a repetition.
  mutating func endRepetition(at now: MonotonicTime) {
    if isRepeating { store(.success(0), of: 0, at: now) }
  }

  /// - Parameters:
  ///   - error: nil on success.
  ///   - count: the number of changes.
  mutating func record(_ error: LogError?, of count: Int, at now: MonotonicTime) {
    tell(hangingRecording.worked(), "recording accounts, rules and acts", nil)
    let news = error == nil ? recording.worked() : recording.failed(count, at: now)
    tell(news, "recording accounts, rules and acts", error)
  }

  mutating func redact(_ result: Result<some Any, LogError>, at now: MonotonicTime) {
    switch result {
    case .success: tell(redacting.worked(), "erasing messages", nil)
    case .failure(let error): tell(redacting.failed(at: now), "erasing messages", error)
    }
  }

  mutating func read(_ result: Result<some Any, LogError>, at now: MonotonicTime) {
    switch result {
    case .success: tell(reading.worked(), "reading messages", nil)
    case .failure(let error): tell(reading.failed(at: now), "reading messages", error)
    }
  }

  /// The feed of a shared log was read, or was not.
  /// - Parameter error: nil on success.
  mutating func follow(_ error: LogError?, at now: MonotonicTime) {
    tell(error == nil ? following.worked() : following.failed(at: now), "following the other servers", error)
  }

  /// The lease of this server was renewed, or was not.
  /// - Parameter error: nil on success.
  mutating func renew(_ error: LogError?, at now: MonotonicTime) {
    tell(error == nil ? renewing.worked() : renewing.failed(at: now), "renewing this server's lease", error)
  }

  /// - Parameter error: nil on success.
  mutating func tidy(_ error: LogError?, at now: MonotonicTime) {
    tell(error == nil ? tidying.worked() : tidying.failed(at: now), "keeping the log in order", error)
  }

  mutating func isStuck(at now: MonotonicTime) {
    let error = LogError(.other, "the \(storage) has not answered for long; messages wait until it does")
    trouble = (error, now)
    tell(hanging.failed(at: now), "storing messages", error)
  }

  /// Reports that changes are stuck; their requests have been refused meanwhile.
  mutating func isRecordingStuck(at now: MonotonicTime) {
    let error = LogError(.other, "the \(storage) has not answered for long; what was to be changed may be stored later")
    tell(hangingRecording.failed(at: now), "recording accounts, rules and acts", error)
  }

  private func tell(_ news: FailureReporter.FailureChange?, _ work: String, _ error: LogError?) {
    guard let news else { return }
    var metadata: Logger.Metadata = [:]
    if let error { metadata["log.error"] = "\(error)" }
    switch news {
    case .began: logger.error("\(work) fails", metadata: metadata)
    case .goesOn(let failures):
      metadata["log.failures"] = "\(failures)"
      logger.error("\(work) still fails", metadata: metadata)
    case .isOver(let failures):
      metadata["log.failures"] = "\(failures)"
      logger.notice("\(work) works again", metadata: metadata)
    }
  }
}
