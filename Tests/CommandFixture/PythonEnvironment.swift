import Foundation

/// A Python with numpy and pyarrow, made once and kept in the build folder.
///
/// Foreign layouts are checked against the libraries that others use. Without network and without a made
/// environment the tests that need it are skipped, and say so.
public enum PythonEnvironment {
  /// What a skipped test says.
  public static let requirement =
    "needs python3 with numpy and pyarrow; the packages could not be installed (no network?)"

  /// The interpreter, or nil when it cannot be made.
  public static let interpreter: String? = {
    let folder = Command.root() + "/.build/test-python"
    let python = folder + "/bin/python3"
    if works(python) { return python }
    guard let base = Command.find("python3"),
      let made = try? Command.run(base, ["-m", "venv", "--clear", folder]), made.succeeded,
      let installed = try? Command.run(
        python,
        [
          "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1",
          "--timeout", "20", "--only-binary", ":all:", "numpy>=2.1", "pyarrow>=15",
        ]), installed.succeeded
    else { return nil }
    return works(python) ? python : nil
  }()

  private static func works(_ python: String) -> Bool {
    guard FileManager.default.isExecutableFile(atPath: python) else { return false }
    return (try? Command.run(python, ["-c", "import numpy, pyarrow"]))?.succeeded == true
  }
}
