import Language

/// Why a stored model cannot be used. None of them is a reason to stop: train again.
package struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case notAModel = "not_a_model", otherVersion = "other_version", damaged, stale
    }

    package let code: Code

    package var description: String {
        switch code {
        case .notAModel: "the bytes are no stored model"
        case .otherVersion: "the model was stored by another version"
        case .damaged: "the stored model is damaged"
        case .stale: "the stored model belongs to other examples or dictionaries"
        }
    }
}

extension UnderstandingModel {
    fileprivate static let magic: [UInt8] = Array("daobanum".utf8)
    fileprivate static let version: UInt32 = 13

    /// The trained part as bytes; the lexicon is built anew and not in it.
    package func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.bytes.append(contentsOf: UnderstandingModel.magic)
        writer.write(UnderstandingModel.version)
        writer.write(fingerprint)
        writer.write(maskedTypes)
        writer.write(intents)
        writer.write(UInt32(slots == nil ? 0 : 1))
        if let slots { writer.write(slots) }
        writer.write(Checksum.of(writer.bytes[...]))
        return writer.bytes
    }

    /// Reads what `encoded()` wrote.
    /// - Parameter fingerprint: of the training set and lexicon at hand; a model of others is refused.
    package init(decoding bytes: [UInt8], lexicon: Lexicon, fingerprint: UInt64) throws(ModelError) {
        let stored = try StoredModel(decoding: bytes)
        guard stored.fingerprint == fingerprint else { throw ModelError(code: .stale) }
        self.init(stored, lexicon: lexicon)
    }

    /// - Parameter lexicon: the one that the model was trained with, as `fingerprint` tells.
    package init(_ stored: StoredModel, lexicon: Lexicon) {
        self.init(
            lexicon: lexicon, intents: stored.intents, slots: stored.slots, maskedTypes: stored.maskedTypes,
            fingerprint: stored.fingerprint)
    }
}

/// The trained part of a model, which can be read before there is a lexicon.
package struct StoredModel: Sendable {
    let intents: IntentModel
    let slots: SlotModel?
    let maskedTypes: [String]
    /// Of the training set and lexicon that it belongs to.
    package let fingerprint: UInt64

    /// Reads what `UnderstandingModel.encoded()` wrote.
    package init(decoding bytes: [UInt8]) throws(ModelError) {
        guard bytes.count > 28, bytes.starts(with: UnderstandingModel.magic) else {
            throw ModelError(code: .notAModel)
        }
        var reader = ByteReader(bytes: bytes, position: bytes.count - 8, end: bytes.count)
        let stored: UInt64 = try reader.read()
        guard Checksum.of(bytes.dropLast(8)) == stored else { throw ModelError(code: .damaged) }
        reader = ByteReader(bytes: bytes, position: UnderstandingModel.magic.count, end: bytes.count - 8)
        let version: UInt32 = try reader.read()
        guard version == UnderstandingModel.version else { throw ModelError(code: .otherVersion) }
        fingerprint = try reader.read()
        maskedTypes = try reader.readStrings()
        intents = try reader.readIntents()
        let hasSlots: UInt32 = try reader.read()
        slots = hasSlots == 0 ? nil : try reader.readSlots(intents: intents.intents.count)
        guard reader.position == reader.end else { throw ModelError(code: .damaged) }
    }
}

