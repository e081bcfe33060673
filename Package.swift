// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    resources: [Resource]? = nil
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// Swift's libraries become part of the program: it starts sooner and takes less memory than with fifteen of them to find and
/// relocate, and a copied program needs no toolchain. The order matters to the linker. Not with a sanitizer
/// (`DAOBAN_SANITIZED`), which stands between the program and its libraries.
let withinTheProgram: [LinkerSetting] =
    Context.environment["DAOBAN_SANITIZED"] != nil
    ? []
    : [
        .unsafeFlags(
            [
                "-static-stdlib", "-lFoundation", "-lCoreFoundation", "-lFoundationInternationalization",
                "-lFoundationEssentials", "-l_FoundationCShims", "-l_FoundationCollections",
                "-l_FoundationICU", "-lstdc++",
            ], .when(platforms: [.linux], configuration: .release))
    ]

/// The parts of a turn, all of them pure: values in, values out.
let core: [Target.Dependency] = [
    "Conversation", "Language", "Understanding", "Knowledge", "Dialogue", "Assistant",
]

/// Targets of libFuzzer, built by `Tests/fuzz` alone: they bring a `main` of their own.
let fuzzing: [Target] =
    Context.environment["DAOBAN_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "Fuzz", dependencies: ["Authoring", "Channels", "Diagnostics", "Dialogue", "Language"],
            path: "Tests/Fuzz", swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
    ]

let package = Package(
    name: "daoban",
    products: [
        .executable(name: "daoban", targets: ["daoban"]),
        // What tests put in front of the system's calls.
        .library(name: "faults", type: .dynamic, targets: ["CFaults"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // Core floor.
        module("JSONText"),
        module("Conversation", ["JSONText"]),
        module("Language"),
        module("Understanding", ["Conversation", "Language"]),
        module("Knowledge", ["Conversation", "Language"]),
        module("Dialogue", ["Conversation", "JSONText", "Language"]),
        module("Assistant", ["Conversation", "Language", "Understanding", "Knowledge", "Dialogue"]),

        // Front end.
        module("Diagnostics", ["Language", "JSONText"]),
        module("Authoring", core + ["Diagnostics", yams]),
        module("Transcripts", core + ["Authoring", "Diagnostics", "JSONText"]),

        // Shell.
        .systemLibrary(
            name: "CLibwebsockets", pkgConfig: "libwebsockets",
            providers: [.apt(["libwebsockets-dev", "libwebsockets-evlib-ev", "libev-dev"])]),
        .target(
            name: "CLoopShim", dependencies: ["CLibwebsockets"],
            cSettings: [.unsafeFlags(["-Wall", "-Werror"])]),
        .target(
            name: "CCompression", cSettings: [.unsafeFlags(["-Wall", "-Werror"])],
            linkerSettings: [.linkedLibrary("z")]),
        .target(
            name: "CCipher", cSettings: [.unsafeFlags(["-Wall", "-Werror"])],
            linkerSettings: [.linkedLibrary("crypto")]),
        module("Storage", [grdb, sqlite, "CCipher", "CCompression"]),
        module("Transport", ["CLibwebsockets", "CLoopShim", "CCompression", logging]),
        module(
            "Channels", ["Conversation", "JSONText"],
            exclude: ["README.md", "Widget/README.md", "Wire/openapi.yaml", "Wire/asyncapi.yaml"],
            resources: [
                .embedInCode("Page/page.html"), .embedInCode("Page/page.css"), .embedInCode("Page/page.js"),
                .embedInCode("Widget/widget.js"), .embedInCode("Widget/chat.js"),
                .embedInCode("Widget/line.js"),
                .embedInCode("Widget/draw.js"), .embedInCode("Widget/words.js"),
                .embedInCode("Widget/chat.css"),
            ]),
        module("Service", core + ["Authoring", "Storage", "Transport", "Channels", "JSONText", logging]),
        .executableTarget(
            name: "daoban",
            dependencies: core + [
                "Service", "Authoring", "Transcripts", "Transport", "Diagnostics",
                "Channels", "JSONText", "Storage", argumentParser,
            ],
            swiftSettings: strict, linkerSettings: withinTheProgram),

        // Tests.
        .target(name: "CFaults", path: "Tests/CFaults"),
        tests("JSONTextTests", ["JSONText"]),
        tests("LanguageTests", ["Language"]),
        tests("UnderstandingTests", ["Understanding", "Conversation", "Language"]),
        tests("KnowledgeTests", ["Knowledge", "Conversation"]),
        tests("DialogueTests", ["Dialogue", "Conversation"]),
        tests("AssistantTests", ["Assistant"]),
        tests("DiagnosticsTests", ["Diagnostics"]),
        tests(
            "AuthoringTests",
            ["Authoring", "Assistant", "Dialogue", "Diagnostics", "Knowledge", "Conversation"],
            exclude: ["Snapshots"]),
        tests(
            "TranscriptsTests",
            [
                "Transcripts", "Authoring", "Assistant", "Dialogue", "Knowledge", "Understanding",
                "Conversation",
            ]),
        tests("InterruptionTests", ["Assistant", "Authoring", "Conversation", "Dialogue"]),
        tests("ChannelsTests", ["Channels", "Conversation", "JSONText"]),
        tests("StorageTests", ["Storage", grdb], exclude: ["Schemas"]),
        tests("EndToEndTests", ["Transport", "JSONText", "Storage", grdb]),
        tests("TransportTests", ["Transport"]),
    ] + fuzzing,
    swiftLanguageModes: [.v6]
)
