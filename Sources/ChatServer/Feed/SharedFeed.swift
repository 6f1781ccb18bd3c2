import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import NIOCore
import NIOPosix

/// Reads the feed of a shared log, and keeps the node alive. Lives on the event loop; the log is called on threads of
/// its own.
final class SharedFeed {
  private let log: any SharedLog
  private let eventLoop: any EventLoop
  private let loopHandle: LoopHandle
  private let threads: LogThreads
  private(set) var sequencer: FeedSequencer
  /// The place up to which the feed has been read.
  private var read: Int
  private var isReading = false
  /// Reading has failed, and is tried again later.
  private var isPausing = false
  private var isRenewing = false
  private var hasContact = true
  /// When the lease was last to be renewed.
  private var lastRenewal = MonotonicTime(nanoseconds: 0)
  private var isEnded = false
  private var retryDelay = SharedFeed.shortestDelay
  /// The time of the last successful renewal of the lease.
  private var lastContact = MonotonicTime.now()
  /// The last known place of the feed.
  private var lastPlace: Int
  /// The number of times that the contact to the database was lost.
  private(set) var outages = 0

  /// Called when there may be events for the hub.
  var whenReady: () -> Void = {}
  /// Called with the outcome of each reading of the feed.
  var reportReading: (LogError?) -> Void = { _ in }
  /// Called with the outcome of each renewal of the lease.
  var reportRenewal: (LogError?) -> Void = { _ in }
  /// Called once, when the other nodes have declared this one dead.
  var whenNodeEnded: () -> Void = {}

  /// A node without contact to the database for this long must expect that others declare it dead.
  private static let contactPatience = Duration.seconds(5)
  private static let renewalInterval = Duration.milliseconds(900)
  private static let readPatience = Duration.seconds(1)
  private static let shortestDelay = TimeAmount.milliseconds(50)
  private static let longestDelay = TimeAmount.seconds(1)

  init(_ log: any SharedLog, _ state: SharedLogState, threads: LogThreads, on loopHandle: LoopHandle) {
    self.log = log
    self.threads = threads
    self.loopHandle = loopHandle
    eventLoop = loopHandle.eventLoop
    sequencer = FeedSequencer(state)
    read = state.place
    lastPlace = state.place
  }

  // MARK: The hub

  /// The place up to which the hub has received the feed.
  var received: Int { sequencer.received }

  func note(_ outcomes: [StoreOutcome]) { sequencer.note(outcomes) }
  func reject(_ outdated: OutdatedProposal) { sequencer.reject(outdated) }

  var isReady: Bool { sequencer.isReady }

  /// - Returns: the next event for the hub; nil if it must wait for the log.
  func next() -> HubEvent? { sequencer.next() }

  // MARK: Reading

  /// Reads the next items once the hub has received all: memory stays bounded.
  func readOn() {
    guard !isReading, !isPausing, !isEnded, !sequencer.hasItems else { return }
    isReading = true
    let (bound, loopHandle, log, place) = (NIOLoopBound(self, eventLoop: eventLoop), loopHandle, log, read)
    threads.following.submit { state in
      guard state == .active else { return }
      let result = Result { () throws(LogError) in try log.entries(after: place, waiting: Self.readPatience) }
      loopHandle.execute { bound.value.take(result) }
    }
  }

  private func take(_ result: Result<[FeedItem], LogError>) {
    isReading = false
    guard !isEnded else { return }
    switch result {
    case .success(let items):
      retryDelay = Self.shortestDelay
      reportReading(nil)
      read = items.last?.place ?? read
      sequencer.append(items)
      if items.isEmpty { readOn() } else { whenReady() }
    case .failure(let error):
      reportReading(error)
      fail(error)
      guard !isEnded else { return }
      isPausing = true
      eventLoop.assumeIsolated().scheduleTask(in: retryDelay) {
        self.isPausing = false
        self.readOn()
      }
      retryDelay = min(retryDelay * 2, Self.longestDelay)
    }
  }

  // MARK: The lease

  /// Renews the lease if it is time. To be called several times a second.
  func renewLease(at now: MonotonicTime) {
    guard !isRenewing, !isEnded, now - lastRenewal >= Self.renewalInterval else { return }
    isRenewing = true
    lastRenewal = now
    let (bound, loopHandle, log, received) = (NIOLoopBound(self, eventLoop: eventLoop), loopHandle, log, received)
    threads.leasing.submit { state in
      guard state == .active else { return }
      let result = Result { () throws(LogError) in try log.renewLease(received: received) }
      loopHandle.execute { bound.value.takeRenewal(result) }
    }
  }

  private func takeRenewal(_ result: Result<Int, LogError>) {
    isRenewing = false
    guard !isEnded else { return }
    switch result {
    case .success(let place):
      reportRenewal(nil)
      lastContact = .now()
      lastPlace = max(lastPlace, place)
      hasContact = true
    case .failure(let error):
      if hasContact { outages &+= 1 }
      hasContact = false
      reportRenewal(error)
      fail(error)
    }
  }

  /// The number of places that the feed was ahead of the hub when the lease was last renewed.
  var lag: Int { max(lastPlace - received, 0) }

  /// The duration since the last contact with the database.
  func silence(at now: MonotonicTime) -> Duration { now - lastContact }

  /// Whether the node must expect that others declare it dead.
  func isOutOfContact(at now: MonotonicTime) -> Bool { silence(at: now) >= Self.contactPatience }

  // MARK: The end

  /// A call to the log has failed, which may mean the end of the node.
  func fail(_ error: LogError) {
    guard !isEnded, error.cause == .nodeEnded else { return }
    isEnded = true
    whenNodeEnded()
  }

  func end() { isEnded = true }
}

@available(*, unavailable)
extension SharedFeed: Sendable {}
