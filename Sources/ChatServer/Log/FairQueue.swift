import DequeModule

/// A queue that serves its owners round-robin, regardless of how many elements each has.
struct FairQueue<Owner: Hashable, Element> {
  private var queues: [Owner: Deque<Element>] = [:]
  /// The owners with waiting elements, in the order of their turns.
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

  /// - Returns: the owner's first element that satisfies the predicate.
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
