import ArtifactStore
import FoundationEssentials

/// A model that is ready to be deployed: a folder with a manifest, tensors and fitted state.
///
///     manifest.json
///     model.safetensors                  one model, or:
///     members/0/model.safetensors        several that decide together
///     members/1/model.safetensors
///     preparation.state
public struct ModelBundle: Sendable {
  /// A model to be bundled, or one read from a bundle.
  public struct Member: Hashable, Sendable {
    /// The agent that made the model.
    public var agentID: String
    /// The agent's version.
    public var agentVersion: String
    /// The digest of the plug-in's file; nil for a built-in agent.
    public var pluginDigest: Digest?
    /// The weight in the team's decision, finite and not negative; 1 for a single model.
    public var weight: Double
    /// The tensors.
    public var model: Safetensors
    /// Whatever the agent needs to build the model again.
    public var metadata: [String: String]

    /// Makes a member.
    public init(
      agentID: String, agentVersion: String, pluginDigest: Digest?, weight: Double = 1,
      model: Safetensors, metadata: [String: String] = [:]
    ) {
      self.agentID = agentID
      self.agentVersion = agentVersion
      self.pluginDigest = pluginDigest
      self.weight = weight
      self.model = model
      self.metadata = metadata
    }
  }

  /// What was fitted before any model saw the data.
  public struct Preparation: Hashable, Sendable {
    /// The agent that fitted it.
    public var agentID: String
    /// The agent's version.
    public var agentVersion: String
    /// The digest of the plug-in's file; nil for a built-in agent.
    public var pluginDigest: Digest?
    /// The agent's own bytes.
    public var state: Data

    /// Makes a preparation.
    public init(agentID: String, agentVersion: String, pluginDigest: Digest?, state: Data) {
      self.agentID = agentID
      self.agentVersion = agentVersion
      self.pluginDigest = pluginDigest
      self.state = state
    }
  }

  /// The name that it is deployed under: letters, digits, `-`, `_`, `.`.
  public var name: String
  /// From 1, counted by the registry.
  public var version: Int
  /// When it was made; written in whole seconds.
  public var created: Date
  /// The task that the model does, as `text.classify/1`.
  public var task: String
  /// The types of the task's ports.
  public var ports: BundleManifest.Ports
  /// The classes in the order of the model's outputs; empty if the task has none.
  public var labels: [String]
  /// One model, or several that decide together.
  public var members: [Member]
  /// What must be done to the input first, or nil.
  public var preparation: Preparation?
  /// What was measured, by name.
  public var metrics: [String: BundleManifest.Metric]
  /// The run that made it.
  public var runID: String
  /// The digest of that run's workflow file.
  public var workflowDigest: Digest

  /// Makes a bundle in memory; `write(to:)` puts it on disk.
  public init(
    name: String, version: Int, created: Date, task: String, ports: BundleManifest.Ports,
    labels: [String], members: [Member], preparation: Preparation?,
    metrics: [String: BundleManifest.Metric] = [:], runID: String, workflowDigest: Digest
  ) {
    self.name = name
    self.version = version
    self.created = created
    self.task = task
    self.ports = ports
    self.labels = labels
    self.members = members
    self.preparation = preparation
    self.metrics = metrics
    self.runID = runID
    self.workflowDigest = workflowDigest
  }
}
