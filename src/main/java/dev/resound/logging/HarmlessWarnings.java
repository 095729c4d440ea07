package dev.resound.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Drops warnings of libraries about what does no harm and what clients can bring about. Netty's io_uring warns whenever the kernel has more to tell
 * at once than the completion queue holds, which takes a burst of some thousand events. Nothing is lost: the kernel keeps the rest and hands it out
 * next (IORING_FEAT_NODROP, in every kernel that Netty accepts). A larger queue would only move the limit. Other warnings of the same logger tell of
 * real faults.
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
