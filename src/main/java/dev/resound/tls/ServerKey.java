package dev.resound.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Hands a server's only key and certificates to the JDK's TLS, whatever name a client asks for. */
final class ServerKey extends X509ExtendedKeyManager {

    private static final String ALIAS = "server";

    private final PrivateKey key;
    private final X509Certificate[] chain;

    ServerKey(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain.toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String algorithm, Principal @Nullable [] issuers, SSLEngine engine) {
        return algorithm.equals(key.getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String algorithm, Principal @Nullable [] issuers, Socket socket) {
        return algorithm.equals(key.getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String algorithm, Principal @Nullable [] issuers) {
        return algorithm.equals(key.getAlgorithm()) ? new String[] {ALIAS} : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key;
    }

    /** None: this is no client. */
    @Override
    public String @Nullable [] getClientAliases(String algorithm, Principal @Nullable [] issuers) {
        return null;
    }

    /** None: this is no client. */
    @Override
    public @Nullable String chooseClientAlias(String[] algorithms, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
