package dev.resound.management;

import dev.resound.setting.Rules;

/**
 * Where the private port listens. It serves metrics and probes and must not be reachable from the internet.
 *
 * @param host the address to bind, {@code 0.0.0.0} for IPv4 only, {@code ::} for both families
 * @param port the TCP port; 0 means any free port
 */
public record ManagementSettings(String host, int port) {

    // Before DEFAULT, whose constructor uses it. RFC 1035 2.3.4.
    private static final int MAX_HOST = 255;

    public static final ManagementSettings DEFAULT = new ManagementSettings("0.0.0.0", 8081);

    public ManagementSettings {
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
