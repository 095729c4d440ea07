package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * How frames come back: one that fits the receive buffer as it is, a larger one in pieces of at least that size, but for the last.
 *
 * @param least the size of the receive buffer
 */
public record Pieces(int least) {

    /** Expects these frames, and nothing after them. */
    public void expectAll(List<WireFrame> came, List<WireFrame> sent) {
        Iterator<WireFrame> pieces = came.iterator();
        sent.forEach(frame -> expect(pieces, frame));
        assertThat(pieces).as("pieces after the last frame").isExhausted();
    }

    /**
     * Expects these frames, and then what there may be of one that did not come to its end.
     *
     * @param rest the frame as far as it came
     */
    public void expectAll(List<WireFrame> came, List<WireFrame> sent, WireFrame rest) {
        Iterator<WireFrame> pieces = came.iterator();
        sent.forEach(frame -> expect(pieces, frame));
        var payload = new ByteArrayOutputStream();
        while (pieces.hasNext()) {
            WireFrame piece = pieces.next();
            expectPart(piece, rest, payload, false);
        }
        assertThat(payload.toByteArray()).isEqualTo(Arrays.copyOf(rest.payload(), payload.size()));
    }

    /** Reads the pieces of one frame. */
    public void expect(WireClient client, WireFrame sent) {
        expect(
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return true;
                    }

                    @Override
                    public WireFrame next() {
                        return client.read();
                    }
                },
                sent);
    }

    private void expect(Iterator<WireFrame> came, WireFrame sent) {
        assertThat(came.hasNext()).as("something for %s", sent).isTrue();
        if (sent.payload().length <= least) {
            assertThat(came.next()).isEqualTo(sent);
            return;
        }
        var payload = new ByteArrayOutputStream();
        while (payload.size() < sent.payload().length) {
            WireFrame piece = came.next();
            boolean last = payload.size() + piece.payload().length >= sent.payload().length;
            expectPart(piece, sent, payload, last);
        }
        assertThat(payload.toByteArray()).isEqualTo(sent.payload());
    }

    private void expectPart(WireFrame piece, WireFrame whole, ByteArrayOutputStream before, boolean last) {
        assertThat(piece.opcode()).isEqualTo(before.size() == 0 ? whole.opcode() : WireFrame.CONTINUATION);
        assertThat(piece.fin()).as("FIN of %s", piece).isEqualTo(last && whole.fin());
        if (!last) {
            assertThat(piece.payload()).hasSizeGreaterThanOrEqualTo(least);
        }
        before.writeBytes(piece.payload());
    }
}
