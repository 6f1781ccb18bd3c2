import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The merged memory of two clients of one user.
@Suite
struct MergingTests {
  private func memory(_ body: (inout InterfaceHarness) -> Void) -> InterfaceMemory {
    var harness = InterfaceHarness.online(80, 24)
    body(&harness)
    return harness.memory
  }

  @Test
  func `the merged memory has everything that was typed`() {
    let one = memory { harness in
      harness.receiveHead(head: 10, mark: 3)
      harness.receivePage(1...10)
      harness.enter("/dm zoe")
      harness.type("to zoe")
      harness.press("Alt+1")
      harness.type("mine")
    }
    var other = memory { harness in
      harness.receiveHead(head: 12, mark: 12)
      harness.receivePage(1...12)
      harness.enter("waits")
      harness.type("the other's")
      harness.receive(.roomJoined(RoomName(testing: "#garden")))
    }
    other.unconfirmed[0].id = 50
    let merged = one.merging(other, isSamePerson: true)
    #expect(merged.tabs.map(\.target) == ["#lobby", "@zoe", "#garden"])
    #expect(merged.tabs.map(\.draft) == ["mine", "to zoe", ""])
    #expect(merged.tabs[0].history.last == "the other's")
    #expect(merged.tabs[0].history.contains("waits"))
    #expect(merged.tabs[0].cursor == 12)
    #expect(merged.tabs[0].mark == 12)
    #expect(merged.tabs[0].messages.count == 12)
    #expect(merged.unconfirmed.map(\.text) == ["waits"])
    #expect(merged.merging(other, isSamePerson: true).unconfirmed == merged.unconfirmed)
    #expect(merged.checked.unconfirmed == merged.unconfirmed)
  }

  @Test
  func `the merged memory of two accounts keeps messages that may have been sent as drafts`() {
    let other = memory { harness in
      harness.enter("sent?")
      harness.receive(.sending(SendID(1)))
      harness.enter("not sent")
      harness.enter("/dm zoe psst")
      harness.receive(.sending(SendID(3)))
    }
    let merged = memory { $0.type("mine") }.merging(other, isSamePerson: false)
    #expect(merged.unconfirmed.map(\.text) == ["not sent"])
    #expect(merged.tabs[0].draft == "mine")
    #expect(merged.tabs[0].history.last == "sent?")
    #expect(merged.tabs.first { $0.target == "@zoe" }?.draft == "psst")
  }

  /// Only foreign servers have such names.
  @Test(arguments: [true, false])
  func `the merged memory keeps both drafts for a person with a name of several words`(isSamePerson: Bool) throws {
    let john = Target.person(try #require(Nickname(spaced: "John Smith")))
    func memory(typed: String, sent: String) -> InterfaceMemory {
      let tab = RememberedTab(target: john.text, isWhole: false, messages: [], draft: typed, history: [])
      let send = RememberedSend(
        id: UInt64(sent.utf8.count), target: john.text, text: sent, time: 0, wasTransmitted: true, epoch: nil)
      return InterfaceMemory(tabs: [tab], unconfirmed: [send])
    }
    let merged = memory(typed: "mine", sent: "one").merging(
      memory(typed: "the other's", sent: "another"), isSamePerson: isSamePerson)
    for merged in [merged, merged.checked] {
      let tabs = merged.tabs.filter { $0.target == john.text }
      #expect(tabs.map(\.draft) == ["mine"])
      #expect(tabs.map(\.history) == [isSamePerson ? ["the other's"] : ["the other's", "another"]])
      #expect(merged.unconfirmed.map(\.text) == (isSamePerson ? ["one", "another"] : ["one"]))
    }
  }

  @Test
  func `the merged memory of another log stays separate`() {
    let one = memory { $0.receiveHead(epoch: "e1", head: 0) }
    let other = memory { harness in
      harness.receiveHead(epoch: "e2", head: 3)
      harness.receivePage(1...3, hasMore: false)
      harness.type("x")
    }
    let merged = one.merging(other, isSamePerson: true)
    #expect(merged.tabs[0].epoch == "e1")
    #expect(merged.tabs[0].messages.isEmpty)
    #expect(merged.tabs[0].draft == "x")
  }

  @Test
  func `the merged memory keeps a draft only in the client in which it was typed`() {
    let memory = memory { harness in
      harness.receiveMessage(from: "zoe", "hi")
      harness.enter("waits")
      harness.type("half")
    }.withoutTyped
    #expect(memory.unconfirmed.isEmpty)
    #expect(memory.tabs.allSatisfy { $0.draft.isEmpty })
    #expect(memory.tabs[0].messages.count == 1)
  }

  @Test
  func `the merged memory keeps the draft of a room that was left without joining it`() {
    let memory = memory { harness in
      harness.receive(.roomJoined(RoomName(testing: "#garden")))
      harness.receiveHead("#garden", head: 2, mark: 1)
      harness.press("Ctrl+N")
      harness.type("what I meant")
      harness.receive(.roomLeft(RoomName(testing: "#garden"), reason: "it is locked"))
    }
    #expect(memory.cursors.map(\.target) == [.lobby] || memory.cursors.isEmpty)
    var harness = InterfaceHarness(80, 24, memory: memory.checked)
    harness.goOnline()
    #expect(!harness.takeCommands().contains(.client(.join(RoomName(testing: "#garden")))))
    #expect(harness.input == "what I meant")
    #expect(harness.statusRow.contains("not in #garden"))
  }
}
