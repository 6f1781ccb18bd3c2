import ChatModel
import ChatProtocol
import NIOCore
import NIOPosix

/// Runs a `ClientSession` on a socket with a clock and a timer.
///
/// All work happens on one event loop. The connection stays closed until `ClientCommand.connect`. The client then
/// reconnects by itself until `shutdown`, or until the last reference to this object is released.
public final class ClientConnection: Sendable {
  private let loop: any EventLoop
  private let driver: NIOLoopBoundBox<ClientDriver?>

  /// - Parameters:
  ///   - identity: the key that proves the user's identity to servers.
  ///   - maximumUnhandledBytes: reading stops while more than this many received bytes belong to events for which
  ///     `handled` was not called, so that a server that is faster than the receiver does not fill the memory. Nil for
  ///     a receiver that keeps nothing and never calls `handled`.
  ///   - onEvents: called on the event loop, with all events of one turn of it, in order; must not block.
  public init(
    name: Nickname, identity: Identity? = nil, interests: ClientInterests = ClientInterests(),
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, maximumUnhandledBytes: Int? = nil,
    onEvents: @escaping @Sendable ([ClientEvent]) -> Void
  ) {
    let loop = group.next()
    let driver = NIOLoopBoundBox<ClientDriver?>.makeEmptyBox(valueType: ClientDriver.self, eventLoop: loop)
    self.loop = loop
    self.driver = driver
    loop.execute {
      driver.value = ClientDriver(
        name: name, identity: identity, interests: interests, loop: loop, maximumUnhandledBytes: maximumUnhandledBytes,
        onEvents: onEvents)
    }
  }

  deinit {
    loop.execute { [driver] in driver.value?.handle(.command(.quit)) }
  }

  /// Callable from any thread. Commands from one thread are carried out in order.
  public func send(_ command: ClientCommand) {
    loop.execute { [driver] in driver.value?.handle(.command(command)) }
  }

  /// Reports that the oldest `count` unhandled events were handled. Callable from any thread.
  public func handled(_ count: Int) {
    loop.execute { [driver] in driver.value?.handled(count) }
  }

  /// Quits. Returns when QUIT has been sent and all events have been delivered: at once without a connection, otherwise
  /// within half a second.
  public func shutdown() async {
    await withCheckedContinuation { continuation in
      loop.execute { [driver] in
        guard let driver = driver.value else { return continuation.resume() }
        driver.end { continuation.resume() }
      }
    }
  }
}
