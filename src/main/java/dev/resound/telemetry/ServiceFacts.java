package dev.resound.telemetry;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What is shown of the service beside what is counted. All of it may be asked from any thread.
 *
 * @param draining whether the service was told to end
 * @param overloaded whether new connections are refused because memory is short
 * @param connectionsLimit how many connections may be open, as it holds now
 * @param transport the name of the event loops' transport
 * @param version of the build that runs
 * @param certificateExpiry when the certificate in use ends; empty where the public port speaks plain text
 * @param logLinesDropped how many lines of the log were dropped so far
 */
public record ServiceFacts(
        BooleanSupplier draining,
        BooleanSupplier overloaded,
        IntSupplier connectionsLimit,
        String transport,
        String version,
        Optional<Supplier<Instant>> certificateExpiry,
        LongSupplier logLinesDropped) {}
