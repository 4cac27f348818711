public import ArgumentParser
public import FaceEvents

/// How a target is to be; what is not given stays as it is.
struct TargetOptions: ParsableArguments {
  @Option(
    name: .customLong("to"), parsing: .singleValue, help: ArgumentHelp("Where to post; several for a realtime target.", valueName: "url"))
  var urls: [String] = []
  @Option(help: ArgumentHelp("A name for people.", valueName: "text")) var name: String?
  @Option(help: ArgumentHelp("json (unless given) or form-data.", valueName: "form")) var form: TargetFormat?
  @Option(
    help: ArgumentHelp(
      "Pictures to send: all (unless given), none, or some of reference, scene, face, infrared, other with commas.", valueName: "roles"))
  var pictures: String?
  @Option(help: ArgumentHelp("What stands for a picture that is not sent: empty (unless given) or omit.", valueName: "how")) var offPicture:
    OffPicture?
  @Option(help: ArgumentHelp("Classes to send: all, or some with commas, such as employee,vip.", valueName: "classes")) var classes: String?
  @Option(help: ArgumentHelp("Least score to send, from 0 to 1; 0 for all.", valueName: "score")) var scoreMin: Double?
  @Option(
    help: ArgumentHelp(
      "Longest pause between two looks for events (5 s unless given), or time between two status reports (20 s).", valueName: "time"))
  var period: TimeoutArgument?
  @Option(help: ArgumentHelp("Events read ahead at once, 1 to 100; 100 unless given.", valueName: "number")) var batch: Int?
  @Option(help: ArgumentHelp("Requests in flight, 1 to 64; 24 unless given.", valueName: "number")) var concurrency: Int?
  @Option(help: ArgumentHelp("How long to wait for an answer; 30 s (realtime 0.5 s) unless given.", valueName: "time")) var timeout:
    TimeoutArgument?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A header for every request; \"Name: @file\" takes the value from a file, so that it is in no process list.", valueName: "name: value"
    ))
  var header: [String] = []
  @Flag(help: "Send no headers of one's own.") var noHeaders = false
  @Option(help: ArgumentHelp("PEM file with the authorities to trust; \"\" for the system's.", valueName: "file")) var caFile: String?
  @Option(help: ArgumentHelp("PEM file with the node's own certificate.", valueName: "file")) var certificate: String?
  @Option(help: ArgumentHelp("PEM file with its key.", valueName: "file")) var key: String?
  @Flag(inversion: .prefixedNo, help: "Believe any certificate: whoever is in between can read and change everything.") var insecure: Bool?

  func apply(to target: inout ForwardTarget) throws {
    if !urls.isEmpty { target.urls = urls }
    if let name { target.name = name }
    if let form { target.format = form }
    if let offPicture { target.offPicture = offPicture }
    if let pictures { target.pictures = Set(try Self.words(pictures, "--pictures", PictureRole.allCases, \.word, none: true)) }
    if let classes {
      target.classes = classes == "all" ? nil : Set(try Self.words(classes, "--classes", PersonClass.allCases, \.word, none: false))
    }
    if let scoreMin { target.scoreMin = scoreMin == 0 ? nil : scoreMin }
    if let period { target.periodSeconds = Int(TimeSpan.milliseconds(period.duration) / 1000) }
    if let batch { target.batch = batch }
    if let concurrency { target.concurrency = concurrency }
    if let timeout { target.timeoutMilliseconds = Int(TimeSpan.milliseconds(timeout.duration)) }
    if noHeaders { target.headers = [] }
    if !header.isEmpty { target.headers = try header.map(Self.header) }
    if let caFile { target.tls.caFile = caFile.isEmpty ? nil : OpenData.absolutePath(caFile) }
    if let certificate { target.tls.certificateFile = certificate.isEmpty ? nil : OpenData.absolutePath(certificate) }
    if let key { target.tls.keyFile = key.isEmpty ? nil : OpenData.absolutePath(key) }
    if let insecure { target.tls.isInsecure = insecure }
  }

  private static func words<Word>(
    _ text: String, _ option: String, _ all: [Word], _ word: (Word) -> String, none: Bool
  ) throws -> [Word] {
    if text == "all" { return all }
    if none, text == "none" { return [] }
    return try text.split(separator: ",").map { part in
      let name = part.filter { $0 != " " }.lowercased()
      guard let found = all.first(where: { word($0) == name }) else {
        throw ValidationError("\(option) has \"\(part)\"; it must be of \(all.map(word).joined(separator: ", "))")
      }
      return found
    }
  }

  /// Does not repeat what was given: it may be a token.
  private static func header(_ text: String) throws -> TargetHeader {
    guard let colon = text.firstIndex(of: ":") else {
      throw ValidationError("--header must be a name, a colon and a value, such as --header \"Authorization: @token.txt\"")
    }
    let value = String(text[text.index(after: colon)...].drop { $0 == " " })
    guard value.hasPrefix("@") else { return TargetHeader(name: String(text[..<colon]), value: value) }
    let bytes = try FileBytes.given(String(value.dropFirst()), bytesMax: 4_096)
    let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
    return TargetHeader(name: String(text[..<colon]), value: String(line))
  }
}

/// `beginning`, `end`, or the number of an event.
struct StartArgument: ExpressibleByArgument, Sendable {
  var start: TargetStart

  init(_ start: TargetStart) { self.start = start }

  init?(argument: String) {
    switch argument {
    case "beginning": start = .beginning
    case "end": start = .end
    default:
      guard let sequence = Int64(argument), sequence >= 0 else { return nil }
      start = .after(sequence)
    }
  }

  var defaultValueDescription: String { "end" }
}

extension TargetFormat: ExpressibleByArgument {}
extension TargetLane: ExpressibleByArgument {}
extension OffPicture: ExpressibleByArgument {}
