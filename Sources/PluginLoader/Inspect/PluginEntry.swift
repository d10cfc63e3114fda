import CadreABI
import SystemShims

/// Which entry a library exports.
enum PluginEntry: Hashable {
  /// That of this host's major.
  case present
  /// Only that of another major.
  case otherMajor(Int)
  /// The symbol is there, but asked for, hidden, or no function.
  case unusable
  /// None: the library is no plug-in.
  case none

  // Majors that may ever be; a plug-in of a later one is told from a library that is none.
  private static let majors = 0...15

  /// Looks the entry up in the dynamic symbols.
  static func find(in library: ElfLibrary) throws(SystemError) -> PluginEntry {
    if let symbol = try library.symbol(named: CADRE_ENTRY_NAME) {
      return symbol.isExported && symbol.isFunction ? .present : .unusable
    }
    for major in majors where major != AbiVersion.host.major {
      if try library.symbol(named: "cadre_entry_\(major)")?.isExported == true {
        return .otherMajor(major)
      }
    }
    return .none
  }

  /// Throws unless the entry is there.
  static func require(in library: ElfLibrary) throws(PluginError) {
    let entry: PluginEntry
    do {
      entry = try find(in: library)
    } catch {
      throw PluginError(library: error)
    }
    switch entry {
    case .present: return
    case .otherMajor(let major):
      throw PluginError(
        .otherAbi, file: library.path,
        "\(library.path) is made for ABI \(major).x; this host speaks \(AbiVersion.host)",
        remedy: "get a build of the plug-in for ABI \(AbiVersion.host)")
    case .unusable:
      throw PluginError(
        .noEntry, file: library.path,
        "\(library.path) names \(CADRE_ENTRY_NAME) but does not export it as a function",
        remedy: "declare the entry with CADRE_ENTRY from cadre/boot.h and build it again")
    case .none:
      throw PluginError(
        .noEntry, file: library.path, "\(library.path) does not export \(CADRE_ENTRY_NAME)",
        remedy:
          "if it is a plug-in, declare its entry with CADRE_ENTRY from cadre/boot.h and build "
          + "it again; else remove it from the plug-in folder")
    }
  }
}
