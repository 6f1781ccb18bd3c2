import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The merged memory of two clients of one user.
@Suite
struct MergingTests {
  private func memory(_ body: (inout Stage) -> Void) -> InterfaceMemory {
    var stage = Stage.online(80, 24)
    body(&stage)
    return stage.memory
  }

  @Test
  func `has everything that was typed`() {
    let one = memory { stage in
      stage.sync(head: 10, mark: 3)
      stage.page(1...10)
      stage.enter("/dm zoe")
      stage.type("to zoe")
      stage.press("Alt+1")
      stage.type("mine")
    }
    var other = memory { stage in
      stage.sync(head: 12, mark: 12)
      stage.page(1...12)
      stage.enter("waits")
      stage.type("the other's")
      stage.hear(.roomJoined(RoomName(testing: "#garden")))
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
  func `of two accounts keeps messages that may have been sent as drafts`() {
    let other = memory { stage in
      stage.enter("sent?")
      stage.hear(.sending(SendID(1)))
      stage.enter("not sent")
      stage.enter("/dm zoe psst")
      stage.hear(.sending(SendID(3)))
    }
    let merged = memory { $0.type("mine") }.merging(other, isSamePerson: false)
    #expect(merged.unconfirmed.map(\.text) == ["not sent"])
    #expect(merged.tabs[0].draft == "mine")
    #expect(merged.tabs[0].history.last == "sent?")
    #expect(merged.tabs.first { $0.target == "@zoe" }?.draft == "psst")
  }

  @Test
  func `of another log stays separate`() {
    let one = memory { $0.sync(epoch: "e1", head: 0) }
    let other = memory { stage in
      stage.sync(epoch: "e2", head: 3)
      stage.page(1...3, hasMore: false)
      stage.type("x")
    }
    let merged = one.merging(other, isSamePerson: true)
    #expect(merged.tabs[0].epoch == "e1")
    #expect(merged.tabs[0].messages.isEmpty)
    #expect(merged.tabs[0].draft == "x")
  }

  @Test
  func `keeps a draft only in the client in which it was typed`() {
    let memory = memory { stage in
      stage.say("zoe", "hi")
      stage.enter("waits")
      stage.type("half")
    }.withoutTyped
    #expect(memory.unconfirmed.isEmpty)
    #expect(memory.tabs.allSatisfy { $0.draft.isEmpty })
    #expect(memory.tabs[0].messages.count == 1)
  }

  @Test
  func `keeps the draft of a room that was left without joining it`() {
    let memory = memory { stage in
      stage.hear(.roomJoined(RoomName(testing: "#garden")))
      stage.sync("#garden", head: 2, mark: 1)
      stage.press("Ctrl+N")
      stage.type("what I meant")
      stage.hear(.roomLeft(RoomName(testing: "#garden"), reason: "it is locked"))
    }
    #expect(memory.cursors.map(\.target) == [.lobby] || memory.cursors.isEmpty)
    var stage = Stage(80, 24, memory: memory.checked)
    stage.connect()
    #expect(!stage.takeCommands().contains(.client(.join(RoomName(testing: "#garden")))))
    #expect(stage.input == "what I meant")
    #expect(stage.statusRow.contains("not in #garden"))
  }
}
