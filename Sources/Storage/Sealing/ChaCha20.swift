/// The ChaCha20 stream cipher (RFC 8439, section 2.4), with a nonce of three words and a block counter from
/// 0.
///
/// Four blocks are made at a time: lane `n` of each vector is a word of block `counter + n`, so that a
/// quarter round of four blocks costs as much as one.
package struct ChaCha20 {
    private typealias Lanes = SIMD4<UInt32>

    private let key: SIMD8<UInt32>

    /// 32 bytes.
    package init(key: UnsafeRawBufferPointer) {
        precondition(key.count == 32, "a ChaCha20 key has 32 bytes")
        self.key = SIMD8(littleEndian: key)
    }

    /// Encrypts or decrypts in place: the same operation.
    package func apply(to bytes: UnsafeMutableRawBufferPointer, nonce: SIMD3<UInt32>, counter: UInt32 = 0) {
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 16) { stream in
            var counter = counter
            var position = 0
            while position < bytes.count {
                fill(stream, counter: counter, nonce: nonce)
                mix(UnsafeRawBufferPointer(stream), into: bytes, at: position)
                position += 256
                counter &+= 4
            }
        }
    }

    private func fill(_ stream: UnsafeMutableBufferPointer<Lanes>, counter: UInt32, nonce: SIMD3<UInt32>) {
        let counters = Lanes(repeating: counter) &+ Lanes(0, 1, 2, 3)
        var (x0, x1, x2, x3) = (
            lanes(0x6170_7865), lanes(0x3320_646e), lanes(0x7962_2d32), lanes(0x6b20_6574)
        )
        var (x4, x5, x6, x7) = (lanes(key[0]), lanes(key[1]), lanes(key[2]), lanes(key[3]))
        var (x8, x9, x10, x11) = (lanes(key[4]), lanes(key[5]), lanes(key[6]), lanes(key[7]))
        var (x12, x13, x14, x15) = (counters, lanes(nonce.x), lanes(nonce.y), lanes(nonce.z))
        for _ in 0..<10 {
            Self.quarterRound(&x0, &x4, &x8, &x12)
            Self.quarterRound(&x1, &x5, &x9, &x13)
            Self.quarterRound(&x2, &x6, &x10, &x14)
            Self.quarterRound(&x3, &x7, &x11, &x15)
            Self.quarterRound(&x0, &x5, &x10, &x15)
            Self.quarterRound(&x1, &x6, &x11, &x12)
            Self.quarterRound(&x2, &x7, &x8, &x13)
            Self.quarterRound(&x3, &x4, &x9, &x14)
        }
        store(
            stream, 0, x0 &+ lanes(0x6170_7865), x1 &+ lanes(0x3320_646e), x2 &+ lanes(0x7962_2d32),
            x3 &+ lanes(0x6b20_6574))
        store(stream, 1, x4 &+ lanes(key[0]), x5 &+ lanes(key[1]), x6 &+ lanes(key[2]), x7 &+ lanes(key[3]))
        store(stream, 2, x8 &+ lanes(key[4]), x9 &+ lanes(key[5]), x10 &+ lanes(key[6]), x11 &+ lanes(key[7]))
        store(stream, 3, x12 &+ counters, x13 &+ lanes(nonce.x), x14 &+ lanes(nonce.y), x15 &+ lanes(nonce.z))
    }

    @inline(__always)
    private func lanes(_ word: UInt32) -> Lanes { Lanes(repeating: word) }

    /// Writes words `4 * quarter …` of the four blocks where they stand in the stream: block after block.
    @inline(__always)
    private func store(
        _ stream: UnsafeMutableBufferPointer<Lanes>, _ quarter: Int, _ a: Lanes, _ b: Lanes,
        _ c: Lanes, _ d: Lanes
    ) {
        let (lowAB, highAB) = (Lanes(a.x, b.x, a.y, b.y), Lanes(a.z, b.z, a.w, b.w))
        let (lowCD, highCD) = (Lanes(c.x, d.x, c.y, d.y), Lanes(c.z, d.z, c.w, d.w))
        stream[quarter] = Lanes(lowHalf: lowAB.lowHalf, highHalf: lowCD.lowHalf)
        stream[quarter + 4] = Lanes(lowHalf: lowAB.highHalf, highHalf: lowCD.highHalf)
        stream[quarter + 8] = Lanes(lowHalf: highAB.lowHalf, highHalf: highCD.lowHalf)
        stream[quarter + 12] = Lanes(lowHalf: highAB.highHalf, highHalf: highCD.highHalf)
    }

    @inline(__always)
    private static func quarterRound(_ a: inout Lanes, _ b: inout Lanes, _ c: inout Lanes, _ d: inout Lanes) {
        a &+= b
        d = rotate(d ^ a, 16)
        c &+= d
        b = rotate(b ^ c, 12)
        a &+= b
        d = rotate(d ^ a, 8)
        c &+= d
        b = rotate(b ^ c, 7)
    }

    /// The low bits come by way of lanes of 64 bits: two shifts of the same lanes are recognised as a
    /// rotation, and for want of one for vectors the compiler would rotate lane by lane.
    @inline(__always)
    private static func rotate(_ lanes: Lanes, _ count: UInt32) -> Lanes {
        let pairs = unsafeBitCast(lanes, to: SIMD2<UInt64>.self) &>> SIMD2(repeating: UInt64(32 - count))
        let low = unsafeBitCast(pairs, to: Lanes.self) & Lanes(repeating: 1 &<< count &- 1)
        return lanes &<< Lanes(repeating: count) | low
    }

    private func mix(
        _ stream: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer, at position: Int
    ) {
        let length = min(256, bytes.count - position)
        var index = 0
        while index + 16 <= length {
            let mixed =
                bytes.loadUnaligned(fromByteOffset: position + index, as: Lanes.self)
                ^ stream.load(fromByteOffset: index, as: Lanes.self)
            bytes.storeBytes(of: mixed, toByteOffset: position + index, as: Lanes.self)
            index += 16
        }
        while index < length {
            bytes[position + index] ^= stream[index]
            index += 1
        }
    }
}

extension SIMD8<UInt32> {
    fileprivate init(littleEndian bytes: UnsafeRawBufferPointer) {
        self.init()
        for index in indices {
            self[index] = UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
        }
    }
}
