public import FaceEvents
import GRDB

extension SQLiteStore {
  public func boxes(after code: String?, limit: Int) async throws(StorageError) -> [BoxRecord] {
    guard limit > 0 else { return [] }
    return try await read("read boxes") { db in
      let newest = try NewestArrivals.ofBoxes(db)
      var boxes: [(key: Int64, record: BoxRecord)] = []
      try SQLStatement(cached: code == nil ? BoxSQL.first : BoxSQL.following, db).rows({ parameters in
        if let code { parameters.text(code) }
        parameters.integer(Int64(limit))
      }) { columns in
        if let box = columns.boxRecord() { boxes.append(box) }
        return true
      }
      return try boxes.map { try newest.completed($0) }
    }
  }

  public func box(_ code: String) async throws(StorageError) -> BoxRecord? {
    try await read("read a box") { db in
      let found = try SQLStatement(cached: BoxSQL.byCode, db).first({ $0.text(code) }, { $0.boxRecord() }).flatMap(\.self)
      return try found.map { try NewestArrivals.ofBoxes(db).completed($0) }
    }
  }

  public func endpoints(box: String?, after key: EndpointKey?, limit: Int) async throws(StorageError) -> [EndpointRecord] {
    guard limit > 0 else { return [] }
    return try await read("read endpoints") { db in
      var endpoints: [(key: Int64, record: EndpointRecord)] = []
      func read(_ sql: String, _ bind: (inout SQLParameters) -> Void) throws {
        guard endpoints.count < limit else { return }
        try SQLStatement(cached: sql, db).rows({ parameters in
          bind(&parameters)
          parameters.integer(Int64(limit - endpoints.count))
        }) { columns in
          endpoints.append(columns.endpointRecord())
          return true
        }
      }
      switch (box, key) {
      case (let box?, nil): try read(EndpointSQL.ofBox) { $0.text(box) }
      case (nil, nil): try read(EndpointSQL.all) { _ in }
      case (_, let key?):
        // Those without an id come first, and any id is at least the empty one.
        if box == nil || box == key.box {
          try read(key.id == nil ? EndpointSQL.withID : EndpointSQL.followingInBox) { parameters in
            parameters.text(key.box)
            if let id = key.id { parameters.text(id) }
          }
        }
        if box == nil { try read(EndpointSQL.ofFollowingBoxes) { $0.text(key.box) } }
      }
      let newest = try NewestArrivals.ofEndpoints(db)
      return try endpoints.map { try newest.completed($0) }
    }
  }
}
