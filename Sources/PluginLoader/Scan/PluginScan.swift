import Glibc
import SystemShims

/// What a search of the plug-in folders found.
public struct PluginScan: Sendable {
  /// Plug-ins that can be tried, in the order of the search; each id once.
  public private(set) var candidates: [PluginCandidate] = []
  /// Plug-ins whose id a candidate has already, each with the refusal that says so; one of them is tried
  /// where that candidate turns out to be unusable.
  public private(set) var alternatives: [(candidate: PluginCandidate, refusal: PluginError)] = []
  /// What stands in the folders but cannot be used, each with its file and a remedy.
  public private(set) var refusals: [PluginError] = []

  /// Searches folders in order.
  ///
  /// Reads manifests; of libraries only those without one, to tell a plug-in that lacks its manifest
  /// from a library that is no plug-in. Loads nothing.
  ///
  /// - Complexity: O(files in the folders).
  public init(_ folders: [LoaderSetup.SearchFolder]) {
    var seen: Set<String> = []
    for folder in folders {
      let path = FilePath.resolved(folder.path)
      guard seen.insert(path).inserted else { continue }
      scan(path, isExplicit: folder.isExplicit)
    }
  }

  private mutating func scan(_ folder: String, isExplicit: Bool) {
    guard let names = FilePath.names(in: folder) else {
      let number = errno
      if isExplicit || number != ENOENT {
        let why = String(cString: strerror(number))
        refusals.append(
          PluginError(
            .unreadable, file: folder, "cannot search the plug-in folder \(folder): \(why)",
            remedy: "correct CADRE_PLUGIN_PATH or the folder's permissions"))
      }
      return
    }
    let all = Set(names)
    for name in names {
      let path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
      if name.hasSuffix(".so") {
        consider(path, hasManifest: all.contains(PluginManifest.path(forLibrary: name)))
      } else if name.hasSuffix(PluginManifest.suffix) {
        let library = String(name.dropLast(PluginManifest.suffix.count)) + ".so"
        guard !all.contains(library) else { continue }
        refusals.append(
          PluginError(
            .unreadable, file: path, "\(path) describes \(library), which does not stand beside it",
            remedy: "put the library there, or remove the manifest"))
      }
    }
  }

  private mutating func consider(_ library: String, hasManifest: Bool) {
    do throws(PluginError) {
      if !hasManifest {
        try requireSafePlace(ofLibrary: library)
        guard try Self.isPlugin(library) else { return }
      }
      let candidate = try PluginCandidate(library: library)
      if let first = candidates.first(where: { $0.manifest.id == candidate.manifest.id }) {
        let refusal = PluginError(
          .duplicate, file: library,
          "\(library) is not used: \(first.library) has the id \(first.manifest.id) too "
            + "(version \(first.manifest.version), this one \(candidate.manifest.version)) "
            + "and comes first in the search order",
          remedy: "remove one of them, or put the folder of the wanted one first in "
            + "CADRE_PLUGIN_PATH")
        alternatives.append((candidate, refusal))
        throw refusal
      }
      candidates.append(candidate)
    } catch {
      refusals.append(error)
    }
  }

  private static func isPlugin(_ library: String) throws(PluginError) -> Bool {
    do {
      let elf = try ElfLibrary(
        bytes: readRegularFile(library, limit: PluginInspection.byteLimit), path: library)
      return try PluginEntry.find(in: elf) != .none
    } catch {
      throw PluginError(library: error)
    }
  }
}
