package dev.resound.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

    @Test
    void before_the_first_sample_it_is_empty() {
        var history = new History(Duration.ofSeconds(1));
        assertThat(new JsonObject(history.encode()))
                .isEqualTo(new JsonObject("{\"step\":5,\"columns\":[],\"rows\":[]}"));
    }

    @Test
    void columns_are_the_paths_of_what_changes_and_rows_hold_their_values() {
        var history = new History(Duration.ofSeconds(5));
        history.add(sample(7).put("inner", new JsonObject().put("a", 1).putNull("b")));
        JsonObject json = new JsonObject(history.encode());
        assertThat(json.getJsonArray("columns")).containsExactly("sequence", "inner.a", "inner.b");
        assertThat(json.getJsonArray("rows").getJsonArray(0))
                .isEqualTo(new JsonArray().add(7).add(1).addNull());
    }

    @Test
    void of_samples_that_come_each_second_every_fifth_is_kept_for_15_minutes() {
        assertThat(sequences(Duration.ofSeconds(1), 2000, 5))
                .hasSize(180)
                .startsWith(1101)
                .endsWith(1996);
    }

    @Test
    void of_samples_that_come_rarely_each_one_is_kept() {
        assertThat(sequences(Duration.ofMinutes(1), 20, 60)).hasSize(15).endsWith(20);
        assertThat(sequences(Duration.ofHours(1), 3, 3600)).containsExactly(3);
    }

    @Test
    void it_is_encoded_again_only_for_a_new_row() {
        var history = new History(Duration.ofSeconds(1));
        history.add(sample(1));
        String encoded = history.encode();
        assertThat(history.encode()).isSameAs(encoded);
        history.add(sample(2));
        assertThat(history.encode()).isNotEqualTo(encoded);
    }

    private static List<Integer> sequences(Duration interval, int samples, int step) {
        var history = new History(interval);
        for (int i = 1; i <= samples; i++) {
            if (history.isDue()) {
                history.add(sample(i));
            }
        }
        JsonObject json = new JsonObject(history.encode());
        assertThat(json.getInteger("step")).isEqualTo(step);
        return json.getJsonArray("rows").stream()
                .map(row -> ((JsonArray) row).getInteger(0))
                .toList();
    }

    private static JsonObject sample(int sequence) {
        return new JsonObject().put("type", "sample").put("sequence", sequence).put("instance", "pod");
    }
}
