package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A network of its own on the other end of a virtual cable, whose faults are real ones. It takes root, and of Debian the
 * packages {@code iproute2} and {@code iptables}.
 */
public final class NetworkNamespace implements AutoCloseable {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String name;
    private final String ourEnd;
    private final String itsEnd;
    private final String ourAddress;

    /** All names and addresses depend on the process, so that two builds on one machine do not meet. */
    private NetworkNamespace() {
        int number = NUMBERS.incrementAndGet() % 64;
        long process = ProcessHandle.current().pid();
        name = "rs" + process + "n" + number;
        ourEnd = name + "a";
        itsEnd = name + "b";
        // Of the block that RFC 2544 reserves for tests between devices.
        ourAddress = "198.18." + process % 256 + "." + (4 * number + 1);
    }

    /** Skips the test where there can be none; on a build server it fails. */
    public static NetworkNamespace create() {
        var namespace = new NetworkNamespace();
        String obstacle = namespace.connect();
        if (!obstacle.isEmpty()) {
            namespace.close();
        }
        if ("true".equals(System.getenv("CI"))) {
            assertThat(obstacle).as("a network namespace can be made").isEmpty();
        }
        assumeTrue(
                obstacle.isEmpty(),
                "needs root and Debian's packages iproute2 and iptables for a network namespace: " + obstacle);
        return namespace;
    }

    /** What is in the way; empty if nothing is. */
    private String connect() {
        try {
            run("ip", "netns", "add", name);
            run("ip", "link", "add", ourEnd, "type", "veth", "peer", "name", itsEnd, "netns", name);
            run("ip", "address", "add", ourAddress + "/30", "dev", ourEnd);
            run("ip", "link", "set", ourEnd, "up");
            inside("ip", "address", "add", insideAddress() + "/30", "dev", itsEnd);
            inside("ip", "link", "set", itsEnd, "up");
            inside("iptables", "--list-rules");
            return "";
        } catch (IllegalStateException | UncheckedIOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The address at which this machine is reached from inside. */
    public String address() {
        return ourAddress;
    }

    /** No packet of TCP leaves it any more. */
    public void blackhole() {
        inside("iptables", "-A", "OUTPUT", "-p", "tcp", "-j", "DROP");
    }

    /** Ends {@link #blackhole}. */
    public void heal() {
        inside("iptables", "-D", "OUTPUT", "-p", "tcp", "-j", "DROP");
    }

    /** The address of what runs inside, as this machine reaches it. */
    public String insideAddress() {
        int last = ourAddress.lastIndexOf('.') + 1;
        return ourAddress.substring(0, last) + (Integer.parseInt(ourAddress.substring(last)) + 1);
    }

    /** A command that runs another one inside. */
    public List<String> command(List<String> command) {
        return Stream.concat(Stream.of("ip", "netns", "exec", name), command.stream())
                .toList();
    }

    /** Pulls the plug. */
    public void linkDown() {
        inside("ip", "link", "set", itsEnd, "down");
    }

    /** Loses every third packet in both directions. */
    public void loseEveryThird() {
        for (String chain : List.of("OUTPUT", "INPUT")) {
            inside(("iptables -A " + chain + " -p tcp -m statistic --mode nth --every 3 --packet 0 -j DROP")
                    .split(" "));
        }
    }

    /** Starts a program of Java in it, with the class path of the test. */
    public Process java(Class<?> main, ProcessBuilder.Redirect output, String... arguments) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(ProcessHandle.current().info().command().orElse("java"), "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void inside(String... command) {
        run(command(List.of(command)).toArray(String[]::new));
    }

    /** Runs a command to its end, and returns what it says. */
    public static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes it away, and with it both ends of the cable. */
    @Override
    public void close() {
        for (String command : List.of("ip link delete " + ourEnd, "ip netns delete " + name)) {
            try {
                run(command.split(" "));
            } catch (IllegalStateException | UncheckedIOException gone) {
                // It never came to be.
            }
        }
    }
}
