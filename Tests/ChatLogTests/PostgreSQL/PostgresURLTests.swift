import Testing

@testable import ChatLog

/// The address of a database is shown without its password.
@Suite struct PostgresURLTests {
  @Test(arguments: [
    ("postgresql://chat@db.example/chat", "postgresql://chat@db.example/chat"),
    (
      "postgres://chat:secret@db.example:5432/chat?sslmode=verify-full&connect_timeout=3",
      "postgres://chat@db.example:5432/chat?sslmode=verify-full"
    ),
    ("postgresql://chat:se@cr:et/?@db/chat", "postgresql://chat@db/chat"),
    ("postgresql://:secret@db/chat", "postgresql://@db/chat"),
    ("postgresql://db/chat?user=u&password=secret&sslmode=require", "postgresql://db/chat?user=u&sslmode=require"),
    ("postgresql://db/chat?pass%77ord=secret", "postgresql://db/chat"),
    ("postgresql://db/chat?sslpassword=secret", "postgresql://db/chat"),
    ("postgresql://secret/with@slash:x@db/chat", "postgresql://db/chat"),
    ("postgresql:///chat?host=/run/postgresql", "postgresql:///chat?host=/run/postgresql"),
    ("postgresql://", "postgresql://"),
  ])
  func `no password is shown`(text: String, shown: String) throws {
    let url = try #require(PostgresURL(text))
    #expect("\(url)" == shown)
    #expect(!String(reflecting: url).contains("secret") && !"\([url])".contains("secret"))
    var dumped = ""
    dump(url, to: &dumped)
    #expect(!dumped.contains("secret"))
  }

  @Test(arguments: [
    "postgresql://", "postgresql://db", "postgresql://chat@db/chat", "postgresql://chat:p:w?%40%2F#@db:5432/chat",
    "postgresql://chat:secret@db1:5432,db2:5433/chat?target_session_attrs=read-write",
    "postgresql://chat:secret@[::1]:5432/chat", "postgresql://chat:secret@%2Frun%2Fpostgresql/chat",
    "postgresql://chat@db?user=chat@host", "postgresql:///chat?host=/run/postgresql&user=chat@host",
    "postgresql://?host=/run/postgresql&user=chat@host", "postgresql://db/chat@work",
    "postgresql://db:5432/chat@work", "postgresql://db1:5432,[::1]:5433/chat@work?user=chat",
  ])
  func `an address whose password is encoded, or that has none, is not refused`(text: String) throws {
    let url = try #require(PostgresURL(text))
    #expect(!url.hasUnencodedPassword)
  }

  @Test(arguments: [
    "postgresql://chat:pw@db/chat@work", "postgresql://chat:pw/chat@work", "postgresql://chat:5/pw@db/chat",
    "postgresql://db:5432,chat:pw/chat@work", "postgresql://chat:p@w@db/chat",
  ])
  func `an address whose password may contain an @ or a slash is refused`(text: String) throws {
    let url = try #require(PostgresURL(text))
    #expect(url.hasUnencodedPassword)
  }

  @Test(arguments: ["", "chat", "host=db dbname=chat", "mysql://db/chat", "postgresql:/db", "postgresql://d\nb/chat"])
  func `other texts are no addresses`(text: String) { #expect(PostgresURL(text) == nil) }
}
