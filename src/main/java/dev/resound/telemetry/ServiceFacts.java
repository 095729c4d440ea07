package dev.resound.telemetry;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Facts of the service that Prometheus and the feed show beside the counters. Thread-safe.
 *
 * @param draining whether the service is terminating
 * @param overloaded whether new connections are refused because memory is short
 * @param connectionsLimit the current limit of open connections
 * @param transport the name of the event loops' transport
 * @param version of the build that runs
 * @param certificateExpiry when the certificate in use expires; empty without TLS
 * @param logLinesDropped the number of log lines dropped so far
 * @param fleet the state of the fleet view; empty if it is off
 */
public record ServiceFacts(
        BooleanSupplier draining,
        BooleanSupplier overloaded,
        IntSupplier connectionsLimit,
        String transport,
        String version,
        Optional<Supplier<Instant>> certificateExpiry,
        LongSupplier logLinesDropped,
        Optional<FleetStatus> fleet) {}
