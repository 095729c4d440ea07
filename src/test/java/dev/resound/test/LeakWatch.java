package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Fails where Netty reported a buffer that nobody released, or an error or an exception was logged, while it was open. */
public final class LeakWatch extends AppenderBase<ILoggingEvent> {

    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    private LeakWatch() {}

    /** Runs this and fails if it left something behind. */
    public static void over(Runnable action) {
        var watch = new LeakWatch();
        watch.setContext(watch.root.getLoggerContext());
        watch.start();
        watch.root.addAppender(watch);
        try {
            action.run();
            watch.check();
        } finally {
            watch.root.detachAppender(watch);
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR) || event.getThrowableProxy() != null) {
            errors.add(event.getFormattedMessage() + described(event.getThrowableProxy()));
        }
    }

    private static String described(@Nullable IThrowableProxy thrown) {
        return thrown == null ? "" : ": " + ThrowableProxyUtil.asString(thrown);
    }

    private void check() {
        // The detector reports when a buffer is allocated after the leaked one was collected.
        for (int i = 0; i < 5 && ResourceLeakDetector.isEnabled(); i++) {
            System.gc();
            ByteBufAllocator.DEFAULT.buffer(256).release();
        }
        assertThat(errors).isEmpty();
    }
}
