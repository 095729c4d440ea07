package dev.resound.websocket.fault;

import dev.resound.setting.Durations;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.CloseCode;
import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.ConnectionListener;
import dev.resound.websocket.protocol.DataFrame;
import dev.resound.websocket.protocol.Opcode;
import dev.resound.websocket.protocol.SubprotocolHandler;
import dev.resound.websocket.protocol.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Applies the faults of a plan to one connection. The connection core does not know about faults: this class decorates
 * its transport, its subprotocol and its listener, and asks it to end at the requested time. A connection without
 * faults has none of these decorators.
 */
public final class FaultyConnection {

    /** A connection that does not read notices nothing about its client, so it ends after this time at the latest. */
    private static final Duration LONGEST_STALL = Duration.ofMinutes(10);

    private static final int PERCENT = 100;

    private final FaultPlan plan;
    private final FaultyTransport transport;
    private final List<Future<?>> timers = new ArrayList<>();
    /** Whether the current message is dropped. */
    private boolean dropping;

    /** Creates the connection core. */
    public interface Core {
        Connection create(Transport transport, SubprotocolHandler handler, ConnectionListener listener);
    }

    private FaultyConnection(FaultPlan plan, Transport transport) {
        this.plan = plan;
        this.transport = new FaultyTransport(transport, plan);
    }

    /** Creates a connection with the faults of a plan. */
    public static Connection create(
            FaultPlan plan, Transport transport, SubprotocolHandler handler, ConnectionListener listener, Core core) {
        var faulty = new FaultyConnection(plan, transport);
        Connection connection =
                core.create(faulty.transport, faulty.new Handler(handler), faulty.new Listener(listener));
        faulty.transport.carry(connection);
        return connection;
    }

    private void start(Connection connection) {
        at(
                Fault.CLOSE,
                () -> connection.closeForFault(plan.number(Fault.CLOSE), "requested by the client of this connection"));
        at(Fault.MAX_AGE, () -> connection.closeForFault(CloseCode.GOING_AWAY, "maximum age reached"));
        at(Fault.ABORT, connection::resetForFault);
        at(Fault.HALF_CLOSE, connection::endOutputForFault);
        at(Fault.STALL, () -> {
            transport.stall();
            connection.stallForFault();
            after(
                    LONGEST_STALL.toNanos(),
                    () -> connection.closeForFault(
                            CloseCode.GOING_AWAY, "stalled for " + Durations.format(LONGEST_STALL)));
        });
    }

    private void at(Fault fault, Runnable task) {
        if (plan.has(fault)) {
            after(plan.nanos(fault), task);
        }
    }

    private void after(long nanos, Runnable task) {
        timers.add(transport.schedule(nanos, task));
    }

    /** Whether a fault explains that a connection ended for this cause. */
    private boolean explains(CloseCause cause) {
        return (cause == CloseCause.IDLE && transport.isStalled())
                || (cause == CloseCause.SLOW_CONSUMER && transport.hasHeldEchoesTooLong());
    }

    private final class Handler implements SubprotocolHandler {

        private final SubprotocolHandler real;

        Handler(SubprotocolHandler real) {
            this.real = real;
        }

        @Override
        public void opened(Connection connection) {
            real.opened(connection);
            start(connection);
        }

        /** Decides for each whole message. */
        @Override
        public boolean echoes(DataFrame frame) {
            if (frame.opcode() != Opcode.CONTINUATION) {
                dropping = ThreadLocalRandom.current().nextInt(PERCENT) < plan.number(Fault.DROP);
            }
            return !dropping && real.echoes(frame);
        }

        @Override
        public boolean answersPings() {
            return !plan.has(Fault.NO_PONG) && real.answersPings();
        }

        @Override
        public void onPong(byte[] payload) {
            real.onPong(payload);
        }

        @Override
        public void closing() {
            real.closing();
        }
    }

    private final class Listener implements ConnectionListener {

        private final ConnectionListener real;

        Listener(ConnectionListener real) {
            this.real = real;
        }

        @Override
        public void opened(Connection connection) {
            real.opened(connection);
        }

        @Override
        public void failed(Throwable fault) {
            real.failed(fault);
        }

        @Override
        public void closed(Connection connection, ConnectionEnd end) {
            CloseCause cause = explains(end.cause()) ? CloseCause.FAULT : end.cause();
            timers.forEach(timer -> timer.cancel(false));
            transport.end();
            real.closed(
                    connection,
                    new ConnectionEnd(cause, end.code(), end.duration(), end.messagesReceived(), end.messagesSent()));
        }
    }
}
