package dev.resound.websocket.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class CompressorPoolTest {

    private static final byte[] SECRET = "the secret of another client".getBytes(US_ASCII);

    private final CompressorPool pool = new CompressorPool();
    private final byte[] out = new byte[100];

    private int deflate(Deflater deflater) {
        deflater.setInput(SECRET);
        return deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    }

    @Test
    void a_deflater_that_comes_back_is_used_again_without_its_history() {
        Deflater first = pool.deflater();
        int length = deflate(first);
        pool.free(first);
        assertThat(pool.deflater()).isSameAs(first);
        assertThat(deflate(first)).isEqualTo(length);
        assertThat(deflate(first)).as("with history").isLessThan(length);
    }

    @Test
    void an_inflater_that_comes_back_does_not_know_what_it_inflated() throws DataFormatException {
        Deflater client = pool.deflater();
        byte[] inflated = new byte[SECRET.length];
        Inflater first = pool.inflater();
        first.setInput(out, 0, deflate(client));
        assertThat(first.inflate(inflated)).isEqualTo(SECRET.length);
        pool.free(first);

        Inflater second = pool.inflater();
        assertThat(second).isSameAs(first);
        second.setInput(out, 0, deflate(client));
        assertThatExceptionOfType(DataFormatException.class).isThrownBy(() -> second.inflate(inflated));
        pool.free(second);

        client.reset();
        Inflater third = pool.inflater();
        assertThat(third).as("usable after an error").isSameAs(first);
        third.setInput(out, 0, deflate(client));
        assertThat(third.inflate(inflated)).isEqualTo(SECRET.length);
    }

    @Test
    void who_needs_one_meanwhile_gets_another() {
        assertThat(pool.deflater()).isNotSameAs(pool.deflater());
        assertThat(pool.inflater()).isNotSameAs(pool.inflater());
    }

    @Test
    void four_of_each_are_kept() {
        List<Deflater> deflaters = Stream.generate(pool::deflater).limit(5).toList();
        List<Inflater> inflaters = Stream.generate(pool::inflater).limit(5).toList();
        deflaters.forEach(pool::free);
        inflaters.forEach(pool::free);
        assertThatThrownBy(() -> deflate(deflaters.getLast())).as("ended").isInstanceOf(RuntimeException.class);
        assertThatThrownBy(inflaters.getLast()::reset).as("ended").isInstanceOf(RuntimeException.class);
        assertThat(Stream.generate(pool::deflater).limit(4).toList())
                .containsExactlyInAnyOrderElementsOf(deflaters.subList(0, 4));
        assertThat(Stream.generate(pool::inflater).limit(4).toList())
                .containsExactlyInAnyOrderElementsOf(inflaters.subList(0, 4));
    }
}
