// swift-tools-version: 6.2
import PackageDescription

// The benchmarks, a package of their own: nobody who builds Cadre builds them.
//
// The root package shows its users the SDK and the agents, not the floors that are measured here. So
// the floors stand here a second time, as symbolic links to their folders, with the flags that the
// root's manifest gives them. That also spares this package the root's dependencies.

let kernelFlags: [CSetting] = [.unsafeFlags(["-O3"])]

let package = Package(
  name: "cadre-benchmarks",
  targets: [
    // What is measured: links into the house.
    .target(name: "CadreABI"),
    .target(
      name: "TensorKernels", exclude: ["Families/coefficients.py", "Families/gelu_table.py"],
      cSettings: kernelFlags),
    .target(name: "TensorCore", dependencies: ["TensorKernels"]),
    .target(name: "Autodiff", dependencies: ["TensorCore"]),
    .target(name: "OpBridge", dependencies: ["Autodiff", "CadreABI", "TensorCore"]),
    // How a contender, a process that is timed, talks and takes its times.
    .target(name: "Contender"),
    // What an agent in C would do with the host's operations.
    .target(name: "AgentLoops", dependencies: ["CadreABI"], cSettings: kernelFlags),
    // The contenders built here: what the machine can do, and Cadre.
    .executableTarget(
      name: "machine-limits", dependencies: ["Contender"], path: "Sources/MachineLimits",
      cSettings: kernelFlags),
    .executableTarget(
      name: "cadre-contender",
      dependencies: [
        "AgentLoops", "Autodiff", "CadreABI", "Contender", "OpBridge", "TensorCore",
        "TensorKernels",
      ]),
    // Who calls them in turn, and prints the table.
    .executableTarget(name: "cadre-bench"),
  ],
  swiftLanguageModes: [.v6]
)
