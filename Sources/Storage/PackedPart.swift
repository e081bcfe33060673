import CCompression

/// A part of a frame, or of the events of a turn, in the form in which it is stored: deflated (RFC 1951).
///
/// Packing costs as much as a turn, so it is for whoever stores the same part often and keeps it. What an entry weighs on
/// disk falls to a third by it, and with it most of what a commit costs.
package struct PackedPart: Equatable, Sendable {
    /// A part within the bytes that it is a part of.
    package struct Placed: Equatable, Sendable {
        let start: Int
        let part: PackedPart

        package init(_ part: PackedPart, at start: Int) {
            self.start = start
            self.part = part
        }

        var range: Range<Int> { start..<start + part.count }

        func fits(_ bytes: [UInt8]) -> Bool { start >= 0 && range.upperBound <= bytes.count }
    }

    /// Bytes of the part as it was.
    package let count: Int
    let bytes: [UInt8]

    /// Nil when packing does not make it shorter.
    package init?(_ part: [UInt8]) {
        let packed = [UInt8](unsafeUninitializedCapacity: part.count) { output, count in
            count = part.withUnsafeBufferPointer {
                ccompression_deflate($0.baseAddress, $0.count, output.baseAddress, output.count)
            }
        }
        guard !packed.isEmpty else { return nil }
        count = part.count
        bytes = packed
    }

    /// Appends the part that was packed; false when these are no bytes of so long a part.
    static func unpack(_ bytes: ArraySlice<UInt8>, count: Int, to whole: inout [UInt8]) -> Bool {
        // Deflate makes at most 1032 bytes of one, so nothing damaged can ask for more memory than that.
        guard count <= bytes.count * 1032 else { return false }
        var isWhole = false
        whole += [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
            isWhole = bytes.withUnsafeBufferPointer {
                ccompression_inflate($0.baseAddress, $0.count, output.baseAddress, count) == 1
            }
            initialized = isWhole ? count : 0
        }
        return isWhole
    }
}
