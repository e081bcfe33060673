package enum DialoguePlaceholder {}
