import ChatModel
import ChatProtocol

/// A request on the wire whose answer carries its label: the line, and what each possible answer does.
protocol PendingRequest: BatchReceiver {
  var message: ClientMessage { get }
  /// The tags of the line, besides the label.
  var tags: Tags { get }
  /// The server said `OK`. Not called for a request that a batch answers.
  func accepted(
    _ tags: Tags, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action])
  /// The server did not answer in time. By default the same as a refusal.
  func expired(
    on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action])
  /// The connection broke before the answer.
  func abandoned(
    on online: inout Online, _ serverState: inout ServerState, into actions: inout [ClientSession.Action])
}

/// The purpose of a batch.
protocol BatchReceiver: Sendable {
  /// The lines of the batch that are kept; nil if no batch belongs here.
  var content: Batches.BatchContent? { get }
  /// The batch is complete.
  func received(
    _ batch: Batches.OpenBatch, on online: inout Online, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action])
  /// The server refused the request or did not answer it in time, or its answer is unusable.
  /// - Parameter reason: a sentence.
  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action])
}

extension PendingRequest {
  var tags: Tags { Tags() }
  var content: Batches.BatchContent? { nil }

  static var noAnswer: String { "The server did not answer." }

  func expired(
    on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    refused(reason: Self.noAnswer, on: &online, &serverState, at: moment, into: &actions)
  }

  func accepted(
    _ tags: Tags, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {}

  func abandoned(
    on online: inout Online, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) {}

  func received(
    _ batch: Batches.OpenBatch, on online: inout Online, _ serverState: inout ServerState,
    into actions: inout [ClientSession.Action]
  ) {}

  func refused(
    reason: String, on online: inout Online, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {}
}
