import ChatProtocol

/// An act of an operator as `log export --acts` prints it.
struct ExportedAct: Encodable {
  private let time: String
  private let by: String
  private let verb: String
  private let subject: String
  private let text: String

  init(_ act: Act) {
    time = act.time.description
    by = act.by.text
    verb = act.verb.rawValue
    subject = act.subject
    text = act.text
  }
}
