import ProtocolProperties

/// The entry point of libFuzzer. It is built separately and stores interesting inputs in the given folder:
///
///     SWIFTCHAT_FUZZER=1 swift build -c release --sanitize=fuzzer --product Fuzzing --scratch-path /tmp/fuzzing
///     mkdir -p /tmp/corpus && /tmp/fuzzing/release/Fuzzing /tmp/corpus -max_len=512
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  if let violation = ProtocolProperties.violation(of: input) { fatalError(violation) }
  return 0
}
