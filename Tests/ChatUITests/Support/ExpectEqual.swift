import Testing

/// Compares the result of a mutating call, which `#expect` cannot take apart.
func expectEqual<Value: Equatable>(
  _ value: Value, _ expected: Value, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(value == expected, comment, sourceLocation: sourceLocation)
}
