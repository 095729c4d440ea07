package dev.resound.lifecycle;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this instance is called among others of its kind. */
public final class InstanceName {

    private static final String UNKNOWN = "unknown";

    private InstanceName() {}

    /**
     * The name to show.
     *
     * @param configured wins, where it is not empty; else the host's name, which is the pod's in Kubernetes
     */
    public static String of(String configured) {
        if (!configured.isEmpty()) {
            return configured;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }
}
