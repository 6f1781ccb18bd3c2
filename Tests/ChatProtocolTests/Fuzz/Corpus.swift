/// Seeds for mutations: lines of every kind, and inputs that once revealed a fault.
enum Corpus {
  /// One for each way to read them: see `ProtocolProperties`.
  static let beginnings: [[UInt8]] = [[0, 0], [0, 7], [1, 29], [2, 3], [3, 255], [7, 2]]

  static let lines: [String] = [
    "LOGIN neha", "MSG hello  there", "DM akash psst", "WHO", "WHO #lobby", "PING", "QUIT", "AWAY at lunch", "CAP LS",
    "CAP REQ tags presence rooms", "JOIN #lobby e-1.x 7", "PART #room", "ROOMS", "TOPIC #room about", "SAY #room hi",
    "SAY @neha hi", "HISTORY #lobby BEFORE 7 100", "HISTORY @neha LATEST * 5", "SEARCH * 50 from:neha after:2026-11-01",
    "RESUME 01ab #lobby e.1 3 @neha e.2 0", "MARK #lobby 999999999999999999",
    "KEY ADD \(RecordTests.digits).\(RecordTests.digits) laptop", "KEY REMOVE \(RecordTests.digits)", "CREATE #club",
    "INVITE #club neha",
    "ADMIT 3 604800", "KICK neha be kind", "BAN 192.0.2.0/24 3600 spam", "BAN ::ffff:192.0.2.7/120 *",
    "BAN 2001:db8::/32 * x", "UNBAN key:\(RecordTests.digits)", "MUTE neha *", "SLOW #lobby 30", "REMOVE @neha 7 x",
    "OP neha", "AUDIT 100",
    "@lines MSG a\\n\\nb\\\\n\\", "@lines;label=1 DM neha \\n```\\n\\tx\\n```\\n", "@lines SAY #room \\n",
    "@seq=7;id=9;lines MSG neha a\\nb",
    "@label=7;cid=k-1;time=2026-11-22T10:00:00.123Z MSG hi",
    "@key=\(RecordTests.digits);proof=x;invite=a\\sb LOGIN neha",
    "@a=\\:\\s\\\\\\r\\n\\x\\ ;b;;+c=é;example.com/d=1 PING",
    "OK LOGIN", "ERR user-not-found DM Nobody.", "ERR x * y", "USERS a, b,c", "INFO neha disconnected",
    "JOINED neha", "LEFT neha quit", "BACK neha", "CAP ACK tags", "BATCH +0 history #lobby", "BATCH -0", "MOTD  hi ",
    "BYE banned x", "ROOM #lobby 3 topic", "SYNC #lobby e1 7", "GAP @neha 3 7", "RESET #lobby e2",
    "CHALLENGE \(RecordTests.digits)", "REMOVED #lobby 7 neha", "KEY \(RecordTests.digits) 2026-11-22T10:00:00Z x",
    "SANCTION ban 192.0.2.0/24 * neha", "SANCTION mute @neha 2026-11-22T23:59:60.999999999Z host reason",
    "OPERATOR neha", "ACT 2026-11-22T10:00:00.123Z neha REMOVE #lobby 7 spam",
    "MSG раураl ｎｅｈａ 𝓷𝓮 e\u{301}\u{301}\u{301}\u{301}\u{301} \u{1100}\u{1161}\u{11a8} 👍🏽 ❤️ \u{202e}\u{2066}",
    "\u{1f3fd} \u{1f3fd}\u{fffe} ❤️ \u{202e}\u{2066}",
    "7d 90s 2w 0s 99999999999999999w ::1 10.0.0.1/8 @10.0.0.1 key:x dead:beef",
  ]

  /// Replacements for a word or a separator.
  static let words: [String] = [
    "", " ", "\t", "\r", "\n", "\r\n", "\r\0", "\0", "\u{1b}[2J", "\u{7f}", "\u{85}", "@", "#", "*", ":", ";", "=", "/",
    "\\", "0", "-1", "128", "999999999999999999", "9223372036854775807", "9999999999999999999", "#lobby", "@neha",
    "neha", "key:", "::", "255.255.255.255", "\\n", "\\\\", "@lines ", "/0", "/129", "%lo", "1d", "K", "\u{212a}", "ſ",
    "\u{300}", "\u{345}", "\u{200d}",
    "\u{feff}", "\u{fffe}", "\u{10ffff}", "\u{e0001}", "ﷺ", "ﬃ", "İ", "ẞ", "\u{1160}", "\u{3164}",
  ]

  static let bytes: [[UInt8]] = [
    [0xff], [0xc0, 0x80], [0xc2], [0xe2, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf8], [0xc2, 0x9b],
    [0x16, 0x03, 0x01],
  ]
}
