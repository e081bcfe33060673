package enum UnderstandingPlaceholder {}
