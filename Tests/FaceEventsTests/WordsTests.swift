import FaceEvents
import Testing

@Suite struct WordsTests {
  @Test("Words lead back to what they say")
  func words() {
    for lane in Lane.allCases { #expect(Lane(word: lane.word) == lane) }
    for role in PictureRole.allCases { #expect(PictureRole(word: role.word) == role) }
    for personClass in PersonClass.allCases { #expect(PersonClass(word: personClass.word) == personClass) }
    #expect(Lane(word: "status") == nil)
    #expect(PictureRole(word: "") == nil)
  }

  @Test(
    "A class word is read in any case, and MEMBER is an employee",
    arguments: [
      ("VIP", PersonClass.vip), ("Vip", .vip), ("STRANGER", .stranger), ("Employee", .employee), ("MEMBER", .employee),
      ("member", .employee), ("car", .car),
    ])
  func classWords(_ word: String, _ expected: PersonClass) { #expect(PersonClass(word: word) == expected) }

  @Test("A word that nobody has documented is no class", arguments: ["", "guest", "employee ", "vips"])
  func otherWords(_ word: String) { #expect(PersonClass(word: word) == nil) }

  @Test("The codes of the boxes and the numbers in the database are fixed")
  func codes() {
    #expect(PersonClass.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7])
    #expect(PersonClass.allCases.map(\.word) == ["employee", "visitor", "blacklist", "stranger", "vip", "car", "other"])
    #expect(PictureRole.allCases.map(\.word) == ["reference", "scene", "face", "infrared", "other"])
    #expect(PictureRole.allCases.map(\.rawValue) == [1, 2, 3, 4, 5])
    #expect(Lane.allCases.map(\.rawValue) == [1, 2])
    #expect(BodyEncoding.allCases.map(\.word) == ["json", "form-data", "urlencoded", "python-literal"])
    #expect(
      EventForm.allCases.map(\.rawValue) == ["G1", "G2", "G3a", "G3b", "G3c", "G4a", "G4b", "G4c", "G5", "R1", "R2", "R3", "R4", "unknown"])
  }
}
