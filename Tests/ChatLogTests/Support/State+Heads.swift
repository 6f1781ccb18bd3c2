import ChatProtocol
import ChatRecords

// For tests that are not about epochs.

extension RoomState {
  var withoutHeads: RoomState { RoomState(name: name, head: head, topic: topic) }
}

extension MemberState {
  var withoutHeads: MemberState {
    MemberState(
      correspondents: correspondents.map { Correspondent(member: $0.member, name: $0.name, head: $0.head) },
      marks: marks)
  }
}
