package dev.resound.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;

/**
 * The log before the settings are known: the default one. Logback finds it through {@code META-INF/services}, so no XML has to be
 * looked for and read at the start.
 */
public final class FirstLog extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        context.getStatusManager().add(new Complaints());
        LogSetup.apply(context, LoggingSettings.DEFAULT);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * What Logback has to complain about, at once. It would look for it at the end of its own start, with a printer that reads all time
     * zones first.
     */
    private static final class Complaints implements StatusListener {

        @Override
        public void addStatusEvent(Status status) {
            if (status.getEffectiveLevel() >= Status.WARN) {
                System.err.println("logging: " + status);
            }
        }

        @Override
        public boolean isResetResistant() {
            return true;
        }
    }
}
