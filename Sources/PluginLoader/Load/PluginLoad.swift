import ArtifactStore
import CadreABI

/// Carries out one load: it does what `LoadMachine` says and reports back.
struct PluginLoad {
  let candidate: PluginCandidate
  let setup: LoaderSetup
  /// The images of this process.
  let open: [Digest: PluginImage]

  private var machine = LoadMachine()
  private let memory: ProbeMemory
  private var inspection: PluginInspection?
  private var folder: ImageFolder?
  private var copy: ImageCopy?
  private var handshake: Handshake?
  private var image: PluginImage?

  init(_ candidate: PluginCandidate, setup: LoaderSetup, open: [Digest: PluginImage]) {
    self.candidate = candidate
    self.setup = setup
    self.open = open
    memory = ProbeMemory(cacheFolder: setup.cacheFolder)
  }

  /// Loads.
  ///
  /// - Throws: `PluginError`; nothing that this load made is left then.
  mutating func run() throws(PluginError) -> PluginImage {
    var action = machine.start()
    while true {
      switch action {
      case .deliver:
        guard let image else { preconditionFailure("a load that is ready has no image") }
        return image
      case .refuse(let reason, let steps):
        for step in steps { undo(step) }
        throw reason
      default:
        do throws(PluginError) {
          action = machine.handle(try perform(action))
        } catch {
          action = machine.handle(.failed(error))
        }
      }
    }
  }

  private mutating func perform(
    _ action: LoadMachine.Action
  ) throws(PluginError) -> LoadMachine.Event {
    let library = candidate.library
    switch action {
    case .inspect:
      return .inspected(try inspect())
    case .probe:
      let inspection = try inspected()
      let folder = try imageFolder()
      let path: String
      if folder.holds(inspection.digest) {
        path = folder.path(of: inspection.digest)
      } else {
        let copy = try folder.copy(inspection.bytes, inspection.digest, for: library)
        self.copy = copy
        path = copy.path
      }
      let facts = try setup.makeProbe().run(path, for: library)
      try requireManifest(facts)
      memory.remember(facts, of: inspection.digest)
      return .probed
    case .stage:
      let inspection = try inspected()
      let folder = try imageFolder()
      if copy == nil, folder.holds(inspection.digest) { return .staged(isNew: false) }
      if copy == nil {
        copy = try folder.copy(inspection.bytes, inspection.digest, for: library)
      }
      if let copy { try folder.publish(copy, inspection.digest, for: library) }
      copy = nil
      return .staged(isNew: true)
    case .open:
      let path = try imageFolder().path(of: try inspected().digest)
      do throws(Handshake.Failure) {
        handshake = try Handshake(opening: path)
      } catch {
        throw error.error(for: library)
      }
      return .opened
    case .accept:
      try accept()
      return .accepted
    case .deliver, .refuse:
      preconditionFailure("\(action) is the end of a load")
    }
  }

  private mutating func inspect() throws(PluginError) -> LoadMachine.Knowledge {
    let inspection = try setup.inspect(candidate)
    try inspection.requireTrust()
    self.inspection = inspection
    if let known = open[inspection.digest] {
      try requireManifest(
        Handshake.Facts(
          id: known.manifest.id, version: known.manifest.version, about: known.manifest.about))
      image = known
      return .open
    }
    guard let facts = memory.facts(of: inspection.digest) else {
      try NeededLibraries.requireResolvable(inspection.library, origin: setup.imageOrigin)
      return .unknown
    }
    // Reading all needed libraries again would take longer than the rest of the load. Should one
    // have gone since, `dlopen` says so before it runs anything.
    try requireManifest(facts)
    return .probed
  }

  private mutating func accept() throws(PluginError) {
    guard let handshake else { preconditionFailure("a library is asked before it is opened") }
    let digest = try inspected().digest
    let answer: (module: UnsafePointer<cadre_module>, facts: Handshake.Facts)
    do throws(Handshake.Failure) {
      answer = try handshake.callEntry()
    } catch {
      throw error.error(for: candidate.library)
    }
    try requireManifest(answer.facts)
    image = PluginImage(
      manifest: candidate.manifest, path: try imageFolder().path(of: digest),
      digest: digest.description, module: answer.module)
  }

  /// Throws where the module says another id or version than the manifest.
  private func requireManifest(_ facts: Handshake.Facts) throws(PluginError) {
    let manifest = candidate.manifest
    guard facts.id == manifest.id, facts.version == manifest.version else {
      throw PluginError(
        .badModule, file: candidate.library,
        "\(candidate.library) says that it is \(facts.id) \(facts.version), but its manifest says "
          + "\(manifest.id) \(manifest.version)",
        remedy: "correct the manifest, or write it anew with "
          + "`cadre plugins seal \(shellWord(candidate.folder))`")
    }
  }

  private mutating func undo(_ step: LoadMachine.Undo) {
    switch step {
    case .removeCopy: copy = nil
    case .removeImage:
      if let digest = inspection?.digest { folder?.remove(digest) }
    case .forgetProbe:
      if let digest = inspection?.digest { memory.forget(digest) }
    }
  }

  private func inspected() throws(PluginError) -> PluginInspection {
    guard let inspection else { preconditionFailure("a load goes on without its inspection") }
    return inspection
  }

  private mutating func imageFolder() throws(PluginError) -> ImageFolder {
    if let folder { return folder }
    let new = try ImageFolder(
      cacheFolder: setup.cacheFolder, environment: setup.environment, for: candidate.library)
    folder = new
    return new
  }
}

extension LoaderSetup {
  func makeProbe() -> Probe {
    Probe(program: probe, timeLimit: probeTimeLimit, environment: environment)
  }

  /// What `$ORIGIN` will mean to a plug-in: the folder of the private copies.
  var imageOrigin: String { cacheFolder.map { "\($0)/images" } ?? "/" }

  /// Makes the checks of a plug-in that run no code of it, but for those of needed libraries.
  func inspect(_ candidate: PluginCandidate) throws(PluginError) -> PluginInspection {
    try PluginInspection(
      candidate, trust: { (candidate, digest) throws(PluginError) in try trust(candidate, digest) })
  }

  private func trust(
    _ candidate: PluginCandidate, _ digest: Digest
  ) throws(PluginError) -> PluginTrust {
    if let firstPartyFolder {
      let folder = FilePath.resolved(firstPartyFolder)
      if folder == candidate.folder,
        try FirstPartyList(folder: folder).digests.contains(digest)
      {
        return .firstParty
      }
    }
    guard let trustFile, let note = try TrustList(file: trustFile).note(of: digest) else {
      return .none
    }
    return .user(note: note)
  }
}
