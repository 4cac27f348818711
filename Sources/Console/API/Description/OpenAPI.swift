import FaceEvents
import HTTPTypes

/// The description of the API (OpenAPI 3.1), made of the operations that the router is made of.
struct OpenAPI {
  var operations: [Operation]
  var version: String

  var json: [UInt8] {
    var line = JSONLine()
    line.object { line in
      line.member("openapi", "3.1.0")
      line.key("info")
      line.object { line in
        line.member("title", "Fogcatcher")
        line.member("version", version)
        line.member(
          "description",
          "What a node has received, kept and forwarded. Every time is given twice: as RFC 3339 in UTC, and as milliseconds since 1970 under "
            + "the same name with _ms. A page may be shorter than its limit, even empty; it was the last one when next_cursor is null.")
      }
      line.key("servers")
      line.array { line in line.object { $0.member("url", EventAPI.prefix) } }
      line.key("paths")
      line.object { writePaths(to: &$0) }
      line.key("components")
      line.object { line in
        line.key("schemas")
        line.object { line in
          for (name, schema) in Schemas.all {
            line.key(name)
            schema.write(to: &line)
          }
        }
      }
    }
    return line.bytes
  }

  private func writePaths(to line: inout JSONLine) {
    var paths: [String] = []
    for operation in operations where !paths.contains(operation.path) { paths.append(operation.path) }
    for path in paths {
      line.key(path)
      line.object { line in
        for operation in operations where operation.path == path {
          line.key(operation.method.rawValue.lowercased())
          line.object { write(operation, isHead: false, to: &$0) }
          guard operation.hasHead else { continue }
          line.key("head")
          line.object { write(operation, isHead: true, to: &$0) }
        }
      }
    }
  }

  private func write(_ operation: Operation, isHead: Bool, to line: inout JSONLine) {
    line.member("operationId", isHead ? operation.id + "_head" : operation.id)
    line.member("tags", [operation.tag.rawValue])
    line.member("summary", isHead ? "\(operation.summary), without the body" : operation.summary)
    if let help = operation.help { line.member("description", help) }
    if !operation.parameters.isEmpty {
      line.key("parameters")
      line.array { line in for parameter in operation.parameters { write(parameter, to: &line) } }
    }
    if let body = operation.body { write(body, to: &line) }
    line.key("responses")
    line.object { line in
      for answer in operation.answers { write(answer, isHead: isHead, to: &line) }
      for status in operation.errorStatuses {
        line.key(String(status))
        line.object { line in
          line.member("description", HTTPResponse.Status(code: status).reasonPhrase)
          guard !isHead else { return }
          Self.write([("application/json", Schema.named("Error"))], to: &line)
        }
      }
    }
  }

  private func write(_ parameter: Parameter, to line: inout JSONLine) {
    line.object { line in
      line.member("name", parameter.name)
      line.member("in", parameter.place.rawValue)
      line.member("description", parameter.help)
      line.member("required", parameter.isRequired)
      line.key("schema")
      parameter.kind.schema.write(to: &line)
    }
  }

  private func write(_ body: Operation.Body, to line: inout JSONLine) {
    line.key("requestBody")
    line.object { line in
      line.member("required", body.isRequired)
      Self.write([("application/json", body.schema)], to: &line)
    }
  }

  private func write(_ answer: Operation.Answer, isHead: Bool, to line: inout JSONLine) {
    line.key(String(answer.status))
    line.object { line in
      line.member("description", answer.help)
      if !answer.headers.isEmpty {
        line.key("headers")
        line.object { line in
          for header in answer.headers {
            line.key(header.name)
            line.object { line in
              line.member("description", header.help)
              line.key("schema")
              Schema.text().write(to: &line)
            }
          }
        }
      }
      if !answer.content.isEmpty, !isHead { Self.write(answer.content, to: &line) }
    }
  }

  private static func write(_ content: [(type: String, schema: Schema?)], to line: inout JSONLine) {
    line.key("content")
    line.object { line in
      for (type, schema) in content {
        line.key(type)
        line.object { line in
          guard let schema else { return }
          line.key("schema")
          schema.write(to: &line)
        }
      }
    }
  }
}
