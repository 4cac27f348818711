import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Console

@Suite struct PageRequestTests {
  private func page(_ target: String) -> PageRequest {
    PageRequest(
      Request(head: HTTPRequest(method: .get, scheme: nil, authority: "h", path: target), body: RequestBody(buffer: ByteBuffer())))
  }

  @Test func pathAndFiltersAreDecoded() {
    let page = page("/people/E%2F1?name=Lin+Wei&class=&q=%E6%9D%8E")
    #expect(page.pathParts == ["people", "E/1"] && page.path == "/people/E%2F1")
    #expect(page.parameters.map(\.name) == ["name", "q"] && page["name"] == "Lin Wei" && page["q"] == "\u{674E}")
  }

  /// Pages take the part of the path that their route promises: a target that is read in another way than the router reads it would have none.
  @Test("A page sees the path that the router saw", arguments: ["*?://h/forwarding/x", "http://h/forwarding/x?a=b", "x://h/forwarding/x"])
  func oddTargets(_ target: String) {
    #expect(page(target).pathParts == ["forwarding", "x"])
  }
}
