import Storage
import Testing

@Suite struct PackedPartTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func entry(
        _ conversation: Int64, _ frame: [UInt8], packing range: Range<Int>, events: [UInt8] = [7],
        packing packedEvents: Range<Int> = 0..<0
    ) -> Entry {
        Entry(
            conversation: conversation, seq: 2, id: "c2", digest: 1, at: 1, frame: frame,
            packedFrame: packed(range, of: frame), events: events,
            packedEvents: packed(packedEvents, of: events))
    }

    private func packed(_ range: Range<Int>, of bytes: [UInt8]) -> PackedPart.Placed? {
        PackedPart(Array(bytes[range])).map { PackedPart.Placed($0, at: range.lowerBound) }
    }

    @Test(arguments: [0..<4_000, 0..<3_000, 500..<4_000, 17..<3_999])
    func `a frame comes back as it was, wherever its packed part lies`(range: Range<Int>) async throws {
        let frame = (0..<4_000).map { UInt8(truncatingIfNeeded: $0 / 7 % 64) }
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        let entry = entry(conversation, frame, packing: range)
        #expect(entry.packedFrame != nil)
        #expect(try await log.append(entry) == .committed)
        #expect(try await log.last(conversation, count: 1).map(\.frame) == [frame])
        #expect(try await log.append(entry) == .duplicate(kind: .turn, seq: 2, frame: frame))
        #expect(try await log.load(1)?.tail.last?.bytes == [7])
    }

    @Test(arguments: [0..<0, 500..<4_000], [0..<3_000, 31..<3_000])
    func `events come back as they were, whatever of the frame is packed`(
        frameRange: Range<Int>, range: Range<Int>
    ) async throws {
        let frame = (0..<4_000).map { UInt8(truncatingIfNeeded: $0 / 7 % 64) }
        let events = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 / 5 % 64) }
        let log = try EventLog(path: folder.file)
        defer { log.close() }
        let conversation = try await log.open(.make(1))
        let entry = entry(conversation, frame, packing: frameRange, events: events, packing: range)
        #expect(entry.packedEvents != nil)
        #expect(try await log.append(entry) == .committed)
        #expect(try await log.last(conversation, count: 1).map(\.frame) == [frame])
        #expect(try await log.load(1)?.tail.last?.bytes == events)
    }

    @Test func `an entry with a packed part is smaller on disk`() async throws {
        var sizes: [Int] = []
        for isPacked in [false, true] {
            let folder = try TemporaryFolder()
            let log = try EventLog(path: folder.file)
            let conversation = try await log.open(.make(1))
            let frame = [UInt8](repeating: 65, count: 200_000)
            _ = try await log.append(entry(conversation, frame, packing: 0..<(isPacked ? 200_000 : 0)))
            log.close()
            sizes.append(TemporaryFolder.read(folder.file).count)
        }
        #expect(sizes[0] - sizes[1] > 131_072)
    }

    @Test func `what packing does not make shorter is left as it is`() {
        #expect(PackedPart([]) == nil)
        #expect(PackedPart([1, 2, 3]) == nil)
        var random = SystemRandomNumberGenerator()
        #expect(PackedPart((0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }) == nil)
    }
}
