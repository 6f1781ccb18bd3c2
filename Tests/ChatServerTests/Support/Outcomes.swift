import ChatLog
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
      case .recorded(let proposals, .success): "recorded \(numbers(of: proposals))"
      case .recorded(let proposals, .failure): "not recorded \(numbers(of: proposals))"
      case .repeating: "repeating"
      case .kept: "kept"
      case .tidied: "tidied"
      case .finished: "finished"
      }
    words.withLock { $0.append(word) }
  }

  private func numbers(of proposals: [ProposedChange]) -> String {
    proposals.map { "\($0.change.proposal.number)" }.joined(separator: " ")
  }
}
