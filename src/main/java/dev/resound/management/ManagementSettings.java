package dev.resound.management;

import dev.resound.setting.Rules;

/**
 * Where the private port listens: metrics and probes, never to be reached from the internet.
 *
 * @param host the address to bind, {@code 0.0.0.0} for IPv4 only, {@code ::} for both families
 * @param port the TCP port; 0 takes any free one
 */
public record ManagementSettings(String host, int port) {

    public static final ManagementSettings DEFAULT = new ManagementSettings("0.0.0.0", 8081);

    public ManagementSettings {
        new Rules()
                .require(!host.isBlank(), "host", host, "must name an address to bind")
                .between("port", port, 0, 65535)
                .check();
    }
}
