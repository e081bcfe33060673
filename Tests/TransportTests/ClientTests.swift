import Testing
import Transport

@Suite struct ClientTests {
    @Test(arguments: [
        ("ws://127.0.0.1:8080/v1/chat", "ws", "127.0.0.1", 8080, "/v1/chat"),
        ("http://localhost", "http", "localhost", 80, "/"),
        ("http://localhost/a/b?c=d/e", "http", "localhost", 80, "/a/b?c=d/e"),
        ("ws://h:1/", "ws", "h", 1, "/"), ("ws://[::1]:8080/v1/chat", "ws", "::1", 8080, "/v1/chat"),
        ("http://[fe80::1]", "http", "fe80::1", 80, "/"),
    ]) func `an address has a scheme, a host, a port and a path`(
        text: String, scheme: String, host: String, port: Int, path: String
    ) throws {
        let address = try #require(ClientAddress(text))
        #expect(address.scheme == scheme)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.path == path)
    }

    @Test(arguments: [
        "", "localhost", "wss://localhost/", "https://localhost/", "ws:/localhost", "ws://", "ws://:80/",
        "ws://h:port/", "ws://h:1:2/", "ftp://h/", "ws://::1/", "ws://[::1", "ws://[::1]8080/", "ws://[]/",
    ]) func `anything else is none`(text: String) {
        #expect(ClientAddress(text) == nil)
    }

    @Test func `nobody at home is told as such`() throws {
        let port = try TestServer().port
        let address = try #require(ClientAddress("ws://127.0.0.1:\(port)/chat"))
        let error = #expect(throws: TransportError.self) { try WebSocketClient(address) }
        #expect(error?.code == .connectFailed)
    }

    @Test(arguments: [
        // FIPS 180-4, the examples.
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ]) func `a digest is the SHA-256 of the bytes`(text: String, digest: String) {
        let hex = Digest.sha256(Array(text.utf8)).map { String(Int($0) + 256, radix: 16).dropFirst() }
            .joined()
        #expect(hex == digest)
    }
}
