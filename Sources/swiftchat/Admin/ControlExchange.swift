import ChatModel
import ChatProtocol
import CommandSupport
import NIOCore

/// One request to a running server and its answer, as bytes on the control socket. Does no I/O and reads no clock.
struct ControlExchange {
  enum ExchangeStep: Equatable {
    /// More bytes must arrive.
    case wait
    case send(ByteBuffer)
    case done(AdminAnswer)
  }

  private enum State {
    case agreeing
    case asked
    /// - Parameter reference: of the batch that contains the list.
    case listing(reference: String)
  }

  private let request: AdminRequest
  private var state = State.agreeing
  /// A server's lines may be longer than a client's (`Resources/PROTOCOL.md`, "Lines").
  private var decoder = LineDecoder(limits: LineLimits(line: 8192, tags: 8190), allowsTags: true)
  private var listed: [ServerMessage] = []

  private static let capabilities: Capabilities = [.tags, .moderation]
  private static let label = "1"
  private static let maximumListed = 100_000

  init(_ request: AdminRequest) { self.request = request }

  /// The bytes to send first.
  var opening: ByteBuffer { Self.bytes(.requestCapabilities(Self.capabilities.names)) }

  /// The bytes to send last.
  static var closing: ByteBuffer { bytes(.quit) }

  /// - Throws: `Failure` if there will be no answer.
  mutating func receive(_ arrived: ByteBuffer) throws -> ExchangeStep {
    decoder.append(arrived)
    while let next = decoder.next() {
      guard case .success(let line) = next else { throw Failure("the server's answer is not understood") }
      let step = try hear(ServerMessage(reading: line, in: Self.capabilities), line.tags)
      if step != .wait { return step }
    }
    return .wait
  }

  private mutating func hear(_ message: ServerMessage, _ tags: Tags) throws -> ExchangeStep {
    if case .bye(_, let text) = message { throw Failure("the server hung up: \(DisplayText.sanitize(text))") }
    switch state {
    case .agreeing:
      switch message {
      case .capabilities(.acknowledged, _):
        state = .asked
        var tags = Tags()
        tags.label = Self.label
        return .send(Self.bytes(.admin(request), tags))
      case .capabilities(.refused, _): throw Failure("the server is of a version with no admin commands")
      case .error(let reply): return .done(Self.refusal(reply))
      default: return .wait
      }
    case .asked:
      guard tags.label == Self.label else { return .wait }
      switch message {
      case .ok: return .done(.done(code: tags.invitationCode, pin: tags.pin, place: tags.place))
      case .error(let reply): return .done(Self.refusal(reply))
      case .batchStart(let reference, _, _):
        state = .listing(reference: reference)
        return .wait
      default: return .wait
      }
    case .listing(let reference):
      if message == .batchEnd(reference: reference) { return .done(list) }
      guard tags.batch == reference else { return .wait }
      guard listed.count < Self.maximumListed else { throw Failure("the server's list is too long") }
      listed.append(message)
      return .wait
    }
  }

  private var list: AdminAnswer {
    switch request {
    case .listKeys: .keys(listed.compactMap { if case .key(let key) = $0 { key } else { nil } })
    case .listSanctions:
      .sanctions(listed.compactMap { if case .sanction(let sanction) = $0 { sanction } else { nil } })
    case .listOperators: .operators(listed.compactMap { if case .operatorName(let name) = $0 { name } else { nil } })
    case .listActs: .acts(listed.compactMap { if case .act(let act) = $0 { act } else { nil } })
    default: .done(code: nil)
    }
  }

  private static func refusal(_ reply: ErrorReply) -> AdminAnswer {
    let words = reply.text.isEmpty ? reply.knownCode?.explanation ?? reply.code : reply.text
    return .refused(reason: DisplayText.sanitize(words))
  }

  private static func bytes(_ message: ClientMessage, _ tags: Tags = Tags()) -> ByteBuffer {
    var buffer = ByteBuffer()
    message.write(into: &buffer, tags: tags)
    return buffer
  }
}
