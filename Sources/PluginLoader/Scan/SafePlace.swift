import SystemShims

/// Checks what stands at a library's path and who may replace it.
///
/// - Throws: `PluginError` with code `unreadable`, `wrongKind` or `unsafeFolder`.
func requireSafePlace(ofLibrary path: String) throws(PluginError) {
  let facts: FileFacts
  let folder = FilePath.folder(of: path)
  let folderFacts: FileFacts
  do {
    facts = try FileFacts(of: path)
    folderFacts = try FileFacts(of: folder)
  } catch {
    throw PluginError(library: error)
  }
  guard facts.kind == .file else {
    throw PluginError(
      .wrongKind, file: path, "\(path) is \(facts.kind.rawValue), not a regular file",
      remedy: "put the library itself there, as a plain copy")
  }
  for (place, facts) in [(folder, folderFacts), (path, facts)] where facts.isWorldWritable {
    throw PluginError(
      .unsafeFolder, file: path,
      "\(path) is not loaded: every user of this machine may write to \(place)",
      remedy: "run `chmod o-w \(shellWord(place))`, or move the plug-in to a folder of your own")
  }
}
