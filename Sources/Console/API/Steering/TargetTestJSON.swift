import FaceEvents

/// What a target answered to a test.
enum TargetTestJSON {
  static let schema = Schema.object([
    .init("is_accepted", .boolean, "Every URL accepted it."),
    .init(
      "answers",
      .list(
        .object([
          .init("url", .text(), "Masked."), .init("is_accepted", .boolean), .init("http_status", .nullable(.integer())),
          .init("headers", .list(.object([.init("name", .text()), .init("value", .text())]))), .init("body", .text()),
          .init("failure", .nullable(.text()), "Why nobody answered."), .init("duration_ms", .integer()),
        ]))),
  ])

  static func writeMembers(of answers: [TargetAnswer], to line: inout JSONLine) {
    line.member("is_accepted", answers.allSatisfy(\.isAccepted))
    line.list("answers", answers) { line, answer in
      line.object { line in
        line.member("url", answer.url)
        line.member("is_accepted", answer.isAccepted)
        line.member("http_status", answer.httpStatus.map(Int64.init))
        line.list("headers", answer.headers) { line, header in
          line.object { line in
            line.member("name", header.name)
            line.member("value", header.value)
          }
        }
        line.member("body", String(decoding: answer.body, as: UTF8.self))
        line.member("failure", answer.failure)
        line.member("duration_ms", answer.milliseconds)
      }
    }
  }
}
