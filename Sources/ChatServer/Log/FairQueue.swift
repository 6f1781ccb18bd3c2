import DequeModule

/// What waits, served in turns: one of each owner's, however many an owner has.
struct FairQueue<Owner: Hashable, Element> {
  private var queues: [Owner: Deque<Element>] = [:]
  /// Those who have something that waits, in the order of their turns.
  private var turns: Deque<Owner> = []

  var isEmpty: Bool { turns.isEmpty }

  mutating func append(_ element: Element, of owner: Owner) {
    if queues[owner] == nil { turns.append(owner) }
    queues[owner, default: []].append(element)
  }

  mutating func popFirst() -> Element? {
    guard let owner = turns.popFirst() else { return nil }
    let element = queues[owner]?.popFirst()
    if queues[owner]?.isEmpty == true { queues[owner] = nil } else { turns.append(owner) }
    return element
  }

  /// - Returns: the first of the owner's for which it is true.
  mutating func remove(of owner: Owner, where isIt: (Element) -> Bool) -> Element? {
    guard let index = queues[owner]?.firstIndex(where: isIt), let element = queues[owner]?.remove(at: index) else {
      return nil
    }
    if queues[owner]?.isEmpty == true {
      queues[owner] = nil
      turns.removeAll { $0 == owner }
    }
    return element
  }
}
