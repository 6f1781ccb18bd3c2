import ChatProtocol

/// An answer of several lines, between `BATCH +` and `BATCH -`.
struct Batch: Sendable {
  let address: ReplyAddress
  /// Distinguishes the batches of one session.
  let reference: String
  /// The tags of each line.
  let tags: Tags

  init(_ reference: String, to address: ReplyAddress, in capabilities: Capabilities) {
    self.address = address
    self.reference = reference
    var tags = Tags()
    if capabilities.contains(.tags) { tags.batch = reference }
    self.tags = tags
  }
}

extension Turn {
  /// Sends the first line of the batch.
  /// - Parameters:
  ///   - target: the conversation, for a batch of history.
  ///   - addTags: adds tags after the label.
  mutating func begin(
    _ batch: Batch, _ kind: String, of target: Target? = nil, _ addTags: (inout Tags) -> Void = { _ in }
  ) {
    reply(.batchStart(reference: batch.reference, kind: kind, target: target), to: batch.address, addTags)
  }

  mutating func add(_ line: ServerMessage, to batch: Batch, _ addTags: (inout Tags) -> Void = { _ in }) {
    var tags = batch.tags
    addTags(&tags)
    send(line, tags, to: batch.address.session)
  }

  mutating func end(_ batch: Batch) { send(.batchEnd(reference: batch.reference), to: batch.address.session) }
}
