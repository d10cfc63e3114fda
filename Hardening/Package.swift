// swift-tools-version: 6.2
import PackageDescription

// The low floors under sanitizers and fuzzers: those of the root, linked into Sources/ and Tests/, in
// a package of their own, so that such a build takes a minute and not the whole house.
//   swift test --sanitize thread          their tests
//   CADRE_FUZZ=1 swift build              the fuzzers, see Scripts/fuzz.sh
let fuzzes = Context.environment["CADRE_FUZZ"] != nil

let kernels: [CSetting] = [
  .unsafeFlags(["-O1", "-g"] + (fuzzes ? ["-fsanitize=fuzzer-no-link,address"] : []))
]
let swift: [SwiftSetting] =
  fuzzes ? [.unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"])] : []

func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies + ["LibFuzzer"], path: "Fuzzers/\(name)",
    swiftSettings: swift,
    // gold fails on what the sanitizers leave in the debug information.
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])])
}

let package = Package(
  name: "hardening",
  targets: [
    .target(
      name: "TensorKernels", exclude: ["Families/coefficients.py", "Families/gelu_table.py"],
      cSettings: kernels),
    .target(name: "TensorCore", dependencies: ["TensorKernels"], swiftSettings: swift),
    .target(name: "Autodiff", dependencies: ["TensorCore"], swiftSettings: swift),
    .target(name: "CadreABI"),
    .target(
      name: "OpBridge", dependencies: ["Autodiff", "CadreABI", "TensorCore"], swiftSettings: swift),
  ]
    + (fuzzes
      ? [
        .target(name: "LibFuzzer", path: "Fuzzers/LibFuzzer"),
        fuzzer("fuzz-tensors", ["TensorCore"]),
      ]
      : [
        .target(
          name: "PluginFixtures", dependencies: ["CadreABI"], path: "Tests/Fixtures/Plugins"),
        .testTarget(
          name: "TensorKernelsTests", dependencies: ["TensorKernels"], exclude: ["Exhaustive"]),
        .testTarget(name: "TensorCoreTests", dependencies: ["TensorCore"], exclude: ["Golden"]),
        .testTarget(
          name: "AutodiffTests", dependencies: ["Autodiff", "TensorCore"], exclude: ["Golden"]),
        .target(name: "CommandFixture", path: "Tests/CommandFixture"),
        .testTarget(
          name: "OpBridgeTests",
          dependencies: [
            "Autodiff", "CadreABI", "CommandFixture", "OpBridge", "PluginFixtures", "TensorCore",
          ], exclude: ["Interop"]),
      ]),
  swiftLanguageModes: [.v6]
)
