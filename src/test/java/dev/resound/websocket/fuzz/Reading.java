package dev.resound.websocket.fuzz;

import dev.resound.test.WireFrame;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reference decoder for RFC 6455: it reads a whole array octet by octet, as simply as possible. It shares no code
 * with the decoder under test.
 */
final class Reading {

    /**
     * The sender of the bytes, and the limits.
     *
     * @param masked whether frames must be masked
     * @param most the largest payload of a data frame; 0 for no limit
     */
    record Rules(boolean masked, long most) {}

    /** The rules for bytes that a server sent. */
    static final Rules OF_SERVER = new Rules(false, 0);

    private static final int PROTOCOL_ERROR = 1002;
    private static final int INVALID_PAYLOAD = 1007;
    private static final int TOO_BIG = 1009;

    private final byte[] bytes;
    private final Rules rules;
    private final List<WireFrame> frames = new ArrayList<>();
    private final CodePoints codePoints = new CodePoints();
    private @Nullable WireFrame unfinished;

    private int at;
    private int violation;
    private boolean closed;
    private boolean betweenFrames;
    private boolean insideMessage;
    private boolean text;

    /** Ends the reading. */
    private static final class End extends Exception {
        private static final long serialVersionUID = 1;
        final int code;

        End(int code) {
            super(null, null, false, false);
            this.code = code;
        }
    }

    Reading(byte[] bytes, Rules rules) {
        this.bytes = bytes;
        this.rules = rules;
        try {
            do {
                betweenFrames = true;
                frame();
            } while (!closed);
        } catch (End end) {
            violation = end.code;
        }
    }

    /** The complete frames before the end or the first violation. */
    List<WireFrame> frames() {
        return frames;
    }

    /** The part that was read of the data frame in which the bytes end or break a rule. */
    @Nullable
    WireFrame unfinished() {
        return unfinished;
    }

    /** The code with which the connection must fail; 0 if there is no violation. */
    int violation() {
        return violation;
    }

    /** The number of octets read. The last one breaks a rule, ends the Close frame or is the last of the bytes. */
    int octets() {
        return at;
    }

    /** Whether a Close frame arrived. */
    boolean closed() {
        return closed;
    }

    /** Whether the bytes end with a complete frame, and nothing follows a Close frame. */
    boolean endsClean() {
        return at == bytes.length && (closed || betweenFrames);
    }

    private int octet() throws End {
        if (at == bytes.length) {
            throw new End(0);
        }
        return bytes[at++] & 0xFF;
    }

    private static void require(boolean rule, int otherwise) throws End {
        if (!rule) {
            throw new End(otherwise);
        }
    }

    private void frame() throws End {
        int first = octet();
        betweenFrames = false;
        int opcode = first & 0xF;
        boolean fin = first >= 0x80;
        boolean control = opcode >= 8;
        require((first & 0x70) == 0, PROTOCOL_ERROR);
        require(opcode <= 2 || (opcode >= 8 && opcode <= 10), PROTOCOL_ERROR);
        require(control ? fin : (opcode == 0) == insideMessage, PROTOCOL_ERROR);
        long length = length(control);
        byte[] key = new byte[4];
        for (int i = 0; rules.masked && i < key.length; i++) {
            key[i] = (byte) octet();
        }
        if (control) {
            control(opcode, (int) length, key);
        } else {
            insideMessage = !fin;
            text = opcode == 0 ? text : opcode == 1;
            data(opcode, fin, length, key);
        }
    }

    private long length(boolean control) throws End {
        int second = octet();
        require((second >= 0x80) == rules.masked, PROTOCOL_ERROR);
        long length = second & 0x7F;
        require(!control || length <= 125, PROTOCOL_ERROR);
        int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (extended > 0) {
            length = 0;
            for (int i = 0; i < extended; i++) {
                length = length << 8 | octet();
                require(extended == 2 || i > 0 || length < 0x80, PROTOCOL_ERROR);
            }
            require(length > (extended == 2 ? 125 : 0xFFFF), PROTOCOL_ERROR);
        }
        require(control || rules.most == 0 || length <= rules.most, TOO_BIG);
        return length;
    }

    private void data(int opcode, boolean fin, long length, byte[] key) throws End {
        var payload = new ByteArrayOutputStream();
        try {
            for (long i = 0; i < length; i++) {
                int octet = octet() ^ (key[(int) (i % 4)] & 0xFF);
                require(!text || codePoints.accept(octet), INVALID_PAYLOAD);
                payload.write(octet);
            }
            require(!text || !fin || codePoints.isComplete(), INVALID_PAYLOAD);
            frames.add(WireFrame.frame(opcode, payload.toByteArray()).fin(fin));
        } catch (End end) {
            unfinished = WireFrame.frame(opcode, payload.toByteArray()).unfinished();
            throw end;
        }
    }

    private void control(int opcode, int length, byte[] key) throws End {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (octet() ^ key[i % 4]);
        }
        WireFrame frame = WireFrame.frame(opcode, payload);
        if (opcode == WireFrame.CLOSE && length > 0) {
            require(length > 1, PROTOCOL_ERROR);
            int code = frame.closeCode();
            require(code >= 1000 && code < 5000 && (code < 1015 || code >= 3000), PROTOCOL_ERROR);
            require(code < 1004 || code > 1006, PROTOCOL_ERROR);
            var reason = new CodePoints();
            for (int i = 2; i < length; i++) {
                require(reason.accept(payload[i] & 0xFF), INVALID_PAYLOAD);
            }
            require(reason.isComplete(), INVALID_PAYLOAD);
        }
        frames.add(frame);
        closed = opcode == WireFrame.CLOSE;
    }

    /** UTF-8 by arithmetic: computes which code points the bytes so far can still become. */
    private static final class CodePoints {
        private int value;
        private int lacking;
        private int least;

        boolean accept(int octet) {
            if (lacking == 0) {
                int ones = Integer.numberOfLeadingZeros(~(octet << 24));
                if (ones == 1 || ones > 4) {
                    return false;
                }
                lacking = Math.max(0, ones - 1);
                value = octet & (0x7F >> ones);
                least = new int[] {0, 0x80, 0x800, 0x10000}[lacking];
            } else if ((octet & 0xC0) == 0x80) {
                lacking--;
                value = value << 6 | (octet & 0x3F);
            } else {
                return false;
            }
            int lowest = value << (6 * lacking);
            int highest = lowest | ((1 << (6 * lacking)) - 1);
            boolean surrogates = lowest >= 0xD800 && highest <= 0xDFFF;
            return highest >= least && lowest <= 0x10FFFF && !surrogates;
        }

        boolean isComplete() {
            return lacking == 0;
        }
    }
}
