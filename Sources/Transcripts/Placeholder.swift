package enum TranscriptsPlaceholder {}
