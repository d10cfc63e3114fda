import Testing

/// Tests that drive `ScriptedAgent`, whose script is shared: one after the other.
@Suite(.serialized) struct BoundaryTests {}
