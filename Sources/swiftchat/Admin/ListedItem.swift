import ChatModel
import ChatProtocol

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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

  /// On one line, with the keys in alphabetical order.
  var json: String {
    get throws { String(decoding: try Self.encoder.encode(self), as: UTF8.self) }
  }

  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }()
}
