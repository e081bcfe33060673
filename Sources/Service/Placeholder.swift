package enum ServicePlaceholder {}
