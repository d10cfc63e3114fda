// swift-tools-version: 6.2
// What an agent author needs, without dependencies: the same targets as in the root manifest.
import PackageDescription

let package = Package(
  name: "cadre-sdk",
  products: [
    .library(name: "CadreABI", targets: ["CadreABI"]),
    .library(name: "ArrowTables", targets: ["ArrowTables"]),
    .library(name: "AgentKit", targets: ["AgentKit"]),
    .library(name: "Scoring", targets: ["Scoring"]),
    .library(name: "NeuralKit", targets: ["NeuralKit"]),
  ],
  targets: [
    // The C headers: the whole of the ABI.
    .target(
      name: "CadreABI", path: "CadreABI", sources: ["ends.c"], publicHeadersPath: "include"),
    // Arrow streams as Swift tables, and back.
    .target(name: "ArrowTables", dependencies: ["CadreABI"], path: "ArrowTables"),
    // Agents, ports, jobs and the host's tensors in Swift.
    .target(name: "AgentKit", dependencies: ["CadreABI", "ArrowTables"], path: "AgentKit"),
    // Metrics, intervals and tests: pure functions.
    .target(name: "Scoring", path: "Scoring"),
    // Layers, optimisers and text features on the host's op table.
    .target(name: "NeuralKit", dependencies: ["AgentKit"], path: "NeuralKit"),
  ],
  swiftLanguageModes: [.v6]
)
