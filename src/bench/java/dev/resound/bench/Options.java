package dev.resound.bench;

import dev.resound.bench.load.Load;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the benchmark is to do, from the system properties {@code bench.*}.
 *
 * @param servers names of {@link Contestant}s, each perhaps with a transport: {@code vertx:epoll}
 * @param external servers that are no part of this: {@code name=command} with <code>{port}</code> in it
 * @param runningIn how long a server that has just started may be driven before anything is measured, see {@link RunIn}
 * @param warmUp before each measurement
 * @param duration of each measurement
 * @param serverCpus as {@code taskset} takes them
 * @param jvmFlags of every server that runs on the JVM
 * @param jmh whether the parts are measured too
 */
record Options(
        List<String> servers,
        List<String> external,
        List<Load> cases,
        int rounds,
        Duration runningIn,
        Duration warmUp,
        Duration duration,
        String serverCpus,
        String generatorCpus,
        List<String> jvmFlags,
        boolean jmh) {

    private static final String SERVERS = "resound,vertx,netty,undertow,jetty,tomcat,helidon";

    private static final String CASES = "binary-64B,text-64B,binary-64Bx16,text-64Bx16,binary-1KiB,text-1KiB,utf8-1KiB,"
            + "binary-1KiBx16,binary-1MiB,text-1MiB,binary-64B@10000";

    static Options ofProperties() {
        return new Options(
                list("servers", SERVERS, ","),
                list("external", "", ";"),
                list("cases", CASES, ",").stream().map(Load::parse).toList(),
                Integer.parseInt(get("rounds", "3")),
                seconds("running-in", "60"),
                seconds("warm-up", "1"),
                seconds("seconds", "2"),
                get("server-cpus", "0"),
                get("generator-cpus", "1"),
                list("jvm-flags", "", ","),
                Boolean.parseBoolean(get("jmh", "false")));
    }

    private static Duration seconds(String name, String otherwise) {
        return Duration.ofMillis(Math.round(1000 * Double.parseDouble(get(name, otherwise))));
    }

    private static List<String> list(String name, String otherwise, String separator) {
        return Stream.of(get(name, otherwise).split(separator))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** Maven hands over what is not set as an empty text. */
    private static String get(String name, String otherwise) {
        String value = System.getProperty("bench." + name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }
}
