/// Who said that a plug-in may run in this process.
public enum PluginTrust: Hashable, Sendable {
  /// The build of this program.
  case firstParty
  /// The user, with a note of their own.
  case user(note: String)
  /// Nobody.
  case none
}
