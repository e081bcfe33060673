import GRDB
import Glibc

// How failures underneath become ours.
extension StorageError {
    /// A result code of SQLite, with its words.
    init(sqlite number: Int32, words: String, _ operation: String) {
        self.init(
            Self.code(sqlite: number), operation,
            Cause(number: Int(number), name: Self.name(sqlite: number), words: words))
    }

    init(_ error: DatabaseError, _ operation: String) {
        let words = error.message ?? error.resultCode.description
        self.init(sqlite: error.extendedResultCode.rawValue, words: words, operation)
    }

    /// Whatever was thrown underneath, in our terms.
    init(_ error: any Error, _ operation: String) {
        switch error {
        case let error as StorageError: self = error
        case let error as DatabaseError: self.init(error, operation)
        default: self.init(.other, operation, Cause(words: "\(error)"))
        }
    }

    /// The failure of a system call, from `errno`.
    init(errno number: Int32, _ operation: String) {
        let code: Code =
            switch number {
            case EACCES, EPERM, EROFS: .readOnly
            case ENOSPC, EDQUOT, EFBIG: .full
            case ENOENT, ENOTDIR, EISDIR, ENAMETOOLONG, ELOOP: .unreachable
            default: .io
            }
        self.init(code, operation, Cause(errno: number))
    }

    private static func code(sqlite number: Int32) -> Code {
        switch ResultCode(rawValue: number).primaryResultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
        case .SQLITE_FULL: .full
        case .SQLITE_READONLY, .SQLITE_PERM: .readOnly
        case .SQLITE_CANTOPEN: .unreachable
        case .SQLITE_IOERR: .io
        default: .other
        }
    }

    private static let names: [Int32: String] = [
        1: "SQLITE_ERROR", 2: "SQLITE_INTERNAL", 3: "SQLITE_PERM", 4: "SQLITE_ABORT", 5: "SQLITE_BUSY",
        6: "SQLITE_LOCKED", 7: "SQLITE_NOMEM", 8: "SQLITE_READONLY", 9: "SQLITE_INTERRUPT",
        10: "SQLITE_IOERR",
        11: "SQLITE_CORRUPT", 13: "SQLITE_FULL", 14: "SQLITE_CANTOPEN", 15: "SQLITE_PROTOCOL",
        18: "SQLITE_TOOBIG",
        19: "SQLITE_CONSTRAINT", 20: "SQLITE_MISMATCH", 21: "SQLITE_MISUSE", 26: "SQLITE_NOTADB",
        261: "SQLITE_BUSY_RECOVERY", 517: "SQLITE_BUSY_SNAPSHOT", 266: "SQLITE_IOERR_READ",
        522: "SQLITE_IOERR_SHORT_READ", 778: "SQLITE_IOERR_WRITE", 1034: "SQLITE_IOERR_FSYNC",
        1546: "SQLITE_IOERR_TRUNCATE", 1802: "SQLITE_IOERR_FSTAT", 2570: "SQLITE_IOERR_DELETE",
        4618: "SQLITE_IOERR_SHMOPEN", 4874: "SQLITE_IOERR_SHMSIZE", 1544: "SQLITE_READONLY_DIRECTORY",
        1032: "SQLITE_READONLY_DBMOVED", 526: "SQLITE_CANTOPEN_ISDIR", 779: "SQLITE_CORRUPT_INDEX",
    ]

    /// SQLite's name of the code; the name of the kind it belongs to for the rarer ones.
    private static func name(sqlite number: Int32) -> String {
        names[number] ?? names[number & 0xFF] ?? "SQLITE"
    }
}

extension StorageError.Cause {
    init(errno number: Int32) {
        self.init(number: Int(number), name: "errno", words: String(cString: strerror(number)))
    }
}
