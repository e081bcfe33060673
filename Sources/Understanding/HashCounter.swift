/// Finds the different ones among hashes and counts each, without putting them in order: a text has a hundred, and this is done for every
/// utterance.
struct HashCounter: Sendable {
    /// Each hash once, in the order of first occurrence.
    private(set) var hashes: [UInt32] = []
    /// How often each is there.
    private(set) var counts: [UInt8] = []
    /// Open addressing: place in `hashes`, from 1 on; 0 where empty.
    private var places: [Int32] = []

    mutating func count(_ all: [UInt32]) {
        hashes.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        var size = 32
        while size < all.count * 2 { size *= 2 }
        if places.count < size { places = [Int32](repeating: 0, count: size) }
        places.withUnsafeMutableBufferPointer { places in
            for index in 0..<size { places[index] = 0 }
            for hash in all {
                var slot = Int(hash &* 0x9E37_79B1 >> 7) & (size - 1)
                while places[slot] > 0, hashes[Int(places[slot]) - 1] != hash {
                    slot = (slot + 1) & (size - 1)
                }
                if places[slot] == 0 {
                    hashes.append(hash)
                    counts.append(1)
                    places[slot] = Int32(hashes.count)
                } else if counts[Int(places[slot]) - 1] < .max {
                    counts[Int(places[slot]) - 1] += 1
                }
            }
        }
    }
}
