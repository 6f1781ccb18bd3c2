extension TabList {
  /// Removes the oldest entries above the limits. Called after every event and from nowhere else, so that every way to
  /// add lines is bounded.
  /// - Parameter maximumOfAll: the limit for the bytes of all transcripts together.
  mutating func trimTranscripts(toBytes maximumOfAll: Int) {
    var bytes = 0
    // Reads `tabs` and not the subscript of the list, which would copy the tab.
    for index in tabs.indices {
      let isAtBottom = tabs[index].scroll == .bottom
      let maximum = isAtBottom ? Transcript.maximumEntries : Transcript.maximumEntriesAbove
      if tabs[index].transcript.exceeds(maximum, bytes: Transcript.maximumBytes) {
        trim(index, to: maximum, bytes: Transcript.maximumBytes)
      }
      bytes += tabs[index].transcript.bytes
    }
    while bytes > maximumOfAll {
      // The largest tab first; the current one only if it is the last.
      let largest = tabs.indices.max { left, right in
        (left != currentIndex ? 1 : 0, tabs[left].transcript.bytes)
          < (right != currentIndex ? 1 : 0, tabs[right].transcript.bytes)
      }
      guard let largest, tabs[largest].transcript.entries.count > 1 else { return }
      let before = tabs[largest].transcript.bytes
      trim(largest, to: Transcript.maximumEntries, bytes: before / 2)
      bytes -= before - tabs[largest].transcript.bytes
      guard tabs[largest].transcript.bytes < before else { return }
    }
  }

  private mutating func trim(_ index: Int, to maximum: Int, bytes: Int) {
    guard self[index].transcript.trim(to: maximum, bytes: bytes), self[index].epoch != nil else { return }
    self[index].older = .unknown
  }
}
