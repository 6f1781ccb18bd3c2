import ChatProtocol
import Foundation
import Testing

@testable import swiftchat

/// The time zone. It belongs to the process: no other test here may read it at the same time.
@Suite(.serialized)
struct LocalZoneTests {
  private let moment = Timestamp(milliseconds: 1_795_348_860_000)

  private func restoringZone(_ body: () -> Void) {
    let before = ProcessInfo.processInfo.environment["TZ"]
    body()
    if let before { setenv("TZ", before, 1) } else { unsetenv("TZ") }
    LocalZone.refresh()
  }

  @Test
  func `the time zone changes with the system's zone while the program runs`() {
    restoringZone {
      setenv("TZ", "AAA-5:30", 1)
      LocalZone.refresh()
      #expect(LocalZone.offset(moment) == 19_800)
      setenv("TZ", "BBB+3", 1)
      LocalZone.refresh()
      #expect(LocalZone.offset(moment) == -10_800)
    }
  }

  @Test
  func `the time zone is read again even if TZ names the usual file`() {
    restoringZone {
      for name in ["/etc/localtime", ":/etc/localtime"] {
        setenv("TZ", name, 1)
        LocalZone.adopt()
        #expect(getenv("TZ") == nil)
      }
      setenv("TZ", "Europe/Berlin", 1)
      LocalZone.adopt()
      #expect(getenv("TZ").map { String(cString: $0) } == "Europe/Berlin")
    }
  }
}
