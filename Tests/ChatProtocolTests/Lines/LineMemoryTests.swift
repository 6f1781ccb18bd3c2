import ChatProtocol
import NIOCore
import Testing

/// What arrived is somebody else's buffer: large, and wanted back.
@Suite struct LineMemoryTests {
  /// Writing moves a buffer elsewhere while another still shares its storage.
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
  func `a short remainder does not pin a large buffer`(_ text: String) {
    var arrived = Self.arrived(text)
    var decoder = LineDecoder(allowsTags: true)
    decoder.append(arrived)
    while decoder.next() != nil {}
    #expect(!Self.isShared(&arrived))
  }

  /// A slice says that it is small, and keeps all of what it was cut from.
  @Test(arguments: ["WHO\n", "WHO\nPI", "x", ""])
  func `a slice does not pin what it was cut from`(_ text: String) throws {
    var arrived = Self.arrived(text)
    var decoder = LineDecoder(allowsTags: true)
    decoder.append(try #require(arrived.getSlice(at: 0, length: text.utf8.count)))
    while decoder.next() != nil {}
    #expect(!Self.isShared(&arrived))
  }

  @Test func `the rest of an endless line is not kept`() {
    var decoder = LineDecoder(allowsTags: false)
    _ = decoder.outcomes(after: String(repeating: "x", count: 5000))
    var arrived = Self.arrived(String(repeating: "x", count: 5000))
    decoder.append(arrived)
    #expect(decoder.next() == nil)
    #expect(!Self.isShared(&arrived))
  }

  /// A decoder is a value: what arrives in a copy is not the original's.
  @Test func `a copy reads on its own`() {
    var decoder = LineDecoder(allowsTags: false)
    _ = decoder.outcomes(after: "MSG a")
    var copy = decoder
    #expect(copy.outcomes(after: "b\n") == [.text("MSG ab")])
    #expect(decoder.outcomes(after: "c\n") == [.text("MSG ac")])
  }
}
