import ChatProtocol

/// How far a conversation was printed.
struct TailPosition: Equatable {
  var target: Target
  var epoch: Epoch
  /// Messages up to this one are printed, or are not to be printed.
  var sequence: Int
  /// Time of the last message that was printed; nil before the first.
  var time: Timestamp?
}
