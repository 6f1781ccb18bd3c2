import ChatLog

/// Decides when the writer extends the index between two commits, because it is never idle. A search scans the messages
/// that are not indexed.
struct IndexBacklog {
  /// The number of messages stored and not indexed.
  private var unindexed = 0
  /// The number of messages stored since the last slice, less those that slices have made up for.
  private var stored = 0
  /// The size of the messages stored since the last slice.
  private var bytes = 0
  /// The number of slices since the last commit.
  private var slices = 0

  /// This many unindexed messages still give a search an acceptable delay.
  static let limit = 20_000
  /// Above the limit, a slice is due each time that this many messages have been stored, or messages of this size. A
  /// full slice contains more of both.
  private static let interval = 1000
  private static let bytesOfInterval = 512 << 10
  /// The next commit waits for this many slices at most.
  static let mostSlices = 3

  /// Whether a slice comes before the next commit.
  var isDue: Bool {
    unindexed > Self.limit && slices < Self.mostSlices && (stored >= Self.interval || bytes >= Self.bytesOfInterval)
  }

  /// Notes a commit.
  mutating func store(_ count: Int, bytes: Int) {
    unindexed += count
    stored += count
    self.bytes += bytes
    slices = 0
  }

  /// Notes a slice.
  /// - Parameter work: nil if it failed.
  mutating func index(_ work: DeferredWork?) {
    slices += 1
    bytes = 0
    let indexed = work?.indexed ?? 0
    // Nothing is known after a failure, or if another program was extending the index.
    if let work, work.indexed != nil { unindexed = work.hasMore ? max(unindexed - indexed, 0) : 0 }
    // A slice that has added nothing may have held up the writer: the next one waits for further messages. Of the
    // messages that others have added, half make up for those stored since, so that the index gains.
    let isLast = indexed == 0 || slices >= Self.mostSlices
    stored = isLast ? 0 : max(stored - indexed / 2, 0)
  }
}
