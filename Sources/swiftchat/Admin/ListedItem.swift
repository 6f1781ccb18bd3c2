import ChatModel
import ChatProtocol

/// One item of a list, as printed by `--json`; absent fields are omitted.
struct ListedItem: Encodable {
  private var name: String?
  private var kind: String?
  private var subject: String?
  private var until: String?
  private var time: String?
  private var by: String?
  private var verb: String?
  private var reason: String?
  private var text: String?

  static func items(of answer: AdminAnswer) -> [ListedItem] {
    switch answer {
    case .sanctions(let sanctions):
      sanctions.map {
        ListedItem(
          kind: $0.kind.rawValue, subject: $0.subject.text, until: $0.until?.description, by: $0.by.text,
          reason: $0.reason)
      }
    case .operators(let names): names.map { ListedItem(name: $0.text) }
    case .acts(let acts):
      acts.map {
        ListedItem(
          subject: $0.subject, time: $0.time.description, by: $0.by.text, verb: $0.verb.rawValue.lowercased(),
          text: $0.text)
      }
    case .done, .keys, .refused: []
    }
  }
}
