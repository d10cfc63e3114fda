import Contracts

extension WorkflowFile {
  /// What speaks against asking an offer about a step: needs, ports, settings and limits that do
  /// not fit.
  ///
  /// Empty where the offer fits.
  ///
  /// The check reports only what no offer fits; this says it of each one, so that the host asks
  /// those who can and can answer "why was this agent not chosen?".
  ///
  /// - Parameters:
  ///   - offer: the offer in question.
  ///   - step: a step of this file.
  ///   - types: the types of this file's outputs, under all offers.
  ///   - offers: all offers.
  /// - Complexity: O(ports · columns²).
  public func objections(
    to offer: Offer, for step: StepPath, types: StepTypes, offers: [Offer]
  ) -> [String] {
    guard let stated = self.step(at: step) else { return ["there is no step '\(step)'"] }
    guard offer.task == stated.needs.task else {
      return ["it offers '\(offer.task)', not '\(stated.needs.task)'"]
    }
    var fit = OfferFit(
      offer, step: stated, path: step, file: self, types: types, offers: offers)
    if let misfit = fit.needsMisfit() { return [misfit.message] }
    fit.compare()
    return fit.misfits.map(\.message)
  }
}
