package dev.resound.websocket.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Pieces;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CoalescingWriter;
import dev.resound.websocket.protocol.DataFrame;
import dev.resound.websocket.protocol.FrameDecoder;
import dev.resound.websocket.protocol.FrameSink;
import dev.resound.websocket.protocol.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Compares the frame decoder with a simple one, on damaged conversations that arrive in random pieces. */
@Timeout(3600)
class DecoderFuzzTest {

    /** The number of cases without a connection for each case with one. */
    private static final int FACTOR = 25;

    private static final int[] PIECES = {1, 16, 128, 4096};
    private static final int[] LIMITS = {0, 10, 130, 5000};

    @Test
    void the_decoder_passes_on_the_same_frames_and_rejects_the_same_octet_as_the_reference() {
        for (int i = 0; i < Cases.count() * FACTOR; i++) {
            Cases.play(Cases.seed(i), random -> {
                new Game(random).play();
                return true;
            });
        }
    }

    /** One case. */
    private static final class Game implements FrameSink {
        private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        private final SplittableRandom random;
        private final int piece;
        private final Reading.Rules rules;
        private final boolean suspends;
        private final FrameDecoder decoder;
        private final List<ByteBuf> outputs = new ArrayList<>();
        private final CoalescingWriter run = new CoalescingWriter(outputs::add);
        private int violation;

        Game(SplittableRandom random) {
            this.random = random;
            piece = PIECES[random.nextInt(PIECES.length)];
            rules = new Reading.Rules(true, LIMITS[random.nextInt(LIMITS.length)]);
            suspends = random.nextInt(4) == 0;
            decoder = new FrameDecoder(this, piece, rules.most(), allocator);
        }

        void play() {
            byte[] bytes = new Mutant(random).frames(5, random.nextInt(20) == 0 ? 9000 : 200);
            var expected = new Reading(bytes, rules);
            int most = 1 << random.nextInt(14);
            for (int from = 0, to; from < bytes.length; from = to) {
                to = Math.min(bytes.length, from + 1 + random.nextInt(most));
                boolean over = violation != 0;
                decode(bytes, from, to);
                if (violation != 0 && !over) {
                    assertThat(expected.octets()).as("octets to the violation").isBetween(from + 1, to);
                }
            }
            assertThat(violation).as("close code").isEqualTo(expected.violation());
            expect(expected);
            decoder.release();
            assertThat(allocator.metric().usedDirectMemory()
                            + allocator.metric().usedHeapMemory())
                    .as("bytes that were not released")
                    .isZero();
        }

        private void decode(byte[] bytes, int from, int to) {
            int room = random.nextInt(8);
            ByteBuf in = random.nextBoolean() ? allocator.heapBuffer(to - from + room) : allocator.directBuffer();
            in.writeZero(room).skipBytes(room).writeBytes(bytes, from, to - from);
            try {
                decoder.decode(in);
                while (decoder.isSuspended()) {
                    run.flushSlice();
                    decoder.resume();
                    decoder.decode(in);
                }
                end(in);
            } catch (ProtocolViolation broken) {
                assertThat(violation).as("a decoder fails once").isZero();
                violation = broken.closeCause().code();
                assertThat(broken.rule()).isNotEmpty().isASCII().hasSizeLessThanOrEqualTo(123);
            } finally {
                run.flushSlice();
                in.release();
            }
        }

        private void expect(Reading expected) {
            WireFrame rest = expected.unfinished();
            if (rest == null) {
                new Pieces(piece).expectAll(frames(), expected.frames());
            } else {
                new Pieces(piece).expectAll(frames(), expected.frames(), rest);
            }
        }

        private void end(ByteBuf in) {
            if (!in.isReadable()) {
                run.flushOwned();
            }
        }

        // The output of the decoder, written as a server would write it.

        @Override
        public void onData(DataFrame frame) {
            run.append(frame);
            if (random.nextInt(4) == 0) {
                run.flushSlice();
            }
            sometimesSuspend();
        }

        @Override
        public void onPing(byte[] payload) {
            add(WireFrame.frame(WireFrame.PING, payload));
        }

        @Override
        public void onPong(byte[] payload) {
            add(WireFrame.frame(WireFrame.PONG, payload));
        }

        @Override
        public void onClose(int code, byte[] payload) {
            WireFrame close = WireFrame.frame(WireFrame.CLOSE, payload);
            assertThat(code).isEqualTo(close.closeCode());
            add(close);
        }

        private void add(WireFrame control) {
            run.flushSlice();
            outputs.add(Unpooled.wrappedBuffer(control.unmasked().bytes()));
            sometimesSuspend();
        }

        private void sometimesSuspend() {
            if (suspends && random.nextBoolean()) {
                decoder.suspend();
            }
        }

        /** Reads the output only at the end, so that anything that shares its buffers could have overwritten it. */
        private List<WireFrame> frames() {
            var all = new ByteArrayOutputStream();
            for (ByteBuf written : outputs) {
                all.writeBytes(ByteBufUtil.getBytes(written));
                written.release();
            }
            var reading = new Reading(all.toByteArray(), Reading.OF_SERVER);
            assertThat(reading.violation()).isZero();
            assertThat(reading.endsClean()).isTrue();
            return reading.frames();
        }
    }
}
