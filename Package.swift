// swift-tools-version: 6.2

import PackageDescription

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
  name: "fogcatcher",
  products: [
    .library(name: "FaceEvents", targets: ["FaceEvents"]),
    .library(name: "EventCoding", targets: ["EventCoding"]),
    .library(name: "Workloads", targets: ["Workloads"]),
    .executable(name: "fogcatcher", targets: ["fogcatcher"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The words, the store protocols, the errors.
    .target(name: "FaceEvents"),

    // Understand.
    .target(name: "MultipartFormData"),
    .target(name: "CTextBytes"),
    .target(name: "EventCoding", dependencies: ["CTextBytes", "FaceEvents", "MultipartFormData", crypto]),

    // Keep.
    .target(name: "CChecksum"),
    .target(name: "PictureVolumes", dependencies: ["FaceEvents", "CChecksum", crypto]),
    .target(
      name: "SQLiteStorage",
      dependencies: [
        "FaceEvents", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    .target(name: "EventKeeping", dependencies: ["FaceEvents", serviceLifecycle]),

    // Receive.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "EventReceiver",
      dependencies: [
        "FaceEvents", "EventCoding", "EventKeeping", "CZlib", crypto, logging,
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
      ]),

    // Forward.
    .target(
      name: "EventForwarder",
      dependencies: [
        "FaceEvents", "EventCoding", logging, serviceLifecycle,
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),

    // Show and steer.
    .target(
      name: "Console",
      dependencies: [
        "FaceEvents", "MultipartFormData", "CZlib", crypto, serviceLifecycle,
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      // Inside the program, so that it stays one file. Flat: the embedded names are those of the files alone.
      resources: [.embedInCode("Assets")]),

    // Join.
    .target(
      name: "FogcatcherCommands",
      dependencies: [
        "FaceEvents", "Console", "EventCoding", "EventForwarder", "EventKeeping", "EventReceiver", "PictureVolumes", "SQLiteStorage",
        logging,
        serviceLifecycle,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .executableTarget(name: "fogcatcher", dependencies: ["FogcatcherCommands"]),

    .target(name: "TestSupport", dependencies: ["FaceEvents", crypto], path: "Tests/TestSupport"),
    // What Benchmarks/ measures.
    .target(
      name: "Workloads",
      dependencies: [
        "EventCoding", "EventForwarder", "FaceEvents", "MultipartFormData", "PictureVolumes", "SQLiteStorage", "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
      ], path: "Tests/Workloads"),
    .testTarget(name: "FaceEventsTests", dependencies: ["FaceEvents"]),
    .testTarget(name: "MultipartFormDataTests", dependencies: ["MultipartFormData", "TestSupport"]),
    .testTarget(name: "EventCodingTests", dependencies: ["EventCoding", "FaceEvents", "TestSupport", crypto]),
    .testTarget(name: "PictureVolumesTests", dependencies: ["PictureVolumes", "FaceEvents", "CChecksum", "TestSupport", crypto]),
    .testTarget(
      name: "SQLiteStorageTests",
      dependencies: ["SQLiteStorage", "FaceEvents", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(name: "EventKeepingTests", dependencies: ["EventKeeping", "FaceEvents", "TestSupport", logging, serviceLifecycle]),
    .testTarget(
      name: "EventReceiverTests",
      dependencies: [
        "EventReceiver", "EventCoding", "EventKeeping", "FaceEvents", "TestSupport", "CZlib", logging, serviceLifecycle,
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .testTarget(
      name: "ConsoleTests",
      dependencies: [
        "Console", "EventCoding", "FaceEvents", "PictureVolumes", "SQLiteStorage", "TestSupport", crypto, serviceLifecycle, logging,
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .testTarget(
      name: "EventForwarderTests",
      dependencies: [
        "EventForwarder", "EventCoding", "FaceEvents", "TestSupport", logging, serviceLifecycle,
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .testTarget(
      name: "FogcatcherCommandsTests",
      dependencies: [
        "FogcatcherCommands", "Console", "EventCoding", "EventReceiver", "FaceEvents", "PictureVolumes", "SQLiteStorage", "TestSupport",
        logging,
        serviceLifecycle,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]),
    .testTarget(
      name: "EndToEndTests", dependencies: ["fogcatcher", "FaceEvents", "EventCoding", "SQLiteStorage", "TestSupport", crypto]),
  ]
)

// One settings block for every Swift target. Async functions stay on their caller's executor unless they say otherwise.
for target in package.targets where target.type != .system && target.name != "CChecksum" {
  target.swiftSettings = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
  ]
}
