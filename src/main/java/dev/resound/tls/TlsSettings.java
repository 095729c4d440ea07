package dev.resound.tls;

import dev.resound.setting.Rules;

/**
 * The PEM files with which the public port speaks TLS; without them it speaks plain text.
 *
 * @param certificate of this server, followed by those that lead from it to its authority; empty for plain text
 * @param key the private key of the certificate: RSA or EC, not encrypted
 * @param clientCa authorities, one of which has to have signed the certificate that a client must show then; empty asks for
 *     none
 */
public record TlsSettings(String certificate, String key, String clientCa) {

    public static final TlsSettings OFF = new TlsSettings("", "", "");

    private static final String BOTH = "must name a file if certificate, key or client-ca is set";

    public TlsSettings {
        boolean off = certificate.isEmpty() && key.isEmpty() && clientCa.isEmpty();
        new Rules()
                .require(off || !certificate.isEmpty(), "certificate", certificate, BOTH)
                .require(off || !key.isEmpty(), "key", key, BOTH)
                .check();
    }

    /** Whether the port speaks TLS. */
    public boolean on() {
        return !certificate.isEmpty();
    }
}
