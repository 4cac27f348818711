/// A JSON value to make events of, change and spell in many ways.
indirect enum Tree: Equatable {
  case object([Member])
  case array([Tree])
  case string(String)
  /// Digits before the exponent, and the exponent: 715e-1.
  case number(Int, exponent: Int)
  case bool(Bool)
  case null
  case picture([UInt8])

  struct Member: Equatable {
    var key: String
    var value: Tree
  }

  static func number(_ value: Int) -> Tree { .number(value, exponent: 0) }

  static func object(_ members: (String, Tree)...) -> Tree { .object(members.map { Member(key: $0.0, value: $0.1) }) }
}

extension Tree {
  /// Plain: compact, canonical base64.
  var json: String {
    var random = Seeded(0)
    return write(.plain, &random)
  }

  struct Spelling {
    var reorders = false
    var hasBlanks = false
    var escapes = false
    var respellsNumbers = false
    var respellsPictures = false

    static let plain = Spelling()
    static let other = Spelling(reorders: true, hasBlanks: true, escapes: true, respellsNumbers: true, respellsPictures: true)
  }

  func write(_ spelling: Spelling, _ random: inout Seeded) -> String {
    let blank = spelling.hasBlanks ? random.pick(["", " ", "\n", "\t", "\r\n  "]) : ""
    switch self {
    case .object(let members):
      let ordered = spelling.reorders ? members.shuffled(using: &random) : members
      return "{" + blank
        + ordered.map { "\(Tree.quoted($0.key, spelling, &random))\(blank):\(blank)\($0.value.write(spelling, &random))" }.joined(
          separator: "\(blank),\(blank)")
        + blank + "}"
    case .array(let values): return "[\(blank)" + values.map { $0.write(spelling, &random) }.joined(separator: ",\(blank)") + "\(blank)]"
    case .string(let text): return Tree.quoted(text, spelling, &random)
    case .number(let digits, let exponent): return Tree.number(digits, exponent, spelling, &random)
    case .bool(let value): return value ? "true" : "false"
    case .null: return "null"
    case .picture(let bytes): return "\"\(Tree.base64(bytes, spelling, &random))\""
    }
  }

  private static func quoted(_ text: String, _ spelling: Spelling, _ random: inout Seeded) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": out += "\\\(scalar)"
      case _ where scalar.value < 0x20 || spelling.escapes && random.chance(30):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: random.chance(50))
          out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      case "/" where spelling.escapes && random.chance(50): out += "\\/"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  private static func number(_ digits: Int, _ exponent: Int, _ spelling: Spelling, _ random: inout Seeded) -> String {
    let choice = spelling.respellsNumbers ? random.int(0..<5) : 0
    let sign = digits < 0 ? "-" : ""
    let magnitude = String(digits.magnitude)
    switch choice {
    case 1: return "\(sign)\(magnitude)e\(exponent)"
    case 2 where magnitude != "0": return "\(sign)\(magnitude)000E\(exponent - 3)"
    case 3: return "\(sign)0.\(magnitude)e+\(exponent + magnitude.count)".replacing("e+-", with: "e-")
    case 4 where magnitude != "0": return "\(sign)\(magnitude.first ?? "0").\(magnitude.dropFirst())0e\(exponent + magnitude.count - 1)"
    default:
      guard exponent < 0 else { return "\(sign)\(magnitude)" + (magnitude == "0" ? "" : String(repeating: "0", count: exponent)) }
      let padded = String(repeating: "0", count: max(0, 1 - exponent - magnitude.count)) + magnitude
      return "\(sign)\(padded.dropLast(-exponent)).\(padded.suffix(-exponent))"
    }
  }

  private static func base64(_ bytes: [UInt8], _ spelling: Spelling, _ random: inout Seeded) -> String {
    guard spelling.respellsPictures else { return ReferenceBase64.encode(bytes) }
    return random.pick(PictureTextTests.spellings).write(bytes)
  }
}

extension Tree {
  /// Every tree that differs from this one in one place: a member less or more, another type, another value.
  func changes() -> [(what: String, tree: Tree)] {
    switch self {
    case .object(let members):
      var all: [(String, Tree)] = [("a member more", .object(members + [Member(key: "added", value: .null)]))]
      for (index, member) in members.enumerated() {
        var fewer = members
        fewer.remove(at: index)
        all.append(("\(member.key) missing", .object(fewer)))
        for change in member.value.changes() {
          var other = members
          other[index].value = change.tree
          all.append(("\(member.key): \(change.what)", .object(other)))
        }
        var renamed = members
        renamed[index].key += "_"
        if case .picture = member.value { continue }  // a picture under another key is another picture, and may not be one
        all.append(("\(member.key) renamed", .object(renamed)))
      }
      return all + [("null instead of an object", .null)]
    case .array(let values):
      var all: [(String, Tree)] = [("one more", .array(values + [.null])), ("an object instead", .object([])), ("null instead", .null)]
      for (index, value) in values.enumerated() {
        for change in value.changes() {
          var other = values
          other[index] = change.tree
          all.append(("[\(index)] \(change.what)", .array(other)))
        }
      }
      if values.count > 1, values[0] != values[1] { all.append(("swapped", .array([values[1], values[0]] + values.dropFirst(2)))) }
      return all
    case .string(let text):
      return [("one blank more", .string(text + " ")), ("null instead", .null), ("in an array", .array([self]))]
        + (Int(text).map { [("a number instead", .number($0))] } ?? [])
    case .number(let digits, let exponent):
      return [
        ("one more", .number(digits + 1, exponent: exponent)), ("ten times", .number(digits == 0 ? 7 : digits, exponent: exponent + 1)),
        ("text instead", .string(json)),
        ("null instead", .null), ("a little more", .number(digits * 1000 + 1, exponent: exponent - 3)),
      ]
    case .bool(let value):
      return [("the other", .bool(!value)), ("text instead", .string(json)), ("a number instead", .number(value ? 1 : 0))]
    case .null:
      return [
        ("false instead", .bool(false)), ("text instead", .string("")), ("an object instead", .object([])),
        ("an array instead", .array([])),
      ]
    case .picture(let bytes):
      var other = bytes
      other[bytes.count - 1] ^= 1
      var early = bytes
      early[4] ^= 0x80
      return [
        ("last bit", .picture(other)), ("an early bit", .picture(early)), ("a byte more", .picture(bytes + [0])),
        ("a byte less", .picture(bytes.dropLast())), ("switched off", .string("")),
      ]
    }
  }
}
