import Synchronization

@testable import ChatServer

/// The outcomes that a writer reported, as text, in order.
final class Outcomes: Sendable {
  private let words = Mutex<[String]>([])

  var all: [String] { words.withLock { $0 } }

  func add(_ report: LogWriter.Report) {
    let word =
      switch report {
      case .stored(let group, .success): "stored \(group.messages.count)"
      case .stored(let group, .failure): "not stored \(group.messages.count)"
      case .redacted(let redaction, .success): "redacted \(redaction.id.number)"
      case .redacted(let redaction, .failure): "not redacted \(redaction.id.number)"
      case .recorded(let proposals, nil): "recorded \(proposals.map { "\($0.proposal.number)" }.joined(separator: " "))"
      case .recorded(let proposals, _?):
        "not recorded \(proposals.map { "\($0.proposal.number)" }.joined(separator: " "))"
      case .kept: "kept"
      case .tidied: "tidied"
      case .finished: "finished"
      }
    words.withLock { $0.append(word) }
  }
}
