import ArtifactStore
import SystemShims

/// Why a plug-in was refused: what happened, at which file, and what to do about it.
public struct PluginError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure, for code that reacts to it.
  public enum Code: String, Hashable, Sendable {
    /// Nothing stands at the path, or it cannot be read.
    case unreadable
    /// A link, a folder, a pipe or a device stands where a regular file is needed.
    case wrongKind
    /// Every user may replace the file.
    case unsafeFolder
    /// The manifest is missing, broken, or says what it must not.
    case manifest
    /// The library is no ELF file.
    case notElf
    /// The library is ELF, but no shared library for this machine.
    case otherMachine
    /// The library ends too early or contradicts itself.
    case damaged
    /// The library exports no entry.
    case noEntry
    /// The library is made for another version of the ABI.
    case otherAbi
    /// The library needs another library that is missing, or that it may not bring along.
    case neededLibrary
    /// This machine lacks an instruction set extension that the library uses.
    case cpu
    /// The library is not the one that its manifest describes.
    case digestMismatch
    /// A plug-in that comes first in the search order has the same id.
    case duplicate
    /// Nobody said that the plug-in may run in this process.
    case untrusted
    /// A list of trusted plug-ins is broken or may be changed by others.
    case trustList
    /// The probe itself could not run.
    case probe
    /// The plug-in crashed or ended the process while it was loaded in the probe.
    case crashed
    /// The plug-in did not finish loading in time.
    case timedOut
    /// The system's loader refused the library.
    case cannotOpen
    /// The plug-in's entry refused this host, with its reason.
    case refused
    /// What the entry returned is no module, or another one than the manifest's.
    case badModule
    /// The private copy could not be made.
    case staging
  }

  /// The kind of failure.
  public let code: Code
  /// What happened, with the file.
  public let message: String
  /// The file or folder that is at fault.
  public let file: String
  /// What the reader can do about it.
  public let remedy: String

  /// Makes an error.
  public init(_ code: Code, file: String, _ message: String, remedy: String) {
    self.code = code
    self.message = message
    self.file = file
    self.remedy = remedy
  }

  /// Message and remedy in one line.
  public var description: String { "\(message); \(remedy)" }

  /// The error for a plug-in's library that cannot be read as one.
  init(library error: SystemError) {
    let (code, remedy): (Code, String) =
      switch error.code {
      case .system: (.unreadable, "check the path and its permissions")
      case .wrongKind: (.wrongKind, "put the library itself there, as a plain copy")
      case .tooLarge: (.damaged, "install a library of a usual size")
      case .notElf: (.notElf, "put a shared library for this machine there, or remove the file")
      case .otherMachine: (.otherMachine, "build the plug-in as a shared library for this machine")
      case .damaged: (.damaged, "copy or build the plug-in again")
      }
    self.init(code, file: error.path, error.message, remedy: remedy)
  }

  /// The error for a file that could not be written or read durably.
  init(_ code: Code, _ error: ArtifactError) {
    self.init(code, file: error.path, error.message, remedy: error.remedy)
  }
}
