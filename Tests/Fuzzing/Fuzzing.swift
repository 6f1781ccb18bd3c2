import ProtocolProperties

/// What libFuzzer calls with each input. It is built apart from all else, and keeps what it finds of interest:
///
///     SWIFTCHAT_FUZZER=1 swift build -c release --sanitize=fuzzer --product Fuzzing --scratch-path /tmp/fuzzing
///     mkdir -p /tmp/corpus && /tmp/fuzzing/release/Fuzzing /tmp/corpus -max_len=512
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  if let violation = ProtocolProperties.violation(of: input) { fatalError(violation) }
  return 0
}
