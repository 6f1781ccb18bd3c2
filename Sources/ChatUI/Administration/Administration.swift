import ChatModel
import ChatProtocol

/// Open administration requests, and the lists of the last answers, for completion.
struct Administration: Hashable, Sendable {
  private struct Asked: Hashable {
    let request: AdminRequest
    let target: Target
  }

  private var asked: [Asked] = []
  private(set) var keys: [AccountKey] = []
  private(set) var sanctions: [Sanction] = []

  private static let maximumAsked = 100
  private static let maximumListed = 1000

  /// Whether an answer is still to come.
  var isWaiting: Bool { !asked.isEmpty }

  /// - Parameter target: the tab to show the answer in.
  mutating func ask(_ request: AdminRequest, from target: Target) {
    if asked.count == Self.maximumAsked { asked.removeFirst() }
    asked.append(Asked(request: request, target: target))
  }

  /// - Returns: the tab that the request was sent from; nil if it is not known any more.
  mutating func takeOrigin(of request: AdminRequest) -> Target? {
    guard let index = asked.firstIndex(where: { $0.request == request }) else { return nil }
    return asked.remove(at: index).target
  }

  mutating func note(_ answer: AdminAnswer) {
    switch answer {
    // Completion needs no labels and reasons: they are shown once and not kept.
    case .keys(let keys):
      self.keys = keys.prefix(Self.maximumListed).map { AccountKey(key: $0.key, added: $0.added, label: "") }
    case .sanctions(let sanctions):
      self.sanctions = sanctions.prefix(Self.maximumListed).map { sanction in
        var sanction = sanction
        sanction.reason = ""
        return sanction
      }
    case .done, .operators, .acts, .refused: break
    }
  }

  /// The subjects in the form that `/unban` and `/unmute` take.
  func subjects(of kind: Sanction.Kind) -> [String] {
    sanctions.filter { $0.kind == kind }.map { sanction in
      if case .name(let name) = sanction.subject { name.text } else { sanction.subject.text }
    }
  }

  /// The listed keys with this beginning. The text may be a shortened key as it is shown, with `…` at the end.
  func keys(beginningWith text: String) -> [PublicKey] {
    let beginning = text.last == "…" ? String(text.dropLast()) : text
    return keys.map(\.key).filter { $0.text.hasPrefix(beginning) }
  }
}
