package dev.resound.websocket.protocol;

import java.time.Duration;

/**
 * How a connection ended.
 *
 * @param cause why it ended
 * @param code the status code of the Close frame that ended it; 1005 if that frame was empty, 1006 if there was no
 *     Close frame (RFC 6455 section 7.1.5)
 * @param duration from the accepted handshake to the end of the TCP connection
 * @param messagesReceived messages whose last frame was received
 * @param messagesSent messages whose last frame was written
 */
public record ConnectionEnd(CloseCause cause, int code, Duration duration, long messagesReceived, long messagesSent) {}
