/// The approximate size of a value in bytes: its texts, and a constant for each part. All stored properties count,
/// including ones added later, so that an unbounded collection is noticed.
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
