package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeAttemptsTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final HandshakeAttempts attempts = new HandshakeAttempts();

    private static String identifier(int number) {
        return "identifier-" + (100_000 + number);
    }

    private void add(int number, long time) {
        attempts.add(identifier(number), new JsonObject().put("number", number), time);
    }

    @Test
    void an_attempt_is_found_by_its_identifier_with_its_age() {
        add(1, -SECOND);
        assertThat(attempts.find(identifier(1), SECOND / 2))
                .contains(new JsonObject().put("secondsAgo", 1.5).put("number", 1));
        assertThat(attempts.find(identifier(2), 0)).isEmpty();
    }

    @Test
    void the_newest_of_several_attempts_with_one_identifier_counts() {
        add(1, 0);
        attempts.add(identifier(1), new JsonObject().put("number", 2), SECOND);
        assertThat(attempts.find(identifier(1), SECOND).orElseThrow().getInteger("number"))
                .isEqualTo(2);
    }

    @Test
    void an_attempt_is_forgotten_after_a_minute() {
        add(1, 0);
        assertThat(attempts.find(identifier(1), 60 * SECOND)).isPresent();
        assertThat(attempts.find(identifier(1), 60 * SECOND + 1)).isEmpty();
    }

    @Test
    void only_the_newest_64_attempts_are_kept() {
        for (int i = 0; i <= 64; i++) {
            add(i, i);
        }
        assertThat(attempts.find(identifier(0), 65)).isEmpty();
        assertThat(attempts.find(identifier(1), 65)).isPresent();
        assertThat(attempts.find(identifier(64), 65)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "fifteen_letters", "sixteen letters!", "größtmöglich_und_mehr"})
    void what_can_be_guessed_or_is_no_word_is_no_identifier(String text) {
        assertThat(HandshakeAttempts.isIdentifier(text)).isFalse();
    }

    @Test
    void an_identifier_has_16_to_64_letters_digits_and_marks() {
        assertThat(HandshakeAttempts.isIdentifier("Sixteen_letters0")).isTrue();
        assertThat(HandshakeAttempts.isIdentifier("a".repeat(64))).isTrue();
        assertThat(HandshakeAttempts.isIdentifier("a".repeat(65))).isFalse();
    }
}
