import FaceEvents
import Foundation
import SQLiteStorage
import Testing

@Suite struct DataDirectoryTests {
  @Test func theDirectoryAndThoseAboveItAreMadeForTheOwnerAlone() async throws {
    try await withDirectory { directory in
      let path = directory + "/a/b//c/"
      try DataDirectory.prepare(path)
      try DataDirectory.prepare(path)
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o700)
    }
  }

  @Test func aFileInTheWayIsNamed() async throws {
    try await withDirectory { directory in
      let path = directory + "/taken"
      #expect(FileManager.default.createFile(atPath: path, contents: Data([1])))
      for target in [path, path + "/below"] {
        let error = try #require(throws: StorageError.self) { try DataDirectory.prepare(target) }
        #expect("\(error)".contains(path) && "\(error)".contains("another directory"))
      }
    }
  }

  @Test func anEmptyNameIsRefused() {
    #expect(throws: StorageError.self) { try DataDirectory.prepare("") }
  }
}

@Suite struct DataDirectoryLockTests {
  @Test func aSecondHolderIsRefusedWithTheNameOfTheFirst() async throws {
    try await withDirectory { directory in
      let lock = try DataDirectoryLock.acquire(directory: directory, command: "fogcatcher serve")
      let error = try #require(throws: StorageError.self) {
        _ = try DataDirectoryLock.acquire(directory: directory, command: "fogcatcher verify")
      }
      guard case .locked(let text) = error else {
        Issue.record("not locked: \(error)")
        return
      }
      let holder = try #require(DataDirectoryLock.holder(directory: directory))
      #expect(holder.processID == ProcessInfo.processInfo.processIdentifier && holder.command == "fogcatcher serve")
      #expect(text.contains(directory) && text.contains("process \(holder.processID)") && text.contains("fogcatcher serve"))
      #expect(text.contains(holder.since) && text.contains("stop that process"))
      withExtendedLifetime(lock) {}
    }
  }

  @Test func theLockIsFreeAgainWhenItsHolderIsGone() async throws {
    try await withDirectory { directory in
      for round in 0..<3 {
        let lock = try DataDirectoryLock.acquire(directory: directory, command: "round \(round)")
        #expect(DataDirectoryLock.holder(directory: directory)?.command == "round \(round)")
        withExtendedLifetime(lock) {}
      }
    }
  }

  @Test func aCommandOfSeveralLinesCannotForgeTheFile() async throws {
    try await withDirectory { directory in
      let lock = try DataDirectoryLock.acquire(directory: directory, command: "serve\npid: 1")
      #expect(DataDirectoryLock.holder(directory: directory)?.processID == ProcessInfo.processInfo.processIdentifier)
      #expect(DataDirectoryLock.holder(directory: directory)?.command == "serve pid: 1")
      withExtendedLifetime(lock) {}
    }
  }

  @Test(arguments: ["", "pid: not a number\n", "\u{0}\u{1}", "pid: 99999999999999999999"])
  func anUnreadableLockFileHasNoHolder(_ text: String) async throws {
    try await withDirectory { directory in
      #expect(FileManager.default.createFile(atPath: directory + "/lock", contents: Data(text.utf8)))
      #expect(DataDirectoryLock.holder(directory: directory) == nil)
      _ = try DataDirectoryLock.acquire(directory: directory, command: "serve")
    }
  }

  /// flock(1) of util-linux holds the lock from another process until it is killed.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/flock")))
  func anotherProcessHoldsTheLockUntilItDies() async throws {
    try await withDirectory { directory in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
      process.arguments = ["--no-fork", directory + "/lock", "/bin/sh", "-c", "echo held; exec cat"]
      let output = Pipe()
      process.standardInput = Pipe()
      process.standardOutput = output
      try process.run()
      #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))
      #expect(throws: StorageError.self) { _ = try DataDirectoryLock.acquire(directory: directory, command: "serve") }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      _ = try DataDirectoryLock.acquire(directory: directory, command: "serve")
    }
  }
}
