import ChatProtocol

/// The position in a conversation up to which it was printed.
struct TailPosition: Equatable {
  var target: Target
  var epoch: Epoch
  /// The last message that was printed, or that was skipped at the start.
  var sequence: Int
  /// Time of the last message that was printed; nil before the first.
  var time: Timestamp?
}
