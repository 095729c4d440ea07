package dev.resound.fleet;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** The commands of Redis that the fleet view needs. Each result arrives on the caller's context; a request that takes too long fails. */
interface RedisStreams {

    /** Opens a connection. */
    Future<Connection> connect();

    /** A connection to Redis. */
    interface Connection {

        /** Appends an entry to a stream, and lets Redis remove old ones. */
        Future<Id> append(String stream, Trim trim, Buffer entry);

        /**
         * Reads entries.
         *
         * @param after the last entry that is known already
         * @param most how many to read
         */
        Future<List<Item>> read(String stream, Id after, int most);

        /** The newest entry of a stream; empty if there is none. */
        Future<Optional<Id>> newest(String stream);

        /** The clock of Redis, in milliseconds since 1970. */
        Future<Long> time();

        /** Closes the connection. Requests that wait for a response fail. */
        void close();
    }

    /**
     * The identity of an entry. Identities grow within a stream, even if the clock of Redis is set back.
     *
     * @param millis when Redis received the entry, in milliseconds since 1970
     * @param sequence among the entries of the same millisecond
     */
    record Id(long millis, long sequence) implements Comparable<Id> {

        static final Id NONE = new Id(0, 0);

        /** The identity before all entries of this time. */
        static Id at(long millis) {
            return new Id(Math.max(0, millis), 0);
        }

        static Id parse(String text) {
            int dash = text.indexOf('-');
            return new Id(Long.parseLong(text.substring(0, dash)), Long.parseUnsignedLong(text.substring(dash + 1)));
        }

        @Override
        public int compareTo(Id other) {
            int byTime = Long.compare(millis, other.millis);
            return byTime == 0 ? Long.compareUnsigned(sequence, other.sequence) : byTime;
        }

        @Override
        public String toString() {
            return millis + "-" + Long.toUnsignedString(sequence);
        }
    }

    /**
     * An entry of a stream.
     *
     * @param entry its bytes; empty if it has none of this version, or too many
     */
    record Item(Id id, Buffer entry) {}

    /** Which entries Redis may remove when one is appended. It keeps some more, because it removes whole blocks. */
    record Trim(String rule, String threshold) {

        /** Keeps the newest entries. */
        static Trim toNewest(int entries) {
            return new Trim("MAXLEN", Integer.toString(entries));
        }

        /** Keeps the entries since a time. */
        static Trim toTime(long millis) {
            return new Trim("MINID", Long.toString(Math.max(0, millis)));
        }
    }
}
