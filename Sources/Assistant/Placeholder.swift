package enum AssistantPlaceholder {}
