import Foundation

/// scikit-learn's digits as files, made once and kept in the build folder.
///
/// Without network and without a made environment the tests that need them are skipped, and say so.
public enum DigitsData {
  /// What a skipped test says.
  public static let requirement =
    "needs python3 with scikit-learn; the package could not be installed (no network?)"

  /// The folder that `export_digits.py` filled, or nil when it cannot be.
  public static let folder: String? = {
    let folder = Command.root() + "/.build/test-digits"
    if isComplete(folder) { return folder }
    let environment = folder + "-python"
    let python = environment + "/bin/python3"
    let script = Command.root() + "/Tests/PluginsTests/DigitsMLP/Golden/export_digits.py"
    if export(python, script, folder) { return folder }
    guard let base = Command.find("python3"),
      let made = try? Command.run(base, ["-m", "venv", "--clear", environment]), made.succeeded,
      let installed = try? Command.run(
        python,
        [
          "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1",
          "--timeout", "20", "--only-binary", ":all:", "scikit-learn>=1.4",
        ]), installed.succeeded
    else { return nil }
    return export(python, script, folder) ? folder : nil
  }()

  private static func export(_ python: String, _ script: String, _ folder: String) -> Bool {
    guard FileManager.default.isExecutableFile(atPath: python) else { return false }
    return (try? Command.run(python, ["-B", script, folder]))?.succeeded == true
      && isComplete(folder)
  }

  private static func isComplete(_ folder: String) -> Bool {
    (0..<3).allSatisfy { seed in
      FileManager.default.fileExists(atPath: "\(folder)/\(seed)-test.target")
    }
  }
}
