import SystemShims

/// Checks the libraries that a plug-in brings into the process.
enum NeededLibraries {
  /// What any plug-in in this process may need: the C and C++ runtimes, one copy of which the
  /// process has anyway.
  ///
  /// Whatever else two plug-ins bring may clash by version or symbol.
  static let allowed: Set<String> = [
    "libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "libpthread.so.0", "libdl.so.2",
    "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "ld-linux-riscv64-lp64d.so.1",
  ]

  /// Throws where a library is missing.
  ///
  /// - Parameter origin: The folder of the private copy: what `$ORIGIN` will mean.
  static func requireResolvable(_ library: ElfLibrary, origin: String) throws(PluginError) {
    let result = LibrarySearch.ofThisProcess().resolve(library, origin: origin)
    guard !result.missing.isEmpty else { return }
    let names = result.missing.map { missing in
      missing.neededBy == library.path
        ? missing.name : "\(missing.name) (needed by \(missing.neededBy))"
    }
    throw PluginError(
      .neededLibrary, file: library.path,
      "\(library.path) needs \(names.joined(separator: ", ")), which this system does not have",
      remedy: "install the package that holds it, add its folder to LD_LIBRARY_PATH, or link the "
        + "plug-in with it statically; a library beside the plug-in is not found, because a private "
        + "copy of the plug-in is loaded from another folder")
  }

  /// Throws where a plug-in that this project did not build needs more than is allowed.
  static func requireAllowed(_ library: ElfLibrary) throws(PluginError) {
    let others = library.needed.filter { !allowed.contains($0) }
    guard !others.isEmpty else { return }
    throw PluginError(
      .neededLibrary, file: library.path,
      "\(library.path) needs \(others.joined(separator: ", ")); inside this process a plug-in may "
        + "need only the C and C++ runtime libraries",
      remedy: "link these statically (a Swift plug-in with -static-stdlib) and build it again")
  }
}
