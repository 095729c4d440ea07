package dev.resound.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.resound.setting.InvalidSettings.Violation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RulesTest {

    private static final ByteSize KIB = ByteSize.ofKiB(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void all_broken_rules_are_reported_in_their_order_and_as_people_write_values() {
        var rules = new Rules()
                .require(false, "path", "x", "must start with /")
                .between("port", -1, 0, 65535)
                .between("size", KIB, ByteSize.ofKiB(2), ByteSize.ofMiB(1))
                .between("time", SECOND, Duration.ofMinutes(1), Duration.ofHours(1));

        assertThat(catchThrowableOfType(InvalidSettings.class, rules::check).violations())
                .containsExactly(
                        new Violation("path", "must start with /", "x"),
                        new Violation("port", "must be between 0 and 65535", "-1"),
                        new Violation("size", "must be between 2KiB and 1MiB", "1KiB"),
                        new Violation("time", "must be between 1m and 1h", "1s"));
    }

    @Test
    void the_ends_of_a_range_belong_to_it() {
        var rules = new Rules()
                .require(true, "path", "x", "never read")
                .between("port", 0, 0, 1)
                .between("port", 1, 0, 1)
                .between("size", KIB, KIB, KIB)
                .between("time", SECOND, SECOND, SECOND);

        assertThatCode(rules::check).doesNotThrowAnyException();
    }
}
