import AgentKit

extension TextTraining.Epoch {
  /// One line of progress: `epoch 4: loss 0.412, val macro-F1 0.831`.
  var note: String {
    var note = "epoch \(number): loss \(Self.short(loss))"
    if let macroF1 { note += ", val macro-F1 \(Self.short(macroF1))" }
    return note
  }

  /// The epoch in a model's metadata.
  var json: JSONValue {
    var json: JSONValue = ["epoch": .int(number), "loss": .double(loss)]
    json["val_loss"] = validationLoss.map(JSONValue.double)
    json["val_macro_f1"] = macroF1.map(JSONValue.double)
    return json
  }

  private static func short(_ value: Double) -> String {
    value.isFinite ? "\((value * 1000).rounded() / 1000)" : "\(value)"
  }
}

extension TextTraining.Result {
  /// What a model's metadata says of its training.
  public var record: JSONValue {
    [
      "history": .array(epochs.map(\.json)), "best_epoch": .int(bestEpoch),
      "temperature": .double(temperature),
    ]
  }
}
