import Testing
import Transport

@Suite struct ClientNetworkTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2::1", "20010db800010002/64"),
        ("2001:db8:1:2:ffff::", "20010db800010002/64"), ("2001:DB8:1:3::1", "20010db800010003/64"),
        ("::1", "0000000000000000/64"), ("::ffff:192.0.2.1", "192.0.2.1"), ("192.0.2.1:80", "192.0.2.1:80"),
        ("", ""), ("nobody", "nobody"),
    ])
    func `an IPv6 network is one client, an IPv4 address one however it is written`(
        address: String, client: String
    ) {
        #expect(ClientNetwork.of(address) == client)
    }
}
