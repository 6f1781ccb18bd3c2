import ChatRecords

/// A submission with its entries in the form in which the database keeps them: the log is locked only after this work.
struct EncodedSubmission {
  let number: Int64
  private(set) var proposals: [(proposed: ProposedChange, body: [UInt8])] = []
  private(set) var presence: [(entry: FeedEntry, body: [UInt8])] = []
  /// The changes of all proposals.
  let changes: EncodedChanges

  init(_ submission: Submission) throws(PostgresError) {
    number = submission.number
    changes = EncodedChanges(submission.proposals.flatMap(\.change.changes))
    for proposed in submission.proposals {
      let entry = SharedEntry.change(proposed.change, stake: proposed.stake)
      proposals.append((proposed, try FeedCoding.encode(entry)))
    }
    for entry in submission.presence {
      if let shared = SharedEntry(entry) { presence.append((entry, try FeedCoding.encode(shared))) }
    }
  }
}
