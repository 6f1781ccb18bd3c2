/// The scalars of a text by index. Always an array, except in tests that count the accesses.
protocol ScalarArray: RandomAccessCollection where Element == Unicode.Scalar, Index == Int {}

extension Array: ScalarArray where Element == Unicode.Scalar {}
