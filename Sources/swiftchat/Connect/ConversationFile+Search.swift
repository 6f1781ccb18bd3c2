import ChatUI

extension ConversationFile {
  /// Finds the file that is to be this client's, and what there is to begin with.
  struct Search {
    let folder: String
    let name: String
    private(set) var own: ConversationSlot?
    private(set) var ownContents: Contents?
    /// Files of clients that have ended, besides the own one.
    private(set) var absorbed: [ConversationSlot] = []
    private(set) var merged = Contents()
    private(set) var warnings: [String] = []
    /// Why there is no file for this client.
    private(set) var obstacle: Failure?

    /// What a client left behind, and when.
    private var left: [(contents: Contents, time: Double)] = []
    /// The newest of what clients that run have saved.
    private var shown: (contents: Contents, time: Double)?

    init(folder: String, name: String) {
      self.folder = folder
      self.name = name
    }

    mutating func run() {
      for number in ConversationSlot.numbers {
        do { try visit(number) } catch { obstacle = obstacle ?? error }
      }
      if own != nil { obstacle = nil }
      merge()
    }

    private mutating func visit(_ number: Int) throws(Failure) {
      let path = ConversationSlot.path(number, of: name, in: folder)
      let time = ConversationSlot.time(of: path)
      // Without a file there is nothing to be had but the place.
      guard own == nil || time != nil else { return }
      guard let slot = try ConversationSlot.acquire(number, of: name, in: folder) else {
        // Who has it warns of what is wrong with it.
        if let time, let contents = try? ConversationSlot.contents(at: path), time > shown?.time ?? -.infinity {
          shown = (contents, time)
        }
        return
      }
      do {
        let contents = try slot.contents()
        if let contents, let time { left.append((contents, time)) }
        guard own == nil else { return absorbed.append(slot) }
        (own, ownContents) = (slot, contents)
      } catch {
        guard let aside = slot.setAside() else {
          warnings.append("\(error), and is left as it is: what was typed before cannot be shown")
          return
        }
        warnings.append("\(error): it is kept as \(aside), and what was typed before cannot be shown")
        if own == nil { own = slot }
      }
    }

    /// The newest decides where two differ.
    private mutating func merge() {
      left.sort { $0.time > $1.time }
      if let shown {
        left.append((Contents(token: shown.contents.token, memory: shown.contents.memory.withoutTyped), 0))
      }
      guard let first = left.first else { return }
      merged = first.contents
      for (contents, _) in left.dropFirst() {
        let isSame = contents.token == merged.token || contents.token == nil || merged.token == nil
        merged.memory = merged.memory.merging(contents.memory, isSamePerson: isSame)
        merged.token = merged.token ?? contents.token
      }
    }
  }
}