/// Little-endian bytes.
private struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write<Number: FixedWidthInteger>(_ numbers: [Number]) {
        write(UInt32(numbers.count))
        numbers.map(\.littleEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ numbers: [Float]) { write(numbers.map(\.bitPattern)) }

    mutating func write(_ texts: [String]) {
        write(UInt32(texts.count))
        for text in texts { write(Array(text.utf8)) }
    }

    /// A table with open addressing: a bit for each place that is taken, then what is in those.
    mutating func write(keys: [UInt32], numbers: [Int32]) {
        var taken = [UInt64](repeating: 0, count: (keys.count + 63) / 64)
        for place in numbers.indices where numbers[place] >= 0 {
            taken[place / 64] |= 1 << UInt64(place % 64)
        }
        let places = numbers.indices.filter { numbers[$0] >= 0 }
        write(UInt32(keys.count))
        write(taken)
        write(places.map { keys[$0] })
        write(places.map { numbers[$0] })
    }

    mutating func write(_ model: SlotModel) {
        write(model.types)
        write(UInt32(model.typesOfIntent.count))
        for types in model.typesOfIntent { write(types) }
        write(model.names.hashes)
        write(model.names.types)
        write(model.names.counts)
        write(keys: model.keys, numbers: model.numbers)
        write(model.starts)
        write(model.labels)
        write(model.weights)
        write(model.follows)
        write(model.begins)
        write(model.continues)
        write([model.scale, model.likelihood])
    }

    mutating func write(_ model: IntentModel) {
        write(model.intents)
        write(keys: model.vocabulary.keys, numbers: model.vocabulary.groups)
        write(model.vocabulary.factors)
        write(model.vocabulary.idfs)
        write(model.vocabulary.blocks)
        write([model.vocabulary.unknownIdf])
        write(model.blockWeights)
        write(model.starts)
        write(model.classes)
        write(model.weights)
        write([model.scale, model.calibration.sharpness, model.calibration.threshold])
        write(model.biases)
        write(model.exactHashes)
        write(model.exactIntents)
    }
}

/// Reads with every length checked; a wrong one is damage, never a trap.
private struct ByteReader {
    let bytes: [UInt8]
    var position: Int
    let end: Int

