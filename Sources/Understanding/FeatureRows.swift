/// The features of several texts, each feature once a text with how often it is there; what training keeps of them.
struct FeatureRows: Sendable {
    /// Where each row begins; one more than rows.
    private(set) var starts: [Int32] = [0]
    private(set) var keys: [UInt32] = []
    private(set) var blocks: [UInt8] = []
    private(set) var counts: [UInt8] = []

    /// Adds a row. Sorts the buffer.
    mutating func append(_ buffer: inout FeatureBuffer) {
        for block in 0..<FeatureBlock.count {
            buffer.blocks[block].sort()
            let hashes = buffer.blocks[block]
            var index = 0
            while index < hashes.count {
                var end = index + 1
                while end < hashes.count, hashes[end] == hashes[index] { end += 1 }
                keys.append(hashes[index])
                blocks.append(UInt8(block))
                counts.append(UInt8(min(end - index, 255)))
                index = end
            }
        }
        starts.append(Int32(keys.count))
    }
}
