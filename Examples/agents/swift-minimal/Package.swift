// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "inline-source",
  products: [.library(name: "InlineSource", type: .dynamic, targets: ["InlineSource"])],
  dependencies: [.package(path: "../../../SDK")],
  targets: [
    .target(
      name: "InlineSource",
      dependencies: [.product(name: "AgentKit", package: "SDK")],
      linkerSettings: [
        // The Swift runtime inside, and one exported symbol: see README.md.
        .unsafeFlags([
          "-static-stdlib", "-Xlinker",
          "--version-script=\(Context.packageDirectory)/exports.map",
        ])
      ])
  ],
  swiftLanguageModes: [.v6]
)
