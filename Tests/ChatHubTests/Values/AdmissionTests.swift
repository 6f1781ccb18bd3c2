import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct AdmissionTests {
  private static let peer = Peer(address: IPAddress("10.0.0.1"), isHost: false)
  private static let control = Peer(address: nil, isHost: true, isControl: true)

  private static func reception(
    of peer: Peer, among count: Int = 0, _ settings: HubSettings = HubSettings(), _ registry: Registry = Registry()
  ) -> Admission.Reception {
    let admission = Admission(secret: [1], seed: 1)
    var reception = Admission.Reception.welcome()
    _ = turn { reception = admission.reception(of: peer, among: count, settings, registry, $0) }
    return reception
  }

  private static func refusal(_ code: ErrorCode, _ closing: CloseReason) -> Admission.Reception {
    .refused(Admission.Refusal(error: RequestError(code), closing: closing))
  }

  @Test func `a full server admits only the control socket`() {
    let settings = HubSettings(maximumSessions: 5)
    #expect(Self.reception(of: Self.peer, among: 4, settings) == .welcome())
    #expect(Self.reception(of: Self.peer, among: 5, settings) == Self.refusal(.serverFull, .full))
    #expect(Self.reception(of: .host, among: 5, settings) == Self.refusal(.serverFull, .full))
    #expect(Self.reception(of: Self.control, among: 5, settings) == .welcome())
  }

  @Test func `a banned address is refused, except on the host`() throws {
    let network = try #require(Network("10.0.0.0/8"))
    let ban = Sanction(kind: .ban, subject: .network(network), until: nil, by: .host, reason: "", blocks: [])
    var registry = Registry()
    registry.apply(.sanction(ban))
    guard case .refused(let refusal) = Self.reception(of: Self.peer, HubSettings(), registry) else {
      Issue.record("a banned address was admitted")
      return
    }
    #expect(refusal.error.code == .banned && refusal.closing == .banned)
    let onHost = Peer(address: Self.peer.address, isHost: true)
    #expect(Self.reception(of: onHost, HubSettings(), registry) == .welcome())
  }

  @Test func `the number of lines before login is limited`() {
    var settings = HubSettings()
    settings.limits.linesBeforeLogin = 3
    var session = Session(of: Self.peer, openedAt: MonotonicTime(nanoseconds: 0))
    let ping = Request(.success(.ping), bytes: 4)
    for _ in 0..<3 { #expect(Admission.refusal(of: ping, from: &session, settings) == nil) }
    #expect(Admission.refusal(of: ping, from: &session, settings)?.closing == .unnamed)
  }

  @Test func `browser requests are refused, and the control socket accepts only programs`() {
    func refusal(from peer: Peer, isFromBrowser: Bool) -> CloseReason? {
      var session = Session(of: peer, openedAt: MonotonicTime(nanoseconds: 0))
      let request = Request(.failure(RequestError(.unknownCommand)), bytes: 14, isFromBrowser: isFromBrowser)
      return Admission.refusal(of: request, from: &session, HubSettings())?.closing
    }
    for peer in [Self.peer, .host] {
      #expect(refusal(from: peer, isFromBrowser: true) == .http)
      #expect(refusal(from: peer, isFromBrowser: false) == nil)
    }
    #expect(refusal(from: Self.control, isFromBrowser: true) == nil)
  }

  @Test func `an invitation code is used once`() {
    var admission = Admission(secret: [1], seed: 1)
    let first = admission.nextInvitation
    #expect(admission.nextInvitation == first)
    admission.useInvitation()
    #expect(admission.nextInvitation != first && first.count == Nonces.invitationBytes)
  }
}