    mutating func read<Number: FixedWidthInteger>() throws(ModelError) -> Number {
        let size = MemoryLayout<Number>.size
        guard end - position >= size else { throw ModelError(code: .damaged) }
        let number = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Number.self) }
        position += size
        return Number(littleEndian: number)
    }

    mutating func readArray<Number: FixedWidthInteger>() throws(ModelError) -> [Number] {
        let count: UInt32 = try read()
        guard Int(count) <= (end - position) / MemoryLayout<Number>.size else {
            throw ModelError(code: .damaged)
        }
        let size = Int(count) * MemoryLayout<Number>.size
        let numbers = [Number](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
            UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes[position..<position + size])
            for index in buffer.indices { buffer[index] = Number(littleEndian: buffer[index]) }
            filled = Int(count)
        }
        position += size
        return numbers
    }

    /// Reads what `write(keys:numbers:)` wrote.
    mutating func readTable() throws(ModelError) -> (keys: [UInt32], numbers: [Int32]) {
        let count: UInt32 = try read()
        let taken: [UInt64] = try readArray()
        let keys: [UInt32] = try readArray()
        let numbers: [Int32] = try readArray()
        guard count.nonzeroBitCount == 1, taken.count == (Int(count) + 63) / 64, keys.count < count,
            keys.count == numbers.count, taken.reduce(0, { $0 + $1.nonzeroBitCount }) == keys.count,
            numbers.allSatisfy({ $0 >= 0 })
        else { throw ModelError(code: .damaged) }
        var table = (
            keys: [UInt32](repeating: 0, count: Int(count)),
            numbers: [Int32](repeating: -1, count: Int(count))
        )
        var next = 0
        for (index, word) in taken.enumerated() {
            var rest = word
            while rest != 0 {
                let place = index * 64 + rest.trailingZeroBitCount
                guard place < count else { throw ModelError(code: .damaged) }
                table.keys[place] = keys[next]
                table.numbers[place] = numbers[next]
                next += 1
                rest &= rest - 1
            }
        }
        return table
    }

    mutating func readFloats() throws(ModelError) -> [Float] {
        let patterns: [UInt32] = try readArray()
        return patterns.map(Float.init(bitPattern:))
    }

    mutating func readStrings() throws(ModelError) -> [String] {
        let count: UInt32 = try read()
        var texts: [String] = []
        for _ in 0..<count {
            let utf8: [UInt8] = try readArray()
            texts.append(String(decoding: utf8, as: UTF8.self))
        }
        return texts
    }

    mutating func readIntents() throws(ModelError) -> IntentModel {
        let intents = try readStrings()
        let vocabulary = try readVocabulary()
        let blockWeights = try readFloats()
        let starts: [Int32] = try readArray()
        let classes: [UInt16] = try readArray()
        let weights: [Int16] = try readArray()
        let settings = try readFloats()
        let biases = try readFloats()
        let hashes: [UInt64] = try readArray()
        let exact: [UInt16] = try readArray()
        let isSound =
            starts.count == vocabulary.groupCount + 1 && starts.first == 0
            && zip(starts, starts.dropFirst())
                .allSatisfy { $0 <= $1 }
            && Int(starts.last ?? -1) == weights.count && classes.count == weights.count
            && classes.allSatisfy { $0 < intents.count } && biases.count == intents.count
            && settings.count == 3
            && blockWeights.count == FeatureBlock.count && hashes.count == exact.count
            && exact.allSatisfy { $0 < intents.count }
        guard isSound else { throw ModelError(code: .damaged) }
        return IntentModel(
            intents: intents, vocabulary: vocabulary, blockWeights: blockWeights, starts: starts,
            classes: classes, weights: weights, scale: settings[0], biases: biases,
            calibration: Calibration(sharpness: settings[1], threshold: settings[2]),
            exactHashes: hashes, exactIntents: exact)
    }

    mutating func readSlots(intents: Int) throws(ModelError) -> SlotModel {
        let types = try readStrings()
        let count: UInt32 = try read()
        guard Int(count) == intents else { throw ModelError(code: .damaged) }
        var typesOfIntent: [[UInt16]] = []
        for _ in 0..<count { typesOfIntent.append(try readArray()) }
        let hashes: [UInt32] = try readArray()
        let nameTypes: [UInt16] = try readArray()
        let counts: [UInt16] = try readArray()
        let (keys, numbers) = try readTable()
        let starts: [Int32] = try readArray()
        let labels: [UInt16] = try readArray()
        let weights: [Int16] = try readArray()
        let follows = try readFloats()
        let begins = try readFloats()
        let continues = try readFloats()
        let settings = try readFloats()
        let isSound =
            typesOfIntent.allSatisfy { $0.allSatisfy { $0 < types.count } }
            && hashes.count == nameTypes.count && hashes.count == counts.count
            && nameTypes.allSatisfy { $0 < types.count }
            && numbers.allSatisfy { $0 + 1 < starts.count } && starts.first == 0
            && zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
            && Int(starts.last ?? -1) == weights.count && labels.count == weights.count
            && labels.allSatisfy { $0 <= 2 * types.count }
            && follows.count == (types.count + 1) * (types.count + 1) && begins.count == types.count + 1
            && continues.count == 2 * types.count && settings.count == 2
        guard isSound else { throw ModelError(code: .damaged) }
        return SlotModel(
            types: types, typesOfIntent: typesOfIntent,
            names: SlotNames(hashes: hashes, types: nameTypes, counts: counts), keys: keys, numbers: numbers,
            starts: starts, labels: labels, weights: weights, scale: settings[0], follows: follows,
            begins: begins, continues: continues, likelihood: settings[1])
    }

    private mutating func readVocabulary() throws(ModelError) -> Vocabulary {
        let (keys, groups) = try readTable()
        let factors = try readFloats()
        let idfs = try readFloats()
        let blocks: [UInt8] = try readArray()
        let unknown = try readFloats()
        let isSound =
            groups.allSatisfy { $0 < factors.count } && factors.count == idfs.count
            && idfs.count == blocks.count
            && blocks.allSatisfy { $0 < FeatureBlock.count } && unknown.count == 1
        guard isSound else { throw ModelError(code: .damaged) }
        return Vocabulary(
            keys: keys, groups: groups, factors: factors, idfs: idfs, blocks: blocks,
            unknownIdf: unknown[0])
    }
}
