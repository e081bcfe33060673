package enum ChannelsPlaceholder {}
