package dev.resound.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/**
 * What {@code /metrics} shows at one time.
 *
 * @param text the body
 * @param series the value of each series, by name and labels as they stand there
 */
public record MetricsPage(String text, Map<String, Double> series) {

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** The page now, as Prometheus' text. */
    public static MetricsPage of(RunningResound resound) {
        return of(resound, "text/plain");
    }

    /** The page now, in the format of an {@code Accept}. */
    public static MetricsPage of(RunningResound resound, String accept) {
        return of(HTTP, resound.management("/metrics"), accept);
    }

    /** The page of a process now, as Prometheus' text. */
    public static MetricsPage of(ResoundProcess resound) {
        return of(HTTP, resound.management("/metrics"), "text/plain");
    }

    /** The page at an address now. */
    public static MetricsPage of(HttpClient http, URI address, String accept) {
        try {
            var request =
                    HttpRequest.newBuilder(address).header("Accept", accept).build();
            String text =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return parsed(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A page that was read. */
    public static MetricsPage parsed(String text) {
        return new MetricsPage(text, parse(text));
    }

    /** The first page on which a condition holds, and it must soon. */
    public static MetricsPage await(RunningResound resound, Predicate<MetricsPage> condition) {
        return await(() -> of(resound), condition);
    }

    /** The same of a process. */
    public static MetricsPage await(ResoundProcess resound, Predicate<MetricsPage> condition) {
        return await(() -> of(resound), condition);
    }

    private static MetricsPage await(Supplier<MetricsPage> pages, Predicate<MetricsPage> condition) {
        return Waiting.await("a page of metrics on which the condition holds")
                .pollInterval(PAUSE)
                .until(pages::get, condition);
    }

    /**
     * The sum of the series that have this name and these labels, and maybe more labels, as {@code sum()} in PromQL; there must be one.
     *
     * @param selector a name, or a name with labels, for example {@code websocket_handshakes_total{outcome="key"}}
     */
    public double value(String selector) {
        List<String> wanted = parts(selector);
        double[] selected = series.entrySet().stream()
                .filter(entry -> isNamed(entry.getKey(), wanted.getFirst())
                        && parts(entry.getKey()).containsAll(wanted))
                .mapToDouble(Map.Entry::getValue)
                .toArray();
        if (selected.length == 0) {
            throw new AssertionError("no series " + selector + " in\n" + text);
        }
        return DoubleStream.of(selected).sum();
    }

    private static boolean isNamed(String series, String name) {
        return series.equals(name) || series.startsWith(name + "{");
    }

    /** The name and the labels. No label value contains a comma followed by a name and a quotation mark. */
    private static List<String> parts(String series) {
        return List.of(series.replace("}", "").split("\\{|,(?=[a-z_]+=\")", -1));
    }

    /** All series of a metric together. */
    public double sum(String metric) {
        return series.entrySet().stream()
                .filter(entry -> isNamed(entry.getKey(), metric))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static Map<String, Double> parse(String text) {
        Map<String, Double> series = new TreeMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            String value = line.substring(space + 1).replace("+Inf", "Infinity");
            if (series.put(line.substring(0, space), Double.valueOf(value)) != null) {
                throw new AssertionError("twice: " + line);
            }
        });
        return series;
    }
}
