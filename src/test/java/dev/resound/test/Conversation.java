package dev.resound.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/** What a client may say by the letter of RFC 6455: messages of all kinds, fragmented anyhow, with control frames in between. */
public final class Conversation {

    private Conversation() {}

    /**
     * Makes one up.
     *
     * @param size gives the size of each message in bytes, about
     */
    public static List<WireFrame> random(RandomGenerator random, int mostMessages, IntSupplier size) {
        List<WireFrame> frames = new ArrayList<>();
        int messages = 1 + random.nextInt(mostMessages);
        for (int m = 0; m < messages; m++) {
            boolean text = random.nextBoolean();
            byte[] payload = text ? text(random, size.getAsInt()) : bytes(random, size.getAsInt());
            addMessage(frames, text ? WireFrame.TEXT : WireFrame.BINARY, payload, random);
        }
        return frames;
    }

    private static void addMessage(List<WireFrame> frames, int type, byte[] payload, RandomGenerator random) {
        int fragments = random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 1;
        int from = 0;
        for (int f = 0; f < fragments; f++) {
            boolean last = f == fragments - 1;
            int to = last ? payload.length : from + random.nextInt(payload.length - from + 1);
            byte[] part = Arrays.copyOfRange(payload, from, to);
            frames.add(WireFrame.frame(f > 0 ? WireFrame.CONTINUATION : type, part)
                    .fin(last)
                    .maskedWith(random.nextInt()));
            from = to;
            while (random.nextInt(4) == 0) {
                int control = random.nextInt(4) == 0 ? WireFrame.PONG : WireFrame.PING;
                frames.add(WireFrame.frame(control, bytes(random, random.nextInt(126)))
                        .maskedWith(random.nextInt()));
            }
        }
    }

    /** Any bytes. */
    public static byte[] bytes(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** UTF-8 of about this length, with code points of one to four bytes. */
    public static byte[] text(RandomGenerator random, int length) {
        int[] codePoints = random.ints(length / 2, 0, 4)
                .map(range -> switch (range) {
                    case 0 -> random.nextInt(0x80);
                    case 1 -> 0x80 + random.nextInt(0x780);
                    case 2 -> 0xE000 + random.nextInt(0x2000);
                    default -> 0x10000 + random.nextInt(0x100000);
                })
                .toArray();
        return new String(codePoints, 0, codePoints.length).getBytes(StandardCharsets.UTF_8);
    }

    /** The frames one after the other, as they go over the wire. */
    public static byte[] wire(List<WireFrame> frames) {
        var out = new ByteArrayOutputStream();
        frames.forEach(frame -> out.writeBytes(frame.bytes()));
        return out.toByteArray();
    }

    /** Sends these bytes in writes of any sizes. */
    public static void send(WireClient client, byte[] all, RandomGenerator random) {
        int most = 1 << random.nextInt(4, 18);
        for (int from = 0, to; from < all.length; from = to) {
            to = Math.min(all.length, from + 1 + random.nextInt(most));
            client.send(Arrays.copyOfRange(all, from, to));
        }
    }
}
