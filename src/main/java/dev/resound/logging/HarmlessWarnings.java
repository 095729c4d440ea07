package dev.resound.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Drops library warnings that are harmless and that clients can cause. Netty's io_uring transport warns if the kernel
 * has more events than fit into the completion queue, which takes a burst of several thousand events. Nothing is lost:
 * the kernel keeps the other events and delivers them next (IORING_FEAT_NODROP, in every kernel that Netty accepts). A
 * larger queue would only raise the limit. Other warnings of the same logger report real faults.
 */
final class HarmlessWarnings extends Filter<ILoggingEvent> {

    private static final String LOGGER = "io.netty.channel.uring.IoUringIoHandler";
    private static final String OVERFLOW = "CompletionQueue overflow detected";

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getLoggerName().equals(LOGGER)
                        && String.valueOf(event.getMessage()).startsWith(OVERFLOW)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
