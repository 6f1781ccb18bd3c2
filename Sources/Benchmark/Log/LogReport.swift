/// The output of `bench log`.
struct LogReport: BenchReport {
  let benchmark = "log"
  let messages: Int
  let rooms: Int
  let storedAlonePerSecond: Double
  let storedInGroupsPerSecond: Double
  let group = LogFilling.group
  let commitAloneMilliseconds: Percentiles?
  let commitGroupMilliseconds: Percentiles?
  /// Nil, as `indexSeconds`, if there are too few messages for a search with messages that are not indexed yet.
  let indexedPerSecond: Double?
  let indexSeconds: Double?
  /// Indexing the last messages and merging segments of the index, as a server does when it is idle.
  let mergeSeconds: Double
  let pageMilliseconds: Percentiles?
  let behindMessages: Int
  let behindMilliseconds: Double
  let searches: [SearchMeasurement]
  var diskBytes = 0 { didSet { diskBytesPerMessage = Double(diskBytes) / Double(messages) } }
  private(set) var diskBytesPerMessage = 0.0
  /// The memory of this process, including the data of the checks.
  let peakMemoryBytes: Int
  let complaint: String?
  let passed: Bool

  /// One measured task and its duration.
  struct WorkMeasurement {
    let messages: Int
    let duration: Duration
    /// Duration of the steps in milliseconds; nil if the task has none.
    var steps: Percentiles?

    var seconds: Double { Double(duration.nanoseconds) / 1e9 }
    var perSecond: Double { seconds > 0 ? Double(messages) / seconds : 0 }
  }

  struct SearchMeasurement: Encodable {
    let name: String
    let query: String
    let conversations: Int
    let found: Int
    let milliseconds: Percentiles?
  }

  init(
    messages: Int, rooms: Int, storedAlone: WorkMeasurement, stored: WorkMeasurement, indexing: WorkMeasurement,
    merging: WorkMeasurement, page: Percentiles?, catchUp: WorkMeasurement,
    searches: [SearchMeasurement], peakMemoryBytes: Int, complaint: String?
  ) {
    self.messages = messages
    self.rooms = rooms
    storedAlonePerSecond = storedAlone.perSecond
    storedInGroupsPerSecond = stored.perSecond
    commitAloneMilliseconds = storedAlone.steps
    commitGroupMilliseconds = stored.steps
    indexedPerSecond = indexing.messages > 0 ? indexing.perSecond : nil
    indexSeconds = indexing.messages > 0 ? indexing.seconds : nil
    mergeSeconds = merging.seconds
    pageMilliseconds = page
    behindMessages = catchUp.messages
    behindMilliseconds = catchUp.seconds * 1000
    self.searches = searches
    self.peakMemoryBytes = peakMemoryBytes
    self.complaint = complaint
    passed = complaint == nil
  }

  var table: Table {
    var table = Table("log: \(messages.grouped) messages in \(rooms.grouped) rooms")
    table.add("stored", "\(storedAlonePerSecond.digits())/s one by one")
    table.add("", commitAloneMilliseconds?.textWithMaximum)
    table.add("", "\(storedInGroupsPerSecond.digits())/s in groups of \(group)")
    table.add("", commitGroupMilliseconds?.textWithMaximum)
    if let indexedPerSecond, let indexSeconds {
      table.add(
        "indexed",
        "\(indexedPerSecond.digits())/s, \(indexSeconds.digits(1)) s in all; the rest, and merging, in "
          + "\(mergeSeconds.digits(1)) s")
    } else {
      table.add("indexed and merged", "\(mergeSeconds.digits(1)) s")
    }
    table.add("a page of 100", pageMilliseconds?.textWithMaximum)
    table.add(
      "\(behindMessages.grouped) behind", "\(behindMilliseconds.digits()) ms in pages of 500")
    for search in searches { table.add(search.name, search.milliseconds?.textWithMaximum) }
    table.add("on disk", "\(diskBytes.bytesText), \(diskBytesPerMessage.digits()) bytes a message")
    table.add("peak memory", peakMemoryBytes.bytesText)
    table.add("checks", complaint ?? "pages and searches were what they should be")
    return table
  }
}

extension Percentiles {
  fileprivate var textWithMaximum: String { "\(text("ms", digits: 2)), at most \(max.digits(2)) ms" }
}
