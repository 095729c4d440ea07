package dev.resound.tls;

import java.util.stream.Stream;

/** All files that the settings name, as they were at one moment. Equal where they hold the same. */
record PemFiles(PemFile certificate, PemFile key, PemFile clientCa) {

    /** Reads them; blocks. */
    static PemFiles read(TlsSettings settings) {
        return new PemFiles(
                PemFile.read("certificate", settings.certificate()),
                PemFile.read("key", settings.key()),
                PemFile.read("clientCa", settings.clientCa()));
    }

    Stream<PemFile> all() {
        return Stream.of(certificate, key, clientCa);
    }
}
