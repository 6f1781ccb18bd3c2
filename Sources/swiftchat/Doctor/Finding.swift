/// One line of the diagnosis.
struct Finding: Equatable {
  enum Outcome: Equatable {
    case fine
    /// Something does not work; the text says how to fix it.
    case fault
    /// The state is unknown; the text says what to try.
    case unknown
  }

  let subject: String
  let outcome: Outcome
  let text: String

  static func fine(_ subject: String, _ text: String) -> Finding {
    Finding(subject: subject, outcome: .fine, text: text)
  }

  static func fault(_ subject: String, _ text: String) -> Finding {
    Finding(subject: subject, outcome: .fault, text: text)
  }

  static func unknown(_ subject: String, _ text: String) -> Finding {
    Finding(subject: subject, outcome: .unknown, text: text)
  }
}

extension Finding: CustomStringConvertible {
  var description: String {
    let mark =
      switch outcome {
      case .fine: "ok "
      case .fault: "fix"
      case .unknown: "?  "
      }
    return "\(mark)  \(subject): \(text)"
  }
}
