import ChatProtocol

/// Acts in the form in which the database keeps them, each once: the log is locked only after this work.
struct EncodedActs {
  /// For each statement the arrays of times, authors, verbs, subjects and texts.
  private(set) var slices: [[PostgresParameter]] = []

  private static let slice = 10_000

  init(_ acts: [Act]) {
    var known: Set<Act> = []
    let distinct = acts.filter { known.insert($0).inserted }
    for start in stride(from: 0, to: distinct.count, by: Self.slice) {
      slices.append(Self.arrays(of: distinct[start..<min(start + Self.slice, distinct.count)]))
    }
  }

  private static func arrays(of acts: ArraySlice<Act>) -> [PostgresParameter] {
    var (subjects, texts) = (PostgresArray(.bytes), PostgresArray(.bytes))
    for act in acts {
      subjects.append(act.subject)
      texts.append(act.text)
    }
    return [
      .int8s(acts.map(\.time.milliseconds)), .texts(acts.map(\.by.text)), .texts(acts.map(\.verb.rawValue)),
      subjects.parameter, texts.parameter,
    ]
  }
}
