// swift-tools-version: 6.2
import PackageDescription

// The house, ground floor first. A target imports only what stands above it in this list.
// Documentation/Floors.md says what lives where.

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "cadre",
  products: [],
  dependencies: [
    // Why each one: Documentation/Dependencies.md.
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
  ],
  targets: [
    // 1: the C ABI.
    .target(name: "CadreABI", path: "SDK/CadreABI"),
    // 2: pure values and functions.
    .target(name: "Scoring", path: "SDK/Scoring"),
    .target(name: "Contracts"),
    // 5: what lasts.
    .target(name: "ArtifactStore", dependencies: [crypto]),
    .target(name: "Journal", dependencies: ["ArtifactStore", grdb]),
    .target(name: "ModelFormats", dependencies: ["ArtifactStore"]),
    // 6: decisions.
    .target(name: "Planning", dependencies: ["Contracts"]),
    .target(name: "Collaboration", dependencies: ["Scoring"]),
    // 7: deployed models.
    .target(name: "Deployment", dependencies: ["ArtifactStore", "Contracts", "ModelFormats"]),
    .testTarget(name: "PlanningTests", dependencies: ["Planning", "Contracts"]),
    .testTarget(name: "CollaborationTests", dependencies: ["Collaboration", "Scoring"]),
    .testTarget(name: "DeploymentTests", dependencies: ["Deployment"]),
    .testTarget(
      name: "ScoringTests", dependencies: ["Scoring"],
      exclude: ["Golden/make_scoring_golden.py"]),
    .testTarget(name: "ArtifactStoreTests", dependencies: ["ArtifactStore"]),
    .testTarget(name: "JournalTests", dependencies: ["ArtifactStore", "Journal", grdb]),
    .testTarget(
      name: "ModelFormatsTests", dependencies: ["ArtifactStore", "ModelFormats"],
      exclude: ["Golden"]),
  ],
  swiftLanguageModes: [.v6]
)
