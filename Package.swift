// swift-tools-version: 6.2
import PackageDescription

// The house, ground floor first. A target imports only what stands above it in this list.
// Documentation/Floors.md says what lives where.

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

// At -O0 a kernel is 17 to 100 times slower, so that even tests would crawl. Later flags win.
let kernelFlags: [CSetting] = [
  .unsafeFlags(["-O2"], .when(configuration: .debug)),
  .unsafeFlags(["-O3"], .when(configuration: .release)),
]

// A plug-in shows its entry to the loader and nothing else.
let exports: [LinkerSetting] = [
  .unsafeFlags(["-Xlinker", "--version-script=\(Context.packageDirectory)/Plugins/exports.map"])
]

/// A first-party agent: a dynamic library of its own.
func plugin(_ name: String) -> Product { .library(name: name, type: .dynamic, targets: [name]) }

let package = Package(
  name: "cadre",
  products: [
    .library(name: "CadreABI", targets: ["CadreABI"]),
    .library(name: "ArrowTables", targets: ["ArrowTables"]),
    .library(name: "AgentKit", targets: ["AgentKit"]),
    .library(name: "Scoring", targets: ["Scoring"]),
    .library(name: "NeuralKit", targets: ["NeuralKit"]),
    .executable(name: "cadre", targets: ["cadre"]),
    .executable(name: "cadre-probe", targets: ["cadre-probe"]),
    plugin("CSVSource"), plugin("JSONLinesSource"), plugin("SQLiteSource"),
    plugin("TextPreparation"), plugin("NaiveBayes"), plugin("DigitsMLP"), plugin("TextMLP"),
    plugin("ClassificationEvaluator"), plugin("SearchTuner"),
  ],
  dependencies: [
    // Why each one: Documentation/Dependencies.md.
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
  ],
  targets: [
    // 1: the C ABI, the kernels, and all that is Linux.
    .target(name: "CadreABI", path: "SDK/CadreABI"),
    .target(
      name: "TensorKernels", exclude: ["Families/coefficients.py", "Families/gelu_table.py"],
      cSettings: kernelFlags),
    .target(name: "SystemShimsC"),
    .target(name: "SystemShims", dependencies: ["SystemShimsC"]),
    // 2: for agent authors, and pure values.
    .target(name: "ArrowTables", dependencies: ["CadreABI"], path: "SDK/ArrowTables"),
    .target(name: "AgentKit", dependencies: ["ArrowTables", "CadreABI"], path: "SDK/AgentKit"),
    .target(name: "Scoring", path: "SDK/Scoring"),
    .target(name: "Contracts"),
    // 3: tensors, and layers for agents.
    .target(name: "NeuralKit", dependencies: ["AgentKit"], path: "SDK/NeuralKit"),
    .target(name: "TensorCore", dependencies: ["TensorKernels"]),
    // 4: gradients and files of models.
    .target(name: "Autodiff", dependencies: ["TensorCore"]),
    // 5: what lasts.
    .target(name: "ArtifactStore", dependencies: [crypto]),
    .target(name: "Journal", dependencies: ["ArtifactStore", grdb]),
    .target(name: "ModelFormats", dependencies: ["ArtifactStore"]),
    // 6: plug-ins as files, ops over the ABI, decisions.
    .target(
      name: "PluginLoader", dependencies: ["ArtifactStore", "CadreABI", "Contracts", "SystemShims"]),
    .target(name: "OpBridge", dependencies: ["Autodiff", "CadreABI", "TensorCore"]),
    .target(name: "Planning", dependencies: ["Contracts"]),
    .target(name: "Collaboration", dependencies: ["Scoring"]),
    // 7: living agents, workflows, deployed models.
    .target(
      name: "AgentHost",
      dependencies: ["ArrowTables", "CadreABI", "Contracts", "OpBridge", "TensorCore"]),
    .target(name: "Workflow", dependencies: ["Contracts", yams]),
    .target(name: "Deployment", dependencies: ["ArtifactStore", "Contracts", "ModelFormats"]),
    // 9: a step becomes a call, an award, jobs and artefacts.
    .target(
      name: "Execution",
      dependencies: [
        "AgentHost", "ArrowTables", "ArtifactStore", "Collaboration", "Contracts", "Deployment",
        "Journal", "ModelFormats", "Planning", "PluginLoader", "Scoring", "TensorCore", "Workflow",
      ]),
    // 11: the command line, and the child process in which a plug-in is loaded for the first time.
    .executableTarget(name: "cadre-probe", dependencies: ["PluginLoader"]),
    .executableTarget(
      name: "cadre",
      dependencies: [
        "ArtifactStore", "Contracts", "Deployment", "Execution", "Journal", "Planning",
        "PluginLoader", "SystemShims", "TensorCore", "Workflow", argumentParser,
      ]),
    // The agents that come with Cadre. They import from this repository only the SDK; what is
    // worth a test of its own stands in a target beside the agent.
    .target(name: "RowSources", dependencies: ["AgentKit"], path: "Plugins/RowSources"),
    .target(
      name: "CSVParsing", dependencies: ["AgentKit", "RowSources"],
      path: "Plugins/CSVSource/Parsing"),
    .target(
      name: "CSVSource", dependencies: ["AgentKit", "CadreABI", "CSVParsing", "RowSources"],
      path: "Plugins/CSVSource/Agent", linkerSettings: exports),
    .target(
      name: "JSONLinesReading", dependencies: ["AgentKit", "RowSources"],
      path: "Plugins/JSONLinesSource/Reading"),
    .target(
      name: "JSONLinesSource",
      dependencies: ["AgentKit", "CadreABI", "JSONLinesReading", "RowSources"],
      path: "Plugins/JSONLinesSource/Agent", linkerSettings: exports),
    .systemLibrary(
      name: "CSQLite", path: "Plugins/SQLiteSource/CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"])]),
    .target(
      name: "SQLiteReading", dependencies: ["AgentKit", "CSQLite", "RowSources"],
      path: "Plugins/SQLiteSource/Reading"),
    .target(
      name: "SQLiteSource", dependencies: ["AgentKit", "CadreABI", "RowSources", "SQLiteReading"],
      path: "Plugins/SQLiteSource/Agent", linkerSettings: exports),
    .target(
      name: "TextCleaning", dependencies: ["AgentKit"], path: "Plugins/TextPreparation/Cleaning"),
    .target(
      name: "TextPreparation", dependencies: ["AgentKit", "CadreABI", "TextCleaning"],
      path: "Plugins/TextPreparation/Agent", linkerSettings: exports),
    .target(
      name: "NaiveBayesLearner", dependencies: ["CadreABI"], path: "Plugins/NaiveBayes/Learner",
      cSettings: kernelFlags, linkerSettings: [.linkedLibrary("m")]),
    .target(
      name: "NaiveBayes", dependencies: ["CadreABI", "NaiveBayesLearner"],
      path: "Plugins/NaiveBayes/Agent", linkerSettings: exports),
    .target(
      name: "DigitsMLP", dependencies: ["CadreABI"], path: "Plugins/DigitsMLP/Agent",
      publicHeadersPath: ".", linkerSettings: exports + [.linkedLibrary("m")]),
    .target(
      name: "TextMLPLearner", dependencies: ["AgentKit", "NeuralKit", "Scoring"],
      path: "Plugins/TextMLP/Learner"),
    .target(
      name: "TextMLP", dependencies: ["AgentKit", "CadreABI", "TextMLPLearner"],
      path: "Plugins/TextMLP/Agent", linkerSettings: exports),
    .target(
      name: "ClassificationScoring", dependencies: ["AgentKit", "Scoring"],
      path: "Plugins/ClassificationEvaluator/Evaluation"),
    .target(
      name: "ClassificationEvaluator",
      dependencies: ["AgentKit", "CadreABI", "ClassificationScoring"],
      path: "Plugins/ClassificationEvaluator/Agent", linkerSettings: exports),
    .target(
      name: "SettingsSearch", dependencies: ["AgentKit", "Scoring"],
      path: "Plugins/SearchTuner/Search"),
    .target(
      name: "SearchTuner", dependencies: ["AgentKit", "CadreABI", "SettingsSearch"],
      path: "Plugins/SearchTuner/Agent", linkerSettings: exports),
    .testTarget(
      name: "TensorKernelsTests", dependencies: ["TensorKernels"], exclude: ["Exhaustive"]),
    .testTarget(name: "TensorCoreTests", dependencies: ["TensorCore"], exclude: ["Golden"]),
    .testTarget(
      name: "AutodiffTests", dependencies: ["Autodiff", "TensorCore"], exclude: ["Golden"]),
    .testTarget(name: "ContractsTests", dependencies: ["Contracts"]),
    .testTarget(name: "WorkflowTests", dependencies: ["Contracts", "Workflow"]),
    .testTarget(name: "SystemShimsTests", dependencies: ["SystemShims"]),
    .testTarget(
      name: "PluginLoaderTests",
      dependencies: ["ArtifactStore", "CadreABI", "PluginLoader", "SystemShims", "cadre-probe"]),
    .target(name: "CommandFixture", path: "Tests/CommandFixture"),
    .testTarget(
      name: "CadreABITests", dependencies: ["CadreABI", "CommandFixture"],
      exclude: ["Layout", "Interop"]),
    .testTarget(name: "ArrowTablesTests", dependencies: ["ArrowTables", "CadreABI"]),
    .testTarget(
      name: "AgentKitTests",
      dependencies: ["AgentKit", "ArrowTables", "CadreABI", "CommandFixture"]
    ),
    .testTarget(
      name: "NeuralKitTests", dependencies: ["AgentKit", "CadreABI", "NeuralKit", "OpBridge"],
      exclude: ["Golden/make_tfidf.py"]),
    .target(
      name: "PluginFixtures", dependencies: ["CadreABI"], path: "Tests/Fixtures/Plugins"),
    .testTarget(
      name: "OpBridgeTests",
      dependencies: [
        "Autodiff", "CadreABI", "CommandFixture", "OpBridge", "PluginFixtures", "TensorCore",
      ],
      exclude: ["Interop"]),
    .testTarget(
      name: "AgentHostTests",
      dependencies: [
        "AgentHost", "ArrowTables", "CadreABI", "Contracts", "OpBridge", "PluginFixtures",
        "TensorCore",
      ]),
    .testTarget(
      name: "NaiveBayesTests", dependencies: ["ArrowTables", "CadreABI", "NaiveBayesLearner"],
      path: "Tests/PluginsTests/NaiveBayes", exclude: ["Golden/make_naive_bayes_golden.py"]),
    .testTarget(
      name: "DigitsMLPTests",
      dependencies: ["AgentHost", "CadreABI", "CommandFixture", "TensorCore"],
      path: "Tests/PluginsTests/DigitsMLP", exclude: ["Golden"]),
    .testTarget(
      name: "CSVSourceTests", dependencies: ["AgentKit", "CSVParsing", "RowSources"],
      path: "Tests/PluginsTests/CSVSource", exclude: ["Golden/make_csv_golden.py"]),
    .testTarget(
      name: "JSONLinesSourceTests", dependencies: ["AgentKit", "JSONLinesReading", "RowSources"],
      path: "Tests/PluginsTests/JSONLinesSource"),
    .testTarget(
      name: "SQLiteSourceTests",
      dependencies: ["AgentKit", "CSQLite", "RowSources", "SQLiteReading"],
      path: "Tests/PluginsTests/SQLiteSource"),
    .testTarget(
      name: "TextPreparationTests", dependencies: ["AgentKit", "TextCleaning"],
      path: "Tests/PluginsTests/TextPreparation"),
    .target(
      name: "PluginTestSupport", dependencies: ["AgentHost", "AgentKit", "CadreABI"],
      path: "Tests/PluginsTests/Support"),
    .testTarget(
      name: "SearchTunerTests",
      dependencies: ["AgentHost", "AgentKit", "Contracts", "PluginTestSupport", "SettingsSearch"],
      path: "Tests/PluginsTests/SearchTunerTests"),
    .testTarget(
      name: "ClassificationEvaluatorTests",
      dependencies: [
        "AgentHost", "AgentKit", "ArrowTables", "ClassificationScoring", "Contracts",
        "PluginTestSupport", "Scoring", "TensorCore",
      ], path: "Tests/PluginsTests/ClassificationEvaluatorTests"),
    .testTarget(
      name: "TextMLPTests",
      dependencies: [
        "AgentHost", "AgentKit", "ArrowTables", "Contracts", "NeuralKit", "PluginTestSupport",
        "TensorCore", "TextMLPLearner",
      ], path: "Tests/PluginsTests/TextMLPTests"),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["Contracts", "cadre", "cadre-probe"]),
    .testTarget(
      name: "ExecutionTests", dependencies: ["ArrowTables", "Contracts", "Execution", "Workflow"]),
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

// Warnings are errors, in Swift and in C. The SDK is left out: flags like these would bar other
// packages from depending on it; Scripts/check.sh looks at its warnings.
let sdk: Set = ["CadreABI", "ArrowTables", "AgentKit", "Scoring", "NeuralKit"]
for target in package.targets where target.type != .system && !sdk.contains(target.name) {
  target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
  target.cSettings =
    (target.cSettings ?? []) + [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]
}
