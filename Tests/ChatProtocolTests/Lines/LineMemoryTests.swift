import ChatProtocol
import NIOCore
import Testing

/// The decoder does not keep large receive buffers alive.
@Suite struct LineMemoryTests {
  /// A buffer is copied on writing while another shares its storage.
  private static func isShared(_ buffer: inout ByteBuffer) -> Bool {
    let before = buffer.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    buffer.setInteger(UInt8(0), at: buffer.readerIndex)
    return buffer.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) } != before
  }

  private static func arrived(_ text: String) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(65_536)
    buffer.writeString(text)
    return buffer
  }

  @Test(arguments: ["WHO\n", "WHO\nPI", "x", ""])
  func `a short remainder does not keep a large buffer`(_ text: String) {
    var arrived = Self.arrived(text)
    var decoder = LineDecoder(allowsTags: true)
    decoder.append(arrived)
    while decoder.next() != nil {}
    #expect(!Self.isShared(&arrived))
  }

  /// A slice is small but keeps its whole buffer alive.
  @Test(arguments: ["WHO\n", "WHO\nPI", "x", ""])
  func `a slice does not keep its buffer`(_ text: String) throws {
    var arrived = Self.arrived(text)
    var decoder = LineDecoder(allowsTags: true)
    decoder.append(try #require(arrived.getSlice(at: 0, length: text.utf8.count)))
    while decoder.next() != nil {}
    #expect(!Self.isShared(&arrived))
  }

  @Test func `the rest of an endless line is not stored`() {
    var decoder = LineDecoder(allowsTags: false)
    _ = decoder.outcomes(after: String(repeating: "x", count: 5000))
    var arrived = Self.arrived(String(repeating: "x", count: 5000))
    decoder.append(arrived)
    #expect(decoder.next() == nil)
    #expect(!Self.isShared(&arrived))
  }

  /// A decoder is a value: bytes that are appended to a copy do not change the original.
  @Test func `a copy decodes independently`() {
    var decoder = LineDecoder(allowsTags: false)
    _ = decoder.outcomes(after: "MSG a")
    var copy = decoder
    #expect(copy.outcomes(after: "b\n") == [.text("MSG ab")])
    #expect(decoder.outcomes(after: "c\n") == [.text("MSG ac")])
  }
}
