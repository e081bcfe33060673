import Testing
import Transport

/// What `--host` names is what is listened on, or the start fails.
@Suite struct ListenAddressTests {
    private func connects(_ host: String, _ port: Int) -> Bool {
        guard let address = ClientAddress("ws://\(ListenAddress.inURL(host)):\(port)/chat") else {
            return false
        }
        return (try? WebSocketClient(address)) != nil
    }

    @Test func `a name is resolved, to the address of IPv4 where it has both`() throws {
        #expect(try ListenAddress("localhost").text == "127.0.0.1")
        let server = try TestServer { $0.host = "localhost" }
        #expect(connects("localhost", server.port))
        #expect(connects("127.0.0.1", server.port))
    }

    @Test(arguments: [("::1", "::1"), ("0:0:0:0:0:0:0:1", "::1"), ("::", "::"), ("127.1", "127.0.0.1")])
    func `an address in any spelling is itself`(host: String, text: String) throws {
        let address = try ListenAddress(host)
        #expect(address.text == text)
        #expect(address.isIPv6 == text.contains(":"))
    }

    @Test(arguments: ["", "nohost.invalid", "999.1.1.1", "203.0.113.5", "2001:db8::5", "[::1]"])
    func `what is no address of this machine is not listened on`(host: String) {
        let error = #expect(throws: TransportError.self) { try TestServer { $0.host = host } }
        #expect(error?.code == .hostUnknown)
        #expect(error?.description.contains("`\(host)`") == true)
    }

    @Test func `an address of IPv6 is listened on alone`() throws {
        let server = try TestServer { $0.host = "::1" }
        #expect(connects("::1", server.port))
        #expect(!connects("127.0.0.1", server.port))
        let everywhere = try TestServer { $0.host = "::" }
        #expect(connects("::1", everywhere.port))
        #expect(!connects("127.0.0.1", everywhere.port))
    }

    @Test func `all addresses of IPv4 are not those of IPv6`() throws {
        let server = try TestServer { $0.host = "0.0.0.0" }
        #expect(connects("127.0.0.1", server.port))
        #expect(!connects("::1", server.port))
    }

    @Test(arguments: [("::1", "[::1]"), ("127.0.0.1", "127.0.0.1"), ("localhost", "localhost")])
    func `in a URL an address of IPv6 stands in brackets`(host: String, text: String) {
        #expect(ListenAddress.inURL(host) == text)
    }
}
