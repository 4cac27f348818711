import Testing

@testable import FogcatcherCommands

@Suite struct ProgramPagesTests {
  private static func mapping(_ range: String, _ flags: String, _ path: String, anonymous: Int) -> String {
    """
    \(range) \(flags) 07a90000 fe:00 1234                       \(path)
    Size:              50860 kB
    Rss:               30136 kB
    Anonymous:         \(anonymous) kB
    VmFlags: rd ex mr mw me

    """
  }

  @Test func onlyCodeThatIsAsInTheFileIsGivenBack() {
    let maps = [
      Self.mapping("1000-3000", "r--p", "/programs/fog catcher", anonymous: 0),
      Self.mapping("3000-9000", "r-xp", "/programs/fog catcher", anonymous: 0),
      Self.mapping("9000-a000", "r-xp", "/programs/fog catcher", anonymous: 4),
      Self.mapping("a000-b000", "rw-p", "/programs/fog catcher", anonymous: 0),
      Self.mapping("7f00-7f10", "r-xp", "/lib/libc.so.6", anonymous: 0), "7ffc-7ffd r-xp 00000000 00:00 0                 [vdso]\n",
    ].joined()
    #expect(ProgramPages.unchangedCode(ofProgram: "/programs/fog catcher", in: maps) == [0x3000..<0x9000])
    #expect(ProgramPages.unchangedCode(ofProgram: "/programs/another", in: maps).isEmpty)
    #expect(ProgramPages.unchangedCode(ofProgram: "/programs/fog catcher", in: "").isEmpty)
  }
}
