package dev.resound.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sets up the log with the defaults before the settings are known. Logback finds it through {@code META-INF/services}, so it does not
 * search for an XML file.
 */
public final class FirstLog extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        context.getStatusManager().add(new Complaints());
        LogSetup.apply(context, LoggingSettings.DEFAULT);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * Prints Logback's own warnings to standard error at once, at most one per second. Logback's printer would load all time zones first.
     */
    private static final class Complaints implements StatusListener {

        private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

        private final AtomicLong next = new AtomicLong(System.nanoTime());

        @Override
        public void addStatusEvent(Status status) {
            long due = next.get();
            long now = System.nanoTime();
            if (status.getEffectiveLevel() >= Status.WARN
                    && now - due >= 0
                    && next.compareAndSet(due, now + INTERVAL_NANOS)) {
                System.err.println("logging: " + status);
            }
        }

        @Override
        public boolean isResetResistant() {
            return true;
        }
    }
}
