package dev.resound.http;

import dev.resound.setting.Rules;
import dev.resound.tls.TlsSettings;

/**
 * Where the public port listens.
 *
 * @param host the address to bind, {@code 0.0.0.0} for IPv4 only, {@code ::} for both families
 * @param port the TCP port; 0 means any free port
 * @param proxyProtocol whether each connection must begin with a PROXY protocol header, which contains the client's address
 * @param tls the certificate, if any
 */
public record HttpSettings(String host, int port, boolean proxyProtocol, TlsSettings tls) {

    // Before DEFAULT, whose constructor uses it. RFC 1035 2.3.4.
    private static final int MAX_HOST = 255;

    public static final HttpSettings DEFAULT = new HttpSettings("0.0.0.0", 8080, false, TlsSettings.OFF);

    public HttpSettings {
        new Rules()
                .require(
                        !host.isBlank() && host.length() <= MAX_HOST,
                        "host",
                        host,
                        "must name an address to bind, in at most " + MAX_HOST + " characters")
                .between("port", port, 0, 65535)
                .check();
    }
}
