package dev.resound.test;

import dev.resound.tls.TlsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate that has signed itself, for localhost, and its key, as the JDK's keytool makes them, in PEM files. */
public final class TestCertificate {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String ALIAS = "it";
    private static final String AUTHORITY = "authority";
    private static final String ROOT = "root";
    /** What stands in front of the PKCS#1 form of a key of 2048 bits in its PKCS#8 form. */
    private static final int PKCS8_PREFIX = 26;

    private final Path certificateFile;
    private final Path keyFile;
    private final KeyStore store;

    private TestCertificate(Path directory, KeyStore store) {
        this.certificateFile = directory.resolve("tls.crt");
        this.keyFile = directory.resolve("tls.key");
        this.store = store;
    }

    /** One with an RSA key; the directory must exist. */
    public static TestCertificate rsa(Path directory, String name) {
        return make(directory, name, "-keyalg", "RSA", "-keysize", "2048", "-validity", "30");
    }

    /** One with an EC key. */
    public static TestCertificate ec(Path directory, String name) {
        return make(directory, name, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30");
    }

    /** One that was valid until yesterday. */
    public static TestCertificate expired(Path directory, String name) {
        return make(directory, name, "-keyalg", "EC", "-startdate", "-3d", "-validity", "2");
    }

    /**
     * One that an authority has signed, which a root has signed.
     *
     * @param authority options of keytool for the root and the authority, such as {@code -startdate}
     * @param options options of keytool for the certificate
     */
    public static TestCertificate signed(Path directory, String name, List<String> authority, String... options) {
        try {
            Path file = Files.createTempDirectory("resound-key").resolve("store.p12");
            List<String> usual = List.of("-keyalg", "EC", "-ext", "bc:c");
            generate(file, ROOT, name + "-root", Stream.of(usual, authority).flatMap(List::stream));
            generate(
                    file,
                    AUTHORITY,
                    name + "-authority",
                    Stream.of(usual, authority, List.of("-signer", ROOT)).flatMap(List::stream));
            generate(file, ALIAS, name, Stream.concat(Stream.of("-signer", AUTHORITY), Stream.of(options)));
            return read(directory, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that has signed itself, with options of keytool such as {@code -keyalg}. */
    public static TestCertificate make(Path directory, String name, String... options) {
        try {
            Path file = Files.createTempDirectory("resound-key").resolve("store.p12");
            generate(file, ALIAS, name, Stream.of(options));
            return read(directory, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void generate(Path store, String alias, String name, Stream<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD)));
        command.addAll(options.toList());
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new AssertionError(said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestCertificate read(Path directory, Path file) {
        try {
            var made = new TestCertificate(directory, KeyStore.getInstance(file.toFile(), PASSWORD));
            Files.delete(file);
            Files.delete(file.getParent());
            Files.writeString(made.certificateFile, made.certificateText());
            Files.writeString(made.keyFile, made.keyText());
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path certificateFile() {
        return certificateFile;
    }

    public Path keyFile() {
        return keyFile;
    }

    /** The settings of a server that uses it. */
    public TlsSettings tls() {
        return new TlsSettings(certificateFile.toString(), keyFile.toString(), "");
    }

    /** The keys of the configuration with their values, and more of them. */
    public String[] settings(String... more) {
        List<String> settings = new ArrayList<>(
                List.of("http.tls.certificate", certificateFile.toString(), "http.tls.key", keyFile.toString()));
        settings.addAll(List.of(more));
        return settings.toArray(String[]::new);
    }

    public X509Certificate certificate() {
        try {
            return (X509Certificate) store.getCertificate(ALIAS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In PEM. */
    public String certificateText() {
        return text(ALIAS);
    }

    private String text(String alias) {
        try {
            return pem("CERTIFICATE", store.getCertificate(alias).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate of the authority that has signed it, in PEM. */
    public String authorityText() {
        return text(AUTHORITY);
    }

    /** The certificate of the authority's authority, in PEM. */
    public String rootText() {
        return text(ROOT);
    }

    /** In PEM, as PKCS#8. */
    public String keyText() {
        return pem("PRIVATE KEY", key().getEncoded());
    }

    /** In PEM, as PKCS#1; of an RSA key. */
    public String pkcs1Text() {
        byte[] pkcs8 = key().getEncoded();
        return pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, PKCS8_PREFIX, pkcs8.length));
    }

    private Key key() {
        try {
            return store.getKey(ALIAS, PASSWORD);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** What a client uses that trusts this server and nothing else. */
    public SSLContext client() {
        return client(null);
    }

    /** The same with a certificate of the client's own. */
    public SSLContext clientWith(TestCertificate own) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own.store, PASSWORD);
            return client(keys);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private SSLContext client(KeyManagerFactory keys) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
