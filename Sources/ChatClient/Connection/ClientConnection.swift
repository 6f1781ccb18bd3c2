import ChatProtocol
import NIOCore
import NIOPosix

/// A `ClientSession` with a socket, a clock and a timer.
///
/// Everything happens on one event loop. It does not connect before it is told to (`ClientCommand.connect`), and
/// reconnects by itself until `shutdown`, or until nobody holds it any more.
public final class ClientConnection: Sendable {
  private let loop: any EventLoop
  private let driver: NIOLoopBoundBox<ClientDriver?>

  /// - Parameters:
  ///   - identity: what proves to servers who we are.
  ///   - maximumUnhandledBytes: with more than this from the server behind events for which `handled` was not called, no
  ///     more is read from it, so that a server that is faster than the receiver does not fill the memory. Nil for a
  ///     receiver that keeps nothing and never calls `handled`.
  ///   - onEvents: called on the event loop, with all events of one turn of it, in order; must not block.
  public init(
    name: Nickname, identity: Identity? = nil, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
    maximumUnhandledBytes: Int? = nil,
    onEvents: @escaping @Sendable ([ClientEvent]) -> Void
  ) {
    let loop = group.next()
    let driver = NIOLoopBoundBox<ClientDriver?>.makeEmptyBox(valueType: ClientDriver.self, eventLoop: loop)
    self.loop = loop
    self.driver = driver
    loop.execute {
      driver.value = ClientDriver(
        name: name, identity: identity, loop: loop, maximumUnhandledBytes: maximumUnhandledBytes, onEvents: onEvents)
    }
  }

  deinit {
    loop.execute { [driver] in driver.value?.handle(.command(.quit)) }
  }

  /// From any thread. Commands are obeyed in the order in which one thread gives them.
  public func send(_ command: ClientCommand) {
    loop.execute { [driver] in driver.value?.handle(.command(command)) }
  }

  /// So many more of the events were handled, the oldest first. From any thread.
  public func handled(_ count: Int) {
    loop.execute { [driver] in driver.value?.handled(count) }
  }

  /// Quits, and returns when the goodbye has been sent and all events have been delivered: at once where there is no
  /// connection, otherwise within half a second.
  public func shutdown() async {
    await withCheckedContinuation { continuation in
      loop.execute { [driver] in
        guard let driver = driver.value else { return continuation.resume() }
        driver.end { continuation.resume() }
      }
    }
  }
}
