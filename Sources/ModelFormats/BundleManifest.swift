import ArtifactStore
import FoundationEssentials

/// What a bundle says about itself: the file `manifest.json` of `cadre.bundle/1`.
public struct BundleManifest: Hashable, Codable, Sendable {
  /// The format that this version writes and reads.
  public static let format = "cadre.bundle/1"

  /// The types of the task's ports as text, by port.
  public struct Ports: Hashable, Codable, Sendable {
    /// What the model takes, as `["text": "utf8"]`.
    public var inputs: [String: String]
    /// What it gives, as `["logp": "tensor<f32,[rows,classes]>"]`.
    public var outputs: [String: String]

    /// Makes the ports.
    public init(inputs: [String: String], outputs: [String: String]) {
      self.inputs = inputs
      self.outputs = outputs
    }
  }

  /// A file of the bundle.
  public struct File: Hashable, Codable, Sendable {
    /// The path inside the bundle, with `/` and without `..`.
    public var path: String
    /// The digest of its bytes.
    public var sha256: Digest

    /// Names a file.
    public init(path: String, sha256: Digest) {
      self.path = path
      self.sha256 = sha256
    }
  }

  /// A model of the bundle and the agent that made it and runs it.
  public struct Member: Hashable, Codable, Sendable {
    /// The agent that made the model.
    public var agentID: String
    /// The agent's version.
    public var agentVersion: String
    /// The digest of the plug-in's file; nil for a built-in agent.
    public var pluginDigest: Digest?
    /// The weight in the team's decision, finite and not negative; 1 for a single model.
    public var weight: Double
    /// The file with the tensors, safetensors.
    public var model: File
    /// Whatever the agent needs to build the model again, as its layers' sizes.
    public var metadata: [String: String]

    enum CodingKeys: String, CodingKey {
      case agentID = "agent_id"
      case agentVersion = "agent_version"
      case pluginDigest = "plugin_digest"
      case weight, model, metadata
    }
  }

  /// What was fitted on the training part before any model saw it, and the agent that did so.
  public struct Preparation: Hashable, Codable, Sendable {
    /// The agent that fitted it.
    public var agentID: String
    /// The agent's version.
    public var agentVersion: String
    /// The digest of the plug-in's file; nil for a built-in agent.
    public var pluginDigest: Digest?
    /// The file with the fitted state; its bytes are the agent's own.
    public var state: File

    enum CodingKeys: String, CodingKey {
      case agentID = "agent_id"
      case agentVersion = "agent_version"
      case pluginDigest = "plugin_digest"
      case state
    }
  }

  /// A measured number.
  public struct Metric: Hashable, Codable, Sendable {
    /// The value, finite.
    public var value: Double
    /// The lower end of its interval, or nil.
    public var low: Double?
    /// The upper end of its interval, or nil.
    public var high: Double?
    /// The data that it was measured on, as `prepare.val`.
    public var on: String

    /// Makes a metric.
    public init(value: Double, low: Double? = nil, high: Double? = nil, on: String) {
      self.value = value
      self.low = low
      self.high = high
      self.on = on
    }
  }

  /// Always `cadre.bundle/1`.
  public internal(set) var format: String = Self.format
  /// The name that it is deployed under.
  public var name: String
  /// From 1, counted by the registry.
  public var version: Int
  /// When it was made, whole seconds.
  public var created: Date
  /// The task that the model does, as `text.classify/1`.
  public var task: String
  /// The types of the task's ports.
  public var ports: Ports
  /// The classes in the order of the model's outputs; empty if the task has none.
  public var labels: [String]
  /// One model, or several that decide together.
  public var members: [Member]
  /// What must be done to the input first, or nil.
  public var preparation: Preparation?
  /// What was measured, by name.
  public var metrics: [String: Metric]
  /// The run that made it.
  public var runID: String
  /// The digest of that run's workflow file.
  public var workflowDigest: Digest

  enum CodingKeys: String, CodingKey {
    case format, name, version, created, task, ports, labels, members, preparation, metrics
    case runID = "run_id"
    case workflowDigest = "workflow_digest"
  }
}
