/// About how many bytes a value keeps: its texts, and some for each of its parts. Every stored property counts, whoever
/// adds it, so that a collection without a bound cannot be overlooked.
package func stateSize(of value: Any) -> Int {
  switch value {
  case let text as String: return text.utf8.count + 16
  case let text as Substring: return text.utf8.count + 16
  case is any FixedWidthInteger, is Bool, is Character, is Double: return 8
  case let list as any Collection:
    return list.reduce(into: 16) { $0 += stateSize(of: $1) }
  default:
    let children = Mirror(reflecting: value).children
    return children.reduce(8) { $0 + stateSize(of: $1.value) }
  }
}

extension Collection {
  fileprivate func reduce(into result: Int, _ add: (inout Int, Any) -> Void) -> Int {
    var result = result
    for element in self { add(&result, element) }
    return result
  }
}
