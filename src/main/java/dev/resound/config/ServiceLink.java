package dev.resound.config;

import java.util.regex.Pattern;

/**
 * The environment variables that Kubernetes injects into a pod for each Service of its namespace. Those of a Service whose
 * name starts with {@code resound} begin like settings: the Service {@code resound-http} sets {@code RESOUND_HTTP_PORT}.
 *
 * <p>The names and values are those of the kubelet:
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
final class ServiceLink {

    // A Service or a port is named by a DNS label, of up to 63 characters. The bounds also keep the match from
    // backtracking for long.
    private static final String SERVICE = "RESOUND(?:_[A-Z0-9_]{0,62})?";
    private static final String PORT_NAME = "[A-Z0-9_]{1,63}";
    private static final String ADDRESS = "(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,45})";
    private static final String URL_HOST = "(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-f]{0,4}:[0-9a-f:.]{1,45}])";
    private static final String PORT = "\\d{1,5}";

    /** Matches {@code NAME=value}. The protocol is in upper case in a name and in lower case in a value. */
    private static final Pattern FORM = Pattern.compile(SERVICE
            + "_(?:"
            + String.join(
                    "|",
                    "SERVICE_HOST=" + ADDRESS,
                    "SERVICE_PORT(?:_" + PORT_NAME + ")?=" + PORT,
                    "PORT=(?:tcp|udp|sctp)://" + URL_HOST + ":" + PORT,
                    link("TCP", "tcp"),
                    link("UDP", "udp"),
                    link("SCTP", "sctp"))
            + ")");

    private ServiceLink() {}

    /** The four variables of one port, such as {@code PORT_80_TCP} and {@code PORT_80_TCP_ADDR}. */
    private static String link(String inName, String inValue) {
        String group = "port" + inValue;
        return ("PORT_(?<%1$s>" + PORT + ")_%2$s(?:=%3$s://" + URL_HOST
                        + ":\\k<%1$s>|_PROTO=%3$s|_PORT=\\k<%1$s>|_ADDR=" + ADDRESS + ")")
                .formatted(group, inName, inValue);
    }

    /** Whether the variable has both a name and a value that Kubernetes gives it. */
    static boolean isOne(String name, String value) {
        return FORM.matcher(name + "=" + value).matches();
    }
}
