import Foundation
import NIOCore
import NIOEmbedded
import Testing

@testable import ChatServer

@Suite struct AcceptPauseTests {
  /// What the listener was told last of reading; nil: nothing.
  private func isReading(_ channel: EmbeddedChannel) -> Bool? {
    channel.options.first { $0.option is ChannelOptions.Types.AutoReadOption }?.value as? Bool
  }

  @Test func `without descriptors nobody is accepted for a second, and then it is tried again`() throws {
    let loop = EmbeddedEventLoop()
    let channel = EmbeddedChannel(handler: AcceptPause(), loop: loop)
    #expect(isReading(channel) == nil)
    for round in 1...3 {
      channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
      #expect(isReading(channel) == false, "round \(round)")
      loop.advanceTime(by: .milliseconds(500))
      // One that was under way does not make it longer.
      channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
      loop.advanceTime(by: .milliseconds(499))
      #expect(isReading(channel) == false, "round \(round)")
      loop.advanceTime(by: .milliseconds(1))
      #expect(isReading(channel) == true, "round \(round)")
      loop.advanceTime(by: .seconds(5))
      #expect(isReading(channel) == true, "round \(round)")
    }
    _ = try channel.finish()
  }
}
