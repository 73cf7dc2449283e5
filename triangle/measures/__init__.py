"""What several questions share: outcomes, rules of selection, events, draws, boxes, factors, deviations."""
