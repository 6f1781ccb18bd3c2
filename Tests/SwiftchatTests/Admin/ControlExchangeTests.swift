import ChatModel
import ChatProtocol
import NIOCore
import TestSupport
import Testing

@testable import CommandSupport
@testable import swiftchat

/// A request over the control socket.
@Suite
struct ControlExchangeTests {
  private let slow = AdminRequest.slow(.lobby, seconds: 60)

  /// The result for these lines of the server, received in pieces of this size.
  private func play(
    _ request: AdminRequest, _ said: String, pieces: Int = .max
  ) throws -> (sent: [String], answer: AdminAnswer?) {
    var exchange = ControlExchange(request)
    var sent = [String(buffer: exchange.opening)]
    var rest = ByteBuffer(string: said)
    while rest.readableBytes > 0 {
      guard let piece = rest.readSlice(length: min(pieces, rest.readableBytes)) else { break }
      var step = try exchange.receive(piece)
      while case .send(let bytes) = step {
        sent.append(String(buffer: bytes))
        step = try exchange.receive(ByteBuffer())
      }
      if case .done(let answer) = step { return (sent, answer) }
    }
    return (sent, nil)
  }

  @Test(arguments: [1, 2, 7, .max])
  func `the control exchange negotiates the dialect and sends one request`(pieces: Int) throws {
    let (sent, answer) = try play(slow, "CAP ACK tags moderation\n@label=1 OK SLOW\n", pieces: pieces)
    #expect(sent == ["CAP REQ tags moderation\n", "@label=1 SLOW #lobby 60\n"])
    #expect(answer == .done(code: nil))
  }

  @Test
  func `the control exchange reads an invitation code from a tag`() throws {
    let answer = try play(
      .admit(uses: 1, for: .forever), "CAP ACK tags moderation\n@label=1;code=aB_-9;place=*:5001 OK ADMIT\n"
    ).answer
    #expect(answer == .done(code: "aB_-9", place: "*:5001"))
  }

  @Test
  func `the control exchange shows a refusal with the server's text, sanitised`() throws {
    let cases = [
      ("@label=1 ERR not-found SLOW Nobody is called so.", "Nobody is called so."),
      ("@label=1 ERR not-operator SLOW", "Only operators may do this."), ("@label=1 ERR new-code SLOW", "new-code"),
      ("@label=1 ERR x SLOW \u{202e}evil\u{200b}", "evil"),
    ]
    for (line, words) in cases {
      #expect(try play(slow, "CAP ACK tags moderation\n\(line)\n").answer == .refused(reason: words), "\(line)")
    }
    #expect(try play(slow, "ERR banned You are banned\n").answer != nil)
  }

  @Test(arguments: [1, 5, .max])
  func `the control exchange reads a list from its batch only`(pieces: Int) throws {
    let said = """
      CAP ACK tags moderation
      @time=2026-11-22T10:00:00.123Z MSG zoe hello
      @label=0 OK BANS
      SANCTION ban @nobody * host
      @label=1 BATCH +7 sanctions
      @batch=6 SANCTION ban @other * host
      @batch=7 SANCTION ban 192.0.2.0/24 * host
      @batch=7 SANCTION mute @zoe 2026-11-23T00:00:00.000Z neha two  words
      @batch=7 RUBBISH of a later version
      BATCH -6
      BATCH -7

      """
    let answer = try play(.listSanctions, said, pieces: pieces).answer
    guard case .sanctions(let sanctions) = answer else {
      Issue.record("\(String(describing: answer))")
      return
    }
    #expect(sanctions.map(\.subject.text) == ["192.0.2.0/24", "@zoe"])
    #expect(sanctions.map(\.reason) == ["", "two  words"])
    #expect(sanctions.map(\.until?.description) == [nil, "2026-11-23T00:00:00.000Z"])
  }

  @Test
  func `the control exchange reads lists of operators and acts, including empty ones`() throws {
    let start = "CAP ACK tags moderation\n@label=1 BATCH +a x\n"
    #expect(try play(.listOperators, start + "@batch=a OPERATOR neha\nBATCH -a\n").answer == .operators(Self.neha))
    #expect(try play(.listActs(limit: 2), start + "BATCH -a\n").answer == .acts([]))
    let acts = try play(
      .listActs(limit: 2), start + "@batch=a ACT 2026-11-23T00:00:00.000Z host OP @neha\nBATCH -a\n"
    ).answer
    guard case .acts(let acts) = acts else {
      Issue.record("no acts")
      return
    }
    #expect(acts.map(\.verb) == [.makeOperator])
  }

  private static var neha: [Nickname] { ["neha"].compactMap { Nickname($0) } }

  @Test
  func `the control exchange reports a server that cannot answer`() {
    let cases = [
      ("CAP NAK tags moderation\n", "no admin commands"),
      ("CAP ACK tags moderation\nBYE server-shutting-down Bye.\n", "hung up: Bye."),
      ("CAP ACK tags moderation\n\u{1}\n" + String(repeating: "x", count: 9000) + "\n", "not understood"),
      ("@" + String(repeating: "x", count: 9000), "not understood"),
    ]
    for (said, words) in cases {
      do {
        let answer = try play(slow, said).answer
        Issue.record("\(said.prefix(40)): \(String(describing: answer))")
      } catch {
        #expect("\(error)".contains(words), "\(error)")
      }
    }
  }

  @Test(.computing)
  func `the control exchange discards a list without an end`() throws {
    var exchange = ControlExchange(.listOperators)
    _ = try exchange.receive(ByteBuffer(string: "CAP ACK tags moderation\n"))
    _ = try exchange.receive(ByteBuffer(string: "@label=1 BATCH +a operators\n"))
    let page = ByteBuffer(string: String(repeating: "@batch=a OPERATOR neha\n", count: 1000))
    #expect(throws: Failure.self) { for _ in 0..<200 { _ = try exchange.receive(page) } }
  }
}
