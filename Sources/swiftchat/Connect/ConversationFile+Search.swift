import ChatUI
import CommandSupport

extension ConversationFile {
  /// Finds a file for this client, and its initial contents.
  struct Search {
    let folder: String
    let name: String
    private(set) var own: ConversationSlot?
    private(set) var ownContents: Contents?
    /// Files of exited clients, in addition to the own file.
    private(set) var absorbed: [ConversationSlot] = []
    private(set) var merged = Contents()
    private(set) var warnings: [String] = []
    /// The reason why no file is available; nil if one is.
    private(set) var obstacle: Failure?

    /// Contents and save times of files that exited clients left behind.
    private var left: [(contents: Contents, time: Double)] = []
    /// The most recently saved contents of running clients.
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
      // A slot without a file is of use only while this client has no slot.
      guard own == nil || time != nil else { return }
      guard let slot = try ConversationSlot.acquire(number, of: name, in: folder) else {
        // The client that has locked the file reports its errors.
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

    /// Merges the contents of all files; the newer file has precedence.
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
      // The files left behind may be older than that of the running client, whose list is then the newest.
      if let shown, shown.time > left.dropLast().first?.time ?? -.infinity, let ignored = shown.contents.memory.ignored
      {
        merged.memory.ignored = ignored
      }
    }
  }
}
