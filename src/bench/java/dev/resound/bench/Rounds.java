package dev.resound.bench;

import dev.resound.bench.load.Job;
import dev.resound.bench.load.Load;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Plays the rounds. In each one every server starts afresh, since two starts of a JVM do not compile the same code. Case by case
 * all servers have their turn, one right after the other and each time in another order, so that what this machine
 * does besides hits all of them alike.
 */
final class Rounds {

    private final Options options;
    private final List<Contestant> contestants;
    private final Pinning pinning;
    private final Path directory;
    private final RunIn runIn;
    private final List<Row> rows = new ArrayList<>();

    Rounds(Options options, List<Contestant> contestants, Pinning pinning, Path directory) {
        this.options = options;
        this.contestants = contestants;
        this.pinning = pinning;
        this.directory = directory;
        this.runIn = new RunIn(options.cases(), options.runningIn());
    }

    List<Row> play() throws IOException, InterruptedException {
        try (var generator = GeneratorProcess.start(pinning)) {
            for (int round = 1; round <= options.rounds(); round++) {
                play(round, generator);
            }
        }
        return rows;
    }

    private void play(int round, GeneratorProcess generator) throws IOException, InterruptedException {
        List<ServerProcess> servers = new ArrayList<>();
        try {
            for (Contestant contestant : contestants) {
                System.out.printf("round %d of %d: starting %s%n", round, options.rounds(), contestant.name());
                var server = ServerProcess.start(contestant, pinning, directory, round);
                servers.add(server);
                runIn.drive(server, generator);
                server.freeze();
            }
            Collections.rotate(servers, round);
            for (Load load : options.cases()) {
                System.out.printf("round %d of %d: %s%n", round, options.rounds(), load);
                Collections.rotate(servers, 1);
                for (ServerProcess server : servers) {
                    rows.add(measure(round, server, load, generator));
                }
            }
        } finally {
            servers.forEach(ServerProcess::close);
        }
    }

    private Row measure(int round, ServerProcess server, Load load, GeneratorProcess generator)
            throws IOException, InterruptedException {
        String name = server.name();
        server.thaw();
        var figures = generator.run(
                new Job(
                        server.port(),
                        server.pid(),
                        server.wire(),
                        load,
                        options.warmUp().toNanos(),
                        options.duration().toNanos()),
                name);
        server.freeze();
        return new Row(round, load, name, figures);
    }
}
