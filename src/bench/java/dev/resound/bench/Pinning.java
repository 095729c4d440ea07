package dev.resound.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds processes to processors, so that a server and the generator never get into each other's way.
 *
 * @param works whether this system has {@code taskset} and the processors that were asked for
 */
record Pinning(boolean works, String serverCpus, String generatorCpus) {

    static Pinning of(Options options) throws InterruptedException {
        boolean works = succeeds("taskset", "-c", options.serverCpus(), "true")
                && succeeds("taskset", "-c", options.generatorCpus(), "true");
        return new Pinning(works, options.serverCpus(), options.generatorCpus());
    }

    List<String> server(List<String> command) {
        return pinned(serverCpus, command);
    }

    List<String> generator(List<String> command) {
        return pinned(generatorCpus, command);
    }

    private List<String> pinned(String cpus, List<String> command) {
        if (!works) {
            return command;
        }
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", cpus));
        pinned.addAll(command);
        return pinned;
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return works
                ? "servers on processor %s, the generator on %s".formatted(serverCpus, generatorCpus)
                : "NOT PINNED: no taskset here, or not these processors; servers and generator share all of them";
    }
}
