package dev.resound.management;

import io.vertx.ext.web.MIMEHeader;
import java.util.List;

/** The formats of the metrics, the default first. */
enum ExpositionFormat {
    /** <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus' text format</a>. */
    PROMETHEUS("text", "plain", "0.0.4"),
    /** <a href="https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md">OpenMetrics</a>. */
    OPEN_METRICS("application", "openmetrics-text", "1.0.0");

    private static final String ANY = "*";

    private final String type;
    private final String subtype;
    private final String version;

    ExpositionFormat(String type, String subtype, String version) {
        this.type = type;
        this.subtype = subtype;
        this.version = version;
    }

    /** The value of {@code Content-Type}; Prometheus 3 takes no answer without it. */
    String contentType() {
        return "%s/%s; version=%s; charset=utf-8".formatted(type, subtype, version);
    }

    /**
     * The format that a client wants most; the default where it has no preference, and where it wants neither, which is what it can
     * at least be shown (RFC 9110 section 12.4.1).
     *
     * @param accepted the elements of its {@code Accept}
     */
    static ExpositionFormat preferredIn(List<MIMEHeader> accepted) {
        return OPEN_METRICS.quality(accepted) > PROMETHEUS.quality(accepted) ? OPEN_METRICS : PROMETHEUS;
    }

    /** The weight of the most specific element that fits (RFC 9110 section 12.5.1), 0 where none does. */
    private float quality(List<MIMEHeader> accepted) {
        int closest = -1;
        float quality = 0;
        for (MIMEHeader range : accepted) {
            int closeness = closeness(range);
            if (closeness > closest) {
                closest = closeness;
                quality = range.weight();
            }
        }
        return quality;
    }

    /** -1 where it does not fit. Parameters other than the version, such as Prometheus 3's {@code escaping}, do not matter. */
    private int closeness(MIMEHeader range) {
        String wanted = range.parameter("version");
        if (fits(range.component(), type)
                && fits(range.subComponent(), subtype)
                && (wanted == null || wanted.equals(version))) {
            return (range.component().equals(ANY) ? 0 : 1)
                    + (range.subComponent().equals(ANY) ? 0 : 1)
                    + (wanted == null ? 0 : 1);
        }
        return -1;
    }

    private static boolean fits(String wanted, String own) {
        return wanted.equals(ANY) || wanted.equalsIgnoreCase(own);
    }
}
