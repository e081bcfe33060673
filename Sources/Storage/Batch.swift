/// An entry in the directory of its batch.
///
/// Entries that one transaction wrote lie in one row, sealed one after the other, each with the key of its conversation: a row for
/// each cost SQLite as much as sealing them. The directory tells what is where. Entries are numbered in their order, so that
/// the number of a batch is that of its first entry.
struct BatchItem: Equatable {
    /// Bytes in the directory.
    static let size = 28

    var conversation: Int64
    var seq: Int
    var ordinal: Int
    /// Stands for the id that the client chose.
    var mark: Int64
    /// Bytes of the sealed body; none when the entry was erased.
    var length: Int

    static let erased = BatchItem(conversation: 0, seq: 0, ordinal: 0, mark: 0, length: 0)

    var isErased: Bool { length == 0 }

    /// Where the entry with this number lies.
    func place(_ entry: Int64) -> Place { Place(seq: seq, ordinal: ordinal, entry: entry, mark: mark) }

    /// The items of a directory.
    static func items(_ directory: UnsafeRawBufferPointer) -> [BatchItem] {
        stride(from: 0, through: directory.count - size, by: size).map { start in
            BatchItem(
                conversation: directory.number(at: start),
                seq: Int(directory.number(at: start + 8, UInt32.self)),
                ordinal: Int(directory.number(at: start + 12, UInt32.self)),
                mark: directory.number(at: start + 16),
                length: Int(directory.number(at: start + 24, UInt32.self)))
        }
    }
}

extension ByteEncoder {
    mutating func put(_ item: BatchItem) {
        put(item.conversation)
        put(UInt32(item.seq))
        put(UInt32(item.ordinal))
        put(item.mark)
        put(UInt32(item.length))
    }
}

/// A batch in the making, in memory that is used again.
struct Batch {
    /// What is full is written: whoever reads an entry reads its whole batch.
    private static let limit = 64
    private static let byteLimit = 96 << 10

    /// The number of its first entry.
    private(set) var first: Int64 = 0
    private(set) var count = 0
    private(set) var directory = ByteEncoder()
    private(set) var bodies = ByteEncoder()

    var isFull: Bool { count >= Self.limit || bodies.bytes.count >= Self.byteLimit }

    mutating func removeAll() {
        count = 0
        directory.reset()
        bodies.reset()
    }

    /// Adds an entry under the number that follows on the last one's.
    mutating func add(_ entry: Entry, number: Int64, mark: Int64, with seal: Seal, nonce: UInt64) {
        if count == 0 { first = number }
        precondition(number == first + Int64(count), "entries are numbered without holes")
        let start = bodies.bytes.count
        bodies.seal(with: seal, nonce: nonce) { $0.put(entry) }
        directory.put(
            BatchItem(
                conversation: entry.conversation, seq: entry.seq, ordinal: entry.ordinal, mark: mark,
                length: bodies.bytes.count - start))
        count += 1
    }
}

/// A batch as it was written, as long as the row is looked at.
struct StoredBatch {
    let first: Int64
    let items: [BatchItem]
    let bodies: UnsafeRawBufferPointer

    /// The row that a statement is at, of which the columns are the number, the directory and the bodies.
    init(_ select: PreparedStatement) throws(StorageError) {
        first = select.integer(0)
        items = BatchItem.items(select.blob(1))
        bodies = select.blob(2)
        // A damaged file may also have a number after which there is none.
        guard items.reduce(0, { $0 + $1.length }) == bodies.count, first <= first &+ Int64(items.count) else {
            throw StorageError.damaged("entries")
        }
    }

    /// The number after its last entry's.
    var end: Int64 { first &+ Int64(items.count) }

    /// The item of an entry, and its sealed body; nil when it was erased.
    func entry(_ number: Int64) -> (item: BatchItem, body: UnsafeRawBufferPointer)? {
        guard (first..<end).contains(number) else { return nil }
        let index = Int(number - first)
        guard !items[index].isErased else { return nil }
        let start = items[..<index].reduce(0) { $0 + $1.length }
        return (
            items[index], UnsafeRawBufferPointer(rebasing: bodies[start..<start + items[index].length])
        )
    }

    /// What is left without the entries of a conversation.
    func without(_ conversation: Int64) -> (live: Int, directory: [UInt8], bodies: [UInt8]) {
        var directory = ByteEncoder()
        var rest: [UInt8] = []
        var (live, start) = (0, 0)
        for item in items {
            let stays = !item.isErased && item.conversation != conversation
            directory.put(stays ? item : .erased)
            if stays {
                rest += bodies[start..<start + item.length]
                live += 1
            }
            start += item.length
        }
        return (live, directory.bytes, rest)
    }
}
